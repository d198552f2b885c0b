"""Which identities a person is held to be, and why: for the person to read and to correct."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, Max, Min, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from foundation.people.models import Identity, IdentityLink, Person

RULE_WORDS = {
    "verified-claim": _("you showed that the address is yours"),
    "steward": _("a human decided it"),
    "github-id": _("the same GitHub account number"),
    "mailmap": _("the project’s own .mailmap says so"),
    "api-author": _("GitHub names the account as the author"),
    "same-email": _("the same e-mail address"),
    "own-account": _("the address belongs to the account"),
    "noreply-login": _("GitHub’s no-reply address names the account"),
    "handle-localpart": _("the handle is the local part of a company address"),
    "company-alias": _("two spellings of one company address"),
    "handle-login": _("the same handle"),
    "handle-name": _("the handle and the name belong together"),
    "handle-nickname": _("the handle is a nickname of the name"),
    "same-name": _("the same full name"),
    "same-name-domain": _("the same full name at one mail domain"),
    "same-name-repository": _("the same full name in one repository"),
}
SOME_RULE = _("a rule of this site")


def rule_words(rule: str) -> str:
    """Why two identities are held to be one, in the reader's language."""
    return gettext(RULE_WORDS.get(rule, SOME_RULE))


def links_within(person: Person) -> QuerySet[IdentityLink]:
    """The links in force that hold a person together."""
    return (
        IdentityLink.objects.filter(
            state=IdentityLink.State.APPLIED, left__person=person, right__person=person
        )
        .select_related("left", "right")
        .order_by("pk")
    )


@dataclass(frozen=True)
class HeldIdentity:
    identity: Identity
    reasons: tuple[tuple[str, Identity], ...]  # why, and with which other identity


def held_identities(person: Person) -> list[HeldIdentity]:
    """The identities of a person, the longest known first, each with what ties it to others."""
    ties = defaultdict(list)
    for link in links_within(person):
        ties[link.left_id].append((rule_words(link.rule), link.right))
        ties[link.right_id].append((rule_words(link.rule), link.left))
    identities = person.identities.annotate(
        first_at=Min("sightings__first_at"), last_at=Max("sightings__last_at")
    ).order_by(F("first_at").asc(nulls_last=True), "pk")
    return [HeldIdentity(identity, tuple(ties[identity.pk])) for identity in identities]
