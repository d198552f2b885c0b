"""The links of an area as rows: what the rules see now takes the place of what they saw before."""

from collections import Counter
from collections.abc import Iterable

from foundation.people.identities import LinkProposal
from foundation.people.known import IN_BATCH, LinkRow
from foundation.people.models import IdentityLink
from foundation.people.resolution import Settlement

State = IdentityLink.State
Pair = tuple[int, int]


def write_links(before: Iterable[LinkRow], settlement: Settlement) -> Counter:
    """Store what was settled; ``before`` are the rows it replaces. Returns new links by state.

    What a human decided stays as it is.
    """
    known = {row.pair: row for row in before}
    wanted: dict[Pair, tuple[LinkProposal, str]] = {
        **{one.pair: (one, State.SUGGESTED) for one in settlement.suggestions},
        **{one.pair: (one, State.APPLIED) for one in settlement.links},
    }
    fresh = [_row(*wanted[pair]) for pair in wanted if pair not in known]
    IdentityLink.objects.bulk_create(fresh, batch_size=IN_BATCH)
    by_rules = [row for row in known.values() if row.is_by_rules]
    _change([(row, *wanted[row.pair]) for row in by_rules if row.pair in wanted])
    _forget([row.id for row in by_rules if row.pair not in wanted])
    return Counter(link.state for link in fresh)


def _row(proposal: LinkProposal, state: str) -> IdentityLink:
    left, right, rule, _, evidence = proposal
    return IdentityLink(left_id=left, right_id=right, rule=rule, evidence=evidence, state=state)


def _change(rows: list[tuple[LinkRow, LinkProposal, str]]) -> None:
    """A question became a link, a veto made a link a question, another rule speaks for it, or the
    names that it links are unlike no more, or are now."""
    changed = [
        IdentityLink(pk=row.id, rule=proposal.rule, evidence=proposal.evidence, state=state)
        for row, proposal, state in rows
        if (row.rule, row.state, row.unlike_names)
        != (proposal.rule, state, proposal.evidence.get("unlike_names"))
        or (row.rule == "mailmap" and row.told != proposal.evidence)
    ]
    IdentityLink.objects.bulk_update(changed, ["rule", "evidence", "state"], batch_size=IN_BATCH)


def _forget(ids: list[int]) -> None:
    for start in range(0, len(ids), IN_BATCH):
        IdentityLink.objects.filter(pk__in=ids[start : start + IN_BATCH]).delete()
