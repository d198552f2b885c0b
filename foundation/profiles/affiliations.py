"""Organisations by the domain of dated addresses; what a person declared stands untouched."""

from collections.abc import Iterable

from foundation.bulk import Upsert
from foundation.people.addresses import is_free_mail, is_shared_mailbox, read_address
from foundation.people.models import Affiliation, Sighting

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


def update_affiliations(people: Iterable[int]) -> None:
    """Widen or add what the addresses of these people say."""
    people, spans = sorted(people), {}
    for start in range(0, len(people), IN_BATCH):
        seen = Sighting.objects.filter(
            identity__person__in=people[start : start + IN_BATCH]
        ).exclude(identity__email="")
        for person, email, first, last in seen.values_list(
            "identity__person", "identity__email", "first_at", "last_at"
        ):
            if organisation := organisation_of(email):
                known = spans.get((person, organisation), (first, last))
                spans[person, organisation] = min(known[0], first), max(known[1], last)
    WIDEN.write(
        [
            (person, organisation, False, first.date().isoformat(), last.date().isoformat())
            for (person, organisation), (first, last) in sorted(spans.items())
        ]
    )
