from django.contrib import admin

from foundation.people.admin import ReadOnly
from mentorship.models import (
    Cohort,
    CohortPlacement,
    CoMentor,
    Exposure,
    Match,
    MentorOffer,
    MentorRequest,
    PairRule,
)


@admin.register(Match)
class MatchAdmin(ReadOnly):
    list_display = ["mentee", "mentor", "project", "rank", "kind", "method", "model", "as_of"]
    list_select_related = ["mentee", "mentor", "project", "model"]
    list_filter = ["project", "kind", "method"]
    fields = ["mentee", "mentor", "project", "kind", "rank", "method", "model", "as_of"]
    search_fields = ["mentee__name", "mentor__name"]


@admin.register(Exposure)
class ExposureAdmin(ReadOnly):
    list_display = [
        "mentee",
        "mentor",
        "project",
        "rank",
        "method",
        "is_unflagged",
        "offered_at",
        "seen_at",
        "asked_at",
        "answer",
        "worked_at",
    ]
    list_select_related = ["mentee", "mentor", "project"]
    list_filter = ["project", "method", "is_unflagged", "answer"]
    search_fields = ["mentee__name", "mentor__name"]
    date_hierarchy = "offered_at"


@admin.register(MentorRequest)
class MentorRequestAdmin(admin.ModelAdmin):
    list_display = ["person", "project", "asked_at", "closed_at"]
    list_select_related = ["person", "project"]
    list_filter = ["project"]
    autocomplete_fields = ["person"]


@admin.register(MentorOffer)
class MentorOfferAdmin(admin.ModelAdmin):
    list_display = ["person", "places", "paused_until", "never"]
    list_select_related = ["person"]
    autocomplete_fields = ["person"]


@admin.register(Cohort)
class CohortAdmin(ReadOnly):
    """Made, computed and published on its own pages; here to be looked up."""

    list_display = ["name", "state", "engine", "objective", "seed", "made_at", "published_by"]
    list_select_related = ["published_by"]
    list_filter = ["state", "engine"]
    search_fields = ["name"]
    exclude = ["summary", "faults", "change", "more_places"]


@admin.register(CohortPlacement)
class CohortPlacementAdmin(ReadOnly):
    list_display = ["cohort", "mentee", "project", "mentor", "rank", "ended_at"]
    list_select_related = ["cohort", "mentee", "project", "mentor"]
    list_filter = ["cohort"]
    search_fields = ["mentee__name", "mentor__name"]
    fields = ["cohort", "mentee", "project", "mentor", "rank", "ended_at"]


@admin.register(CoMentor)
class CoMentorAdmin(ReadOnly):
    list_display = ["mentor", "project", "cohort", "made_by", "made_at"]
    list_select_related = ["mentor", "project", "cohort", "made_by"]
    list_filter = ["cohort"]


@admin.register(PairRule)
class PairRuleAdmin(ReadOnly):
    list_display = ["kind", "mentee", "mentor", "project", "cohort", "made_by", "made_at"]
    list_select_related = ["mentee", "mentor", "project", "cohort", "made_by"]
    list_filter = ["kind"]
