"""Who offers to mentor, who asks for a mentor, and the matches between them."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.people.models import Person
from foundation.projects.models import Project
from mentorship.cohort_models import Cohort, CohortPlacement, PairRule

__all__ = [
    "Cohort",
    "CohortPlacement",
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


class ExposureQuerySet(models.QuerySet):
    def standing(self):
        """On somebody's list now."""
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user):
        """One's own, as mentee or as mentor; a steward sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_steward:
            return self
        return self.filter(Q(mentee__user=user) | Q(mentor__user=user))

    def markable_by(self, user):
        """Whose mentee may say that they wrote to the mentor: on their own list, not said yet."""
        if not user.is_authenticated:
            return self.none()
        return self.standing().filter(mentee__user=user, asked_at__isnull=True)

    def answerable_by(self, user):
        """What a mentor may answer: who wrote to them, and has no answer yet."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(mentor__user=user, asked_at__isnull=False, answer="")

    def open_mentorships(self):
        """Both work together, and nobody said that it has ended."""
        return self.filter(answer=Exposure.Answer.ACCEPTED, finished_at__isnull=True)


class Exposure(models.Model):
    """A mentor stood on a mentee's list: when, where, by which model, and what came of it.

    While nobody has seen it, rank and model follow the newest list; from then on they say what
    was seen. A mentor who leaves a list and comes back gets a second row.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("they work together")
        DECLINED = "declined", _("not now")

    class Outcome(models.TextChoices):
        UNSEEN = "unseen", _("not seen yet")
        WAITING = "waiting", _("nothing yet")
        IGNORED = "ignored", _("nothing came of it")
        ASKED = "asked", _("the mentee wrote")
        DECLINED = "declined", _("the mentor had no room")
        ACCEPTED = "accepted", _("they agreed to work together")
        WORKED = "worked", _("the mentor reviewed the mentee’s work")

    PATIENCE = timedelta(days=30)

    mentee = models.ForeignKey(
        Person, verbose_name=_("mentee"), on_delete=models.CASCADE, related_name="exposures"
    )
    mentor = models.ForeignKey(
        Person,
        verbose_name=_("mentor"),
        on_delete=models.CASCADE,
        related_name="exposures_as_mentor",
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="exposures"
    )
    rank = models.PositiveSmallIntegerField(_("rank"))
    method = models.CharField(_("method"), max_length=30)
    model_version = models.CharField(_("model"), max_length=60, blank=True)
    is_unflagged = models.BooleanField(
        _("by fit alone"),
        default=False,
        help_text=_("Of the random share that nothing but the fit orders, for comparison."),
    )
    offered_at = models.DateTimeField(_("offered"))
    ended_at = models.DateTimeField(_("left the list"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    asked_at = models.DateTimeField(_("the mentee wrote"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    finished_at = models.DateTimeField(_("mentorship ended"), null=True, blank=True)
    worked_at = models.DateTimeField(_("first work together since"), null=True, blank=True)

    objects = ExposureQuerySet.as_manager()

    class Meta:
        verbose_name = _("exposure")
        verbose_name_plural = _("exposures")
        ordering = ["project", "mentee", "rank", "pk"]
        indexes = [
            models.Index(fields=["project", "ended_at"], name="exposure_by_end"),
            models.Index(fields=["mentor", "rank"], name="exposure_by_mentor"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mentee", "project", "mentor"],
                condition=Q(ended_at__isnull=True),
                name="one_standing_exposure_of_two_in_a_project",
            ),
            models.CheckConstraint(
                condition=~Q(mentee=models.F("mentor")), name="nobody_is_exposed_to_themselves"
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="exposures_rank_from_one"),
            models.CheckConstraint(
                condition=Q(answer="") | Q(asked_at__isnull=False, answered_at__isnull=False),
                name="an_answer_follows_a_question",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(answer="accepted"),
                name="only_a_mentorship_ends",
            ),
        ]

    def __str__(self):
        return f"{self.mentee} → {self.mentor} ({self.project})"

    def outcome(self, now):
        """What came of it, the furthest that it got."""
        if self.worked_at:
            return self.Outcome.WORKED
        if self.answer:
            return self.Outcome(self.answer)
        if self.asked_at:
            return self.Outcome.ASKED
        if self.seen_at is None:
            return self.Outcome.UNSEEN
        return self.Outcome.IGNORED if now > self.seen_at + self.PATIENCE else self.Outcome.WAITING
