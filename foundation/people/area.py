"""What new facts can change: the area of all identities that must be settled again.

Settling everybody anew for each commit would give the same answer, later. An area is closed: it
holds whole components, and no rule would merge one of its identities with one outside. So what is
settled in it is what settling everything would have settled there, and outside nothing changes.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from foundation.people.identities import MERGE, LinkProposal
from foundation.people.linking import LinkIndex

Ids = Collection[int]


class Area(NamedTuple):
    """``around`` are the components outside about which a question is asked from inside."""

    inside: frozenset[int]
    around: frozenset[int]
    proposals: list[LinkProposal]  # with an end inside, strongest first


def area_of(
    index: LinkIndex,
    touched: Ids,
    component: Mapping[int, int],
    *,
    prepare: Callable[[Ids], object] = lambda ids: None,
) -> Area:
    """Return the area to be settled after the facts of ``touched`` changed.

    Parameters
    ----------
    index : every identity, as it is now
    component : what an identity belonged to when all was last settled; who is not in it was alone
    prepare : called with identities before the rules look at them
    """
    members = defaultdict(set)
    for id_, root in component.items():
        members[root].add(id_)

    def whole(ids: Iterable[int]) -> set[int]:
        roots = {component.get(id_, id_) for id_ in ids}
        return set().union(*(members.get(root, {root}) for root in roots))

    proposals: list[LinkProposal] = []
    inside, reached = set(), whole(index.neighbours(touched))
    while reached:
        inside |= reached
        prepare(index.neighbours(inside))
        proposals = [one for one in index.proposals(inside) if not inside.isdisjoint(one.pair)]
        merges = (one.pair for one in proposals if one.verdict == MERGE)
        reached = whole(id_ for pair in merges for id_ in pair if id_ not in inside)
    outside = {id_ for one in proposals for id_ in one.pair} - inside
    return Area(frozenset(inside), frozenset(whole(outside)), proposals)
