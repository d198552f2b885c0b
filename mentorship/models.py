"""Who offers to mentor, who asks for a mentor, and the matches between them."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from foundation.people.models import Person
from foundation.projects.models import Project
from mentorship.co_mentor_models import CoMentor
from mentorship.cohort_models import Cohort, PairRule
from mentorship.exposure_models import Exposure
from mentorship.placement_models import CohortPlacement

__all__ = [
    "Cohort",
    "CoMentor",
    "CohortPlacement",
    "Exposure",
    "Match",
    "MentorOffer",
    "MentorRequest",
    "PairRule",
]


class MentorOffer(models.Model):
    """A person's own limits as a mentor. Without one, nobody is paused and one place is assumed."""

    person = models.OneToOneField(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="mentor_offer"
    )
    places = models.PositiveSmallIntegerField(
        _("places"), default=1, help_text=_("How many mentees at the same time.")
    )
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    never = models.BooleanField(_("do not suggest me as a mentor"), default=False)
    languages = models.CharField(
        _("languages you speak"),
        max_length=200,
        blank=True,
        help_text=_("Separated by commas: English, French."),
    )

    class Meta:
        verbose_name = _("mentor's limits")
        verbose_name_plural = _("mentors' limits")

    def __str__(self):
        return str(self.person)

    def is_open(self, on):
        """May this mentor be suggested on the given day?"""
        paused = self.paused_until is not None and self.paused_until > on
        return not (self.never or paused or self.places == 0)


class MentorRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)

    def to_be_met(self):
        """Open ones that a cohort may meet: of people who are shown and work with no mentor yet."""
        working = Exposure.objects.open_mentorships().filter(mentee=OuterRef("person"))
        shown = {"person__is_hidden": False, "person__erased_at": None}
        return self.open().filter(~Exists(working), **shown)


class MentorRequest(models.Model):
    """Somebody asks for a mentor in a project, with what they know and wish to learn."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="mentor_requests"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="mentor_requests"
    )
    skills = models.CharField(
        _("what you know"),
        max_length=500,
        blank=True,
        help_text=_("Words separated by commas: C++, testing, audio."),
    )
    interests = models.CharField(
        _("what you wish to work on"),
        max_length=500,
        blank=True,
        help_text=_("Areas, topics or folders, separated by commas: docs, quantization."),
    )
    languages = models.CharField(
        _("languages you speak"),
        max_length=200,
        blank=True,
        help_text=_("Separated by commas: English, French."),
    )
    starts_at = models.PositiveSmallIntegerField(
        _("your day begins at"), default=9, help_text=_("Hour of the day in your time zone.")
    )
    ends_at = models.PositiveSmallIntegerField(_("and ends at"), default=18)
    rank = models.PositiveSmallIntegerField(
        _("how dear this wish is to you"),
        default=1,
        help_text=_(
            "1 is the dearest of your requests; the same number twice means: just as dear."
        ),
    )
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    placement = models.ForeignKey(
        CohortPlacement,
        verbose_name=_("placement"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="requests",
        help_text=_("The place that met it."),
    )

    objects = MentorRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a mentor")
        verbose_name_plural = _("requests for a mentor")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "project"],
                condition=Q(closed_at__isnull=True),
                name="one_open_request_in_a_project",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lte=23, ends_at__lte=24), name="hours_of_a_day"
            ),
            models.CheckConstraint(
                condition=Q(placement__isnull=True) | Q(closed_at__isnull=False),
                name="a_place_closes_what_it_met",
            ),
        ]

    def __str__(self):
        return f"{self.person} → {self.project}"


class MatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, as mentee or as mentor; a steward sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_steward:
            return self
        return self.filter(Q(mentee__user=user) | Q(mentor__user=user))

    def for_mentee(self, person):
        return self.filter(mentee=person).select_related("mentor", "project", "model")


class Match(models.Model):
    """A mentor suggested to a mentee: computed by ``matching``, shown as it stands here."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("asked for")
        SUGGESTED = "suggested", _("suggested to a newcomer")

    mentee = models.ForeignKey(
        Person, verbose_name=_("mentee"), on_delete=models.CASCADE, related_name="matches"
    )
    mentor = models.ForeignKey(
        Person, verbose_name=_("mentor"), on_delete=models.CASCADE, related_name="matches_as_mentor"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="matches"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    rank = models.PositiveSmallIntegerField(_("rank"))
    # base + the contributions of all reasons = score: a share of the pool, for one mentee.
    score = models.FloatField(_("score"))
    base = models.FloatField(_("score without the reasons"), null=True)
    reasons = models.JSONField(_("reasons"), default=list)
    # What within the mentee's reach would bring the two nearer, strongest first.
    nearer = models.JSONField(_("what would change this"), default=list, blank=True)
    method = models.CharField(
        _("method"),
        max_length=30,
        help_text=_("The learned ranker, or the fallback it yielded to."),
    )
    model = models.ForeignKey(
        "runs.TrainedModel",
        verbose_name=_("model"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    as_of = models.DateTimeField(_("data up to"))

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["mentee", "project", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentee", "project", "mentor"], name="one_match_of_two_in_a_project"
            ),
            models.UniqueConstraint(
                fields=["mentee", "project", "rank"], name="one_match_at_a_rank"
            ),
            models.CheckConstraint(
                condition=~Q(mentee=models.F("mentor")), name="nobody_mentors_themselves"
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="ranks_begin_at_one"),
        ]

    def __str__(self):
        return f"{self.mentee} → {self.mentor} ({self.project})"
