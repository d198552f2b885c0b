"""Organisations by the domain of dated addresses; what a person declared stands untouched."""

from collections.abc import Collection
from datetime import date

from foundation.bulk import Upsert
from foundation.people.addresses import is_free_mail, is_shared_mailbox, read_address
from foundation.people.holding import hold_known
from foundation.people.models import Affiliation, Sighting

Spans = dict[tuple[int, str], tuple[date, date]]  # (person, organisation) → first and last day

IN_BATCH = 500
WIDEN = Upsert(
    Affiliation,
    key=("person", "organisation", "is_declared"),
    least=("since",),
    most=("until",),
)


def organisation_of(email: str) -> str:
    """The domain that speaks of an employer, or ""."""
    address = read_address(email)
    domain = address.domain
    if not domain or address.login or is_free_mail(domain) or is_shared_mailbox(email):
        return ""
    return domain


def update_affiliations(people: Collection[int]) -> None:
    """Hold of these people what their addresses say now, wherever those were seen."""
    known = sorted(hold_known(people))
    for start in range(0, len(known), IN_BATCH):
        some = known[start : start + IN_BATCH]
        spans = _spans(some)
        _forget_all_but(spans, some)
        WIDEN.write(
            [
                (person, organisation, False, since.isoformat(), until.isoformat())
                for (person, organisation), (since, until) in sorted(spans.items())
            ]
        )


def _spans(people: list[int]) -> Spans:
    seen = Sighting.objects.filter(identity__person__in=people).exclude(identity__email="")
    rows = seen.values_list("identity__person", "identity__email", "first_at", "last_at")
    spans: Spans = {}
    for person, email, first, last in rows:
        if organisation := organisation_of(email):
            since, until = spans.get((person, organisation), (first.date(), last.date()))
            spans[person, organisation] = min(since, first.date()), max(until, last.date())
    return spans


def _forget_all_but(spans: Spans, people: list[int]) -> None:
    """An address that left with a merge undone takes along what it said."""
    rows = Affiliation.objects.filter(person__in=people, is_declared=False)
    gone = [
        pk
        for pk, person, organisation, *span in rows.values_list(
            "pk", "person", "organisation", "since", "until"
        )
        if spans.get((person, organisation)) != tuple(span)
    ]
    for start in range(0, len(gone), IN_BATCH):
        Affiliation.objects.filter(pk__in=gone[start : start + IN_BATCH]).delete()
