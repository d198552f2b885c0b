"""An account becomes somebody: what is verified links it to what was done in public."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from foundation.bulk import hold_alone
from foundation.people.addresses import fold
from foundation.people.invitations import hand_over
from foundation.people.merging import resolve_people, unsettle
from foundation.people.models import Identity, IdentityLink, Person
from foundation.people.personal import hand_over_upper_floors

DERIVED = (
    "identities",
    "profiles",
    "expertise",
    "affiliations",
    "leader_signals",
    "lulls",
    "stale_profiles",
    "signal_views",
)


def person_of(user) -> Person | None:
    return Person.objects.of(user).first()


@transaction.atomic
def make_person(user, *, name: str = "") -> Person:
    """The account's person; a new one, without any past, when there is none."""
    return person_of(user) or Person.objects.create(user=user, name=name or user.get_full_name())


@transaction.atomic
def claim_by_verified_email(user) -> Person | None:
    """Link the account to the identities with its verified addresses or GitHub account.

    Nobody is taken from another account, bots are nobody, and what the account's owner once
    called “not me” stays away. Returns the account's person, or None when nothing was found.
    """
    hold_alone(IdentityLink)
    person = person_of(user)
    for identity in _claimable(user):
        if identity.person is None or identity.person.user_id not in (None, user.pk):
            continue
        if person is None:
            person = identity.person
            person.user = user
            person.save(update_fields=["user"])
        elif identity.person_id != person.pk:
            _join(person, identity, user)
    return person


def _claimable(user):
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list(
        "email", flat=True
    )
    accounts = SocialAccount.objects.filter(user=user, provider="github")
    numbers = [int(uid) for uid in accounts.values_list("uid", flat=True) if uid.isdigit()]
    wanted = Q(email__in=[fold(address) for address in addresses]) | Q(github_id__in=numbers)
    refused = IdentityLink.objects.filter(decided_by=user, state=IdentityLink.State.REJECTED)
    return (
        Identity.objects.human()
        .filter(wanted)
        .exclude(Q(links_left__in=refused) | Q(links_right__in=refused))
        .select_related("person")
        .order_by("pk")
    )


def _join(person: Person, identity: Identity, user) -> None:
    """Bring an identity, and those held to be one with it, to the account's person."""
    anchor = person.identities.order_by("pk").first()
    if anchor is None:
        _take_all(person, identity.person)
        return
    left, right = sorted((anchor.pk, identity.pk))
    IdentityLink.objects.update_or_create(
        left_id=left,
        right_id=right,
        defaults={
            "rule": "verified-claim",
            "state": IdentityLink.State.APPLIED,
            "decided_by": user,
            "decided_at": timezone.now(),
        },
    )
    unsettle([anchor.pk, identity.pk])
    resolve_people()


def _take_all(person: Person, former: Person) -> None:
    """A person without any past takes over what is known of another; the emptied one goes."""
    for known in DERIVED:
        getattr(former, known).update(person=person)
    taker = {former.pk: person.pk}
    hand_over(taker, timezone.now())
    hand_over_upper_floors(taker)
    former.delete()
