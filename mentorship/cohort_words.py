"""What is said of an assignment, from codes to sentences; wording is data."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

# A constraint that cannot be met; the names are those of ``matching.cohort.pins.Fault``.
FAULTS = {
    "pin_not_offered": _(
        "%(mentee)s is pinned to %(mentor)s in %(project)s, where %(mentor)s does not mentor."
    ),
    "pin_self": _("%(mentee)s is pinned to themselves in %(project)s."),
    "pin_conflict": _(
        "%(mentee)s is pinned to %(mentor)s in %(project)s against a conflict of interest."
    ),
    "pin_forbidden": _(
        "%(mentee)s is pinned to %(mentor)s in %(project)s, a pair that is forbidden as well."
    ),
    "pin_hours": _(
        "%(mentee)s is pinned to %(mentor)s in %(project)s, but they share too few hours."
    ),
    "pin_language": _(
        "%(mentee)s is pinned to %(mentor)s in %(project)s, but they share no language."
    ),
    "pin_co_self": _(
        "%(mentee)s is pinned to %(mentor)s in %(project)s, where they are a co-mentor themselves."
    ),
    "pin_co_conflict": _(
        "%(mentee)s is pinned to %(mentor)s in %(project)s against a conflict of interest with a "
        "co-mentor."
    ),
    "pin_co_forbidden": _(
        "%(mentee)s is pinned to %(mentor)s in %(project)s, where the pair with a co-mentor is "
        "forbidden."
    ),
    "pin_co_hours": _(
        "%(mentee)s is pinned to %(mentor)s in %(project)s, but shares too few hours with a "
        "co-mentor."
    ),
    "pin_co_language": _(
        "%(mentee)s is pinned to %(mentor)s in %(project)s, but shares no language with a "
        "co-mentor."
    ),
    "pinned_twice": _("%(mentee)s is pinned to %(count)s places at once."),
    "mentor_over_pinned": ngettext_lazy(
        "%(count)s mentee is pinned to %(mentor)s, who takes at most %(limit)s.",
        "%(count)s mentees are pinned to %(mentor)s, who takes at most %(limit)s.",
        "count",
    ),
    "project_over_pinned": ngettext_lazy(
        "%(project)s has %(limit)s place, but those pinned there need %(count)s.",
        "%(project)s has %(limit)s places, but those pinned there need %(count)s.",
        "limit",
    ),
}

# What came to stand against a preview since it was computed: ``matching.judging``.
OUTDATED = {
    "somebody_left": _("Somebody has left since, and their place with them."),
    "mentee_mentored": _("%(mentee)s works with a mentor already."),
    "mentee_gone": _("%(mentee)s no longer asks for this."),
    "placed_self": _("%(mentee)s would mentor themselves in %(project)s."),
    "placed_conflict": _(
        "A conflict of interest was declared between %(mentee)s and %(mentor)s (%(project)s)."
    ),
    "placed_forbidden": _(
        "%(mentee)s and %(mentor)s (%(project)s) are a pair that a steward ruled out."
    ),
    "placed_co_mentor": _("%(mentee)s may not work with a co-mentor of %(project)s."),
    "placed_hours": _("%(mentee)s and %(mentor)s (%(project)s) share too few hours."),
    "placed_language": _("%(mentee)s and %(mentor)s (%(project)s) share no language."),
    "mentor_closed": _("%(mentor)s has no place left, has paused, or is not to be suggested."),
    "mentor_over": ngettext_lazy(
        "%(mentor)s has %(limit)s place today, but would need %(count)s.",
        "%(mentor)s has %(limit)s places today, but would need %(count)s.",
        "limit",
    ),
    "project_over": ngettext_lazy(
        "%(project)s has %(limit)s place, but would need %(count)s.",
        "%(project)s has %(limit)s places, but would need %(count)s.",
        "limit",
    ),
}

# Why not this one; a noun phrase or clause after "Keel with Mo:".
WHY_NOT = {
    "dearer": _("a wish of a higher rank was met"),
    "alike": _("another wish of the same rank was met"),
    "whole": _("it would fit, but the cohort as a whole would fare no better"),
    "mentor_whole": _(
        "all places of this mentor are taken; the cohort as a whole fares best this way"
    ),
    "project_whole": _("the project is full; the cohort as a whole fares best this way"),
    "mentor_none": _("this mentor has no places"),
    "co_mentor_full": _("a co-mentor there has no place left"),
    "project_full": _("the project is full; all there come first with this mentor"),
    "project_others": _("the project is full, and nobody there with this mentor comes after them"),
    "project_lot": _("the project is full; among equals, the lot decided"),
    "mentor_full": _("all places of this mentor went to mentees who come first with them"),
    "mentor_lot": _("all places of this mentor are taken; among equals, the lot decided"),
    "mentor_busy": _("all places of this mentor are taken, some for helping as a co-mentor"),
    "mentor_kept": _("the places this mentor has left are kept for helping as a co-mentor"),
    "share_none": _("the project’s places were shared out to its other mentors"),
    "share_full": _(
        "this mentor’s share of the project’s places went to mentees who come first with them"
    ),
    "share_lot": _("this mentor’s share of the project’s places is taken; the lot decided"),
    "self": _("nobody mentors themselves"),
    "conflict": _("a conflict of interest was declared"),
    "forbidden": _("a steward ruled this pair out"),
    "hours": _("the two share too few hours"),
    "language": _("the two share no language"),
    "co_self": _("they are a co-mentor there themselves"),
    "co_conflict": _("a conflict of interest with a co-mentor was declared"),
    "co_forbidden": _("a steward ruled out the pair with a co-mentor"),
    "co_hours": _("they share too few hours with a co-mentor"),
    "co_language": _("they share no language with a co-mentor"),
}

# What would help; one sentence.
HELPS = {
    "place_mentor": _("One more place with %(mentor)s (%(project)s)."),
    "place_project": _("One more place in %(project)s."),
    "place_both": _("One more place in %(project)s and with %(mentor)s."),
    "place_co_mentor": _("One more place with %(mentor)s, a co-mentor in %(project)s."),
    "others_first_project": _("The next place in %(project)s would go to somebody else who waits."),
    "others_first_mentor": _(
        "The next place with %(mentor)s (%(project)s) would go to somebody else who waits."
    ),
    "nothing_alone": _("No single change that was tried gives them a place."),
    "hours": _("More hours in common with %(mentor)s (%(project)s)."),
    "language": _("A language in common with %(mentor)s (%(project)s)."),
    "conflict": _("Only a conflict of interest keeps them from %(mentor)s (%(project)s)."),
    "forbidden": _("Only a steward’s rule keeps them from %(mentor)s (%(project)s)."),
    "co_hours": _("More hours in common with the co-mentors of %(project)s."),
    "co_language": _("A language in common with the co-mentors of %(project)s."),
    "co_conflict": _("Only a conflict of interest with a co-mentor keeps them from %(project)s."),
    "co_forbidden": _("Only a steward’s rule about a co-mentor keeps them from %(project)s."),
    "more_wishes": _("More wishes: asking in further projects."),
    "no_mentor": _("Nobody is suggested as a mentor where they ask."),
}


def fault_words(fault: Any) -> str:
    """A fault as a sentence; a mapping, or an object with such attributes."""
    named = fault if isinstance(fault, Mapping) else vars(fault)
    return (FAULTS | OUTDATED)[named["code"]] % named


def help_words(help_: Mapping) -> str:
    return HELPS[help_["code"]] % ({"mentor": "", "project": ""} | dict(help_))


# What a what-if changed.
CHANGES = {
    "mentor_place": _("One more place with %(mentor)s."),
    "project_place": _("One more place in %(project)s."),
    "pin": _("%(mentee)s is placed with %(mentor)s in %(project)s."),
    "forbidden": _("%(mentee)s is not placed with %(mentor)s."),
    "conflict": _("%(mentee)s is not placed with %(mentor)s."),
    "settings": _("With other settings (%(how)s)."),
}

# What two computings may rest on differently; the names are those of ``casting.rests_on``.
WORLD = {
    "asking": _("who asks, and for what"),
    "suggestions": _("who is suggested to whom"),
    "limits": _("mentors’ places, hours and languages"),
    "conflicts": _("conflicts of interest"),
}
# What a steward set in one of the two cohorts only.
OWN = _("the rules for two people"), _("the co-mentors")


def setting_words(cohort: Any) -> dict[str, str]:
    """How a cohort is assigned, setting by setting; those without a say are left out."""
    hours, most = cohort.min_hours, cohort.places_a_project
    words = {
        "engine": cohort.get_engine_display(),
        "objective": cohort.get_objective_display(),
        "seed": _("lot number %(seed)s") % {"seed": cohort.seed},
        "min_hours": ngettext(
            "at least %(n)s hour of the day in common",
            "at least %(n)s hours of the day in common",
            hours,
        )
        % {"n": hours}
        if hours
        else _("no hours in common needed"),
        "common_language": _("a language in common")
        if cohort.common_language
        else _("no language in common needed"),
        "places_a_project": _("as many places in a project as its mentors have")
        if most is None
        else ngettext("at most %(n)s place a project", "at most %(n)s places a project", most)
        % {"n": most},
    }
    if cohort.engine != cohort.Engine.OPTIMAL:
        del words["objective"]
    return {name: str(said) for name, said in words.items()}


def change_words(cohort: Any, change: Mapping) -> str:
    words = setting_words(cohort)
    how = [said for name, said in words.items() if name in change] or words.values()
    return CHANGES[change["code"]] % (dict(change) | {"how": in_one(how)})


def in_one(phrases: Iterable[str]) -> str:
    """Phrases after each other, as the language sets its semicolons."""
    return f"{_(';')} ".join(phrases)
