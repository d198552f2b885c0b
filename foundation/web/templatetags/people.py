"""Words and addresses of people's pages."""

from typing import NamedTuple

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from foundation.activity.models import Activity, Change
from foundation.people.backing import Claim
from foundation.people.models import Person
from foundation.people.portrait import Overlap
from foundation.people.profile_links import evidence_url
from foundation.people.reasons import Reason
from foundation.people.rhythm_words import sign_words

register = template.Library()
register.simple_tag(evidence_url, name="evidence")
register.filter(sign_words)

CLAIM_WORDS = {
    "changes": _("Changes"),
    "reviews": _("Reviews given"),
    "landed-reviews": _("Reviews of landed changes"),
    "received": _("Reviews received"),
    "help": _("Other help given"),
    "newcomers": _("Newcomers helped"),
    "activity": _("All public work"),
    "area": _("Area: %(name)s"),
    "language": _("Language: %(name)s"),
    "topic": _("Topic: %(name)s"),
    "path-reviews": _("Reviews in %(name)s"),
    "path-changes": _("Changes in %(name)s"),
    "word-reviews": _("Reviews that speak of “%(name)s”"),
    "reviews-for": _("Reviews given to %(name)s"),
    "reviews-anywhere": _("Reviews of landed changes in all projects"),
    "newcomer-reviews": _("Reviews for newcomers"),
    "organisation-reviews": _("Reviews for people of %(name)s"),
    "landed-changes": _("Changes that landed"),
    "shared-work": _("Work done together with %(name)s"),
}
DEED_WORDS = {
    "authored": _("wrote it"),
    "merged": _("made this merge"),
    "coauthored": _("wrote it together with others"),
    "reviewed": _("reviewed it"),
    "acked": _("acknowledged it"),
    "landed": _("landed it"),
    "pushed": _("pushed it"),
    "released": _("released it"),
    "signed_off": _("signed it off"),
    "tested": _("tested it"),
    "helped": _("helped with it"),
    "mentored": _("mentored its author"),
    "reported": _("reported the problem"),
    "suggested": _("suggested it"),
    "commented": _("commented on it"),
    "review_comment": _("commented in its review"),
    "labeled": _("labelled it"),
    "opened_pull_request": _("opened the pull request"),
    "closed_pull_request": _("closed the pull request"),
    "merged_pull_request": _("merged the pull request"),
    "reopened_pull_request": _("reopened the pull request"),
    "opened_issue": _("opened the issue"),
    "closed_issue": _("closed the issue"),
    "reopened_issue": _("reopened the issue"),
}
TOOK_PART = _("took part in it")  # a kind of some later source


@register.simple_tag
def claim_words(claim: Claim, whom: Person | None = None) -> str:
    """What is claimed; ``whom`` it was done for, where the claim names somebody."""
    return gettext(CLAIM_WORDS[claim.kind]) % {"name": whom or claim.name}


@register.simple_tag
def deed_words(activity: Activity, person: Person) -> str:
    """What was done, and by or for whom if that is not plain from the page."""
    deed = gettext(DEED_WORDS.get(activity.kind, TOOK_PART))
    if activity.identity.person_id != person.pk:
        who = activity.identity.person
        return gettext("%(who)s %(deed)s") % {"who": who if _is_shown(who) else "–", "deed": deed}
    author = activity.change.author
    if author is not None and _is_shown(author.person) and author.person_id != person.pk:
        return gettext("%(deed)s, by %(author)s") % {"deed": deed, "author": author.person}
    return deed


def _is_shown(person: Person | None) -> bool:
    """Whoever hides is not named in passing on other people's pages either."""
    return person is not None and not person.is_hidden and person.erased_at is None


@register.filter
def source_url(change: Change) -> str:
    """Where the change can be read at its source, or "" when that is not public."""
    name = change.repository.github
    if not name:
        return ""
    if change.kind == "commit":
        return f"https://github.com/{name}/commit/{change.external_id}"
    kind, _slash, number = change.external_id.partition("/")
    return f"https://github.com/{name}/{kind}/{number}" if kind in ("pull", "issue") else ""


class Cell(NamedTuple):
    x: str
    width: str
    shared: bool
    label: str


@register.filter
def cells(overlap: Overlap) -> list[Cell]:
    """The hours of the viewer's day as places on a strip; every third is named."""
    step = 100 / len(overlap.hours)
    return [
        Cell(
            f"{place * step:.3f}%", f"{step * 0.88:.3f}%", shared, "" if place % 3 else f"{hour}:00"
        )
        for place, (hour, shared) in enumerate(overlap.hours)
    ]


@register.filter
def each_reason(evidence) -> list[Reason]:
    """Once each, what speaks for somebody at one horizon or the other."""
    return list(dict.fromkeys(reason for entry in evidence for reason in entry.reasons))
