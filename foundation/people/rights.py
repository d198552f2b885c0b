"""What people may do with what is said of them: hide, correct, agree, decline, erase."""

import uuid
from datetime import date, datetime

from django.db import transaction

from foundation.activity.tombstones import digests_of
from foundation.bulk import hold_alone
from foundation.people.holding import hold_person
from foundation.people.known import unsettle_everybody
from foundation.people.merging import mark_stale
from foundation.people.models import (
    Affiliation,
    Consent,
    Expertise,
    Identity,
    IdentityLink,
    LeaderSignal,
    Person,
    SignalView,
    Tombstone,
)
from foundation.people.personal import erase_upper_floors
from foundation.people.stored_index import forget_buckets

KNOWN_OF_A_PERSON = (
    "profiles",
    "expertise",
    "affiliations",
    "leader_signals",
    "invitations",
    "consents",
    "signal_views",
    "lulls",
    "lull_pauses",
)


def hide(person: Person, *, hidden: bool) -> None:
    """Take the profile out of everybody's sight but one's own and the stewards', or put it back."""
    person.is_hidden = hidden
    person.save(update_fields=["is_hidden"])


def hide_line(line: Expertise, *, hidden: bool) -> None:
    line.is_hidden = hidden
    line.save(update_fields=["is_hidden"])


def rename(person: Person, *, name: str) -> None:
    person.name = name
    person.save(update_fields=["name"])


def declare_affiliation(
    person: Person, *, organisation: str, since: date, until: date
) -> Affiliation:
    """Where the person says to have worked; what addresses suggested stays, but is not shown."""
    affiliation, _ = Affiliation.objects.update_or_create(
        person=person,
        organisation=organisation,
        is_declared=True,
        defaults={"since": since, "until": until},
    )
    return affiliation


def set_number_consent(person: Person, *, agreed: bool, now: datetime) -> None:
    """Let stewards see the probability behind an invitation, or take that back."""
    purpose = Consent.Purpose.LEADER_NUMBER
    standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at__isnull=True)
    if not agreed:
        standing.update(withdrawn_at=now)
    elif not standing.exists():
        Consent.objects.create(person=person, purpose=purpose, granted_at=now)


@transaction.atomic
def decline_signal(signal: LeaderSignal, *, declined: bool) -> None:
    """Keep all that is said of the person in that project from stewards, at every horizon."""
    hold_person(signal.person)  # a refresh writes these rows anew: before, or after, not between
    of_both = LeaderSignal.objects.filter(person=signal.person_id, project=signal.project_id)
    of_both.update(is_declined=declined)


@transaction.atomic
def erase(person: Person, *, now: datetime) -> None:
    """Forget a person: names, addresses, profile, account, and what upper floors know.

    The facts stay, as done by nobody in particular. A keyed hash of each spelling keeps it from
    coming back with the next reading of a history. Whoever gathers identities into people, or
    writes what was computed of this one, does so before, or finds nobody.
    """
    hold_alone(IdentityLink)
    identities = list(person.identities.all())
    # Others may be known for having helped this person: their projects are counted anew. Before
    # the person is held: an update of profiles takes the marks first, and then holds people.
    person.stale_profiles.all().delete()
    mark_stale(identity.pk for identity in identities)
    hold_person(person)
    erase_upper_floors(person)
    for known in KNOWN_OF_A_PERSON:
        getattr(person, known).all().delete()
    _forget_identities(identities)
    user = person.user
    person.name, person.user, person.is_hidden, person.erased_at = "", None, True, now
    person.save(update_fields=["name", "user", "is_hidden", "erased_at"])
    if user is not None:
        SignalView.objects.filter(viewer=user).update(viewer=None)
        user.delete()


def _forget_identities(identities: list[Identity]) -> None:
    links = IdentityLink.objects.all()
    (links.filter(left__in=identities) | links.filter(right__in=identities)).delete()
    Tombstone.objects.bulk_create(
        [
            Tombstone(digest=digest)
            for one in identities
            for digest in digests_of(
                one.key, one.email, one.login, one.github_id or one.api_github_id
            )
        ],
        ignore_conflicts=True,
    )
    for identity in identities:
        identity.key = f"erased:{uuid.uuid4()}"
        identity.name = identity.email = identity.login = identity.kind_reason = ""
        identity.source, identity.person, identity.machine_signs = "erased", None, ""
        identity.github_id = identity.api_github_id = None
        identity.kind, identity.is_locked = Identity.Kind.SERVICE, True
    Identity.objects.bulk_update(
        identities,
        ["key", "name", "email", "login", "kind_reason", "source", "github_id", "person"]
        + ["api_github_id", "kind", "is_locked", "machine_signs"],
    )
    forget_buckets([identity.pk for identity in identities])
    # What they shared with others may have been what kept those apart: all are asked about anew.
    unsettle_everybody()
