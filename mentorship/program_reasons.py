"""Why a mentor is suggested for a program, in plain words."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation.people.reasons import Sentence, sentences

SENTENCES = {
    "same_project": Sentence(
        ngettext_lazy(
            "%(count)s earlier program of %(project)s, the last in %(last)s",
            "%(count)s earlier programs of %(project)s since %(since)s, the last in %(last)s",
            "count",
        ),
        counted="count",
    ),
    "same_words": Sentence(_("Earlier programs with the same words: %(names)s")),
    "same_skills": Sentence(_("Earlier programs with the same skills: %(names)s")),
    "neighbour_projects": Sentence(_("Mentor in %(names)s, which this text names")),
    "co_mentors": Sentence(_("Mentor together with %(names)s, who mentored in this project")),
    "organisation": Sentence(_("Same organisation as mentors of this project: %(names)s")),
    "programs_before": Sentence(
        ngettext_lazy(
            "%(count)s earlier program in all, the last in %(last)s",
            "%(count)s earlier programs in all, the last in %(last)s",
            "count",
        ),
        counted="count",
    ),
}
GENERIC = _("Mentor in an earlier term")


def program_reasons(reasons: Iterable[dict]) -> list[str]:
    """The sentences of a suggestion, in the order of its reasons."""
    said = sentences(reasons, SENTENCES, generic=GENERIC, link_to=_no_page)
    return [reason.text for reason in said]


def _no_page(claim: str, name: str, days: int | None) -> str:
    """Programs of a file have no page to link to."""
    return ""
