"""Who was shown to whom, and what came of it."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.people.models import Person
from foundation.projects.models import Project


class ExposureQuerySet(models.QuerySet):
    def standing(self):
        """On somebody's list now."""
        return self.filter(ended_at__isnull=True)

    def on_lists(self):
        """What a ranking offered; a steward's placement may never have stood on a list."""
        return self.exclude(method=Exposure.BY_COHORT)

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
        return self.standing().filter(mentee__user=user, asked_at__isnull=True, answer="")

    def answerable_by(self, user):
        """What a mentor may answer: who wrote to them, and has no answer yet."""
        if not user.is_authenticated:
            return self.none()
        return self.waiting().filter(mentor__user=user)

    def waiting(self):
        """The mentee wrote, and has no answer yet."""
        return self.filter(asked_at__isnull=False, answer="")

    def open_mentorships(self):
        """Both work together, and nobody said that it has ended."""
        return self.filter(answer__in=Exposure.BEGUN, finished_at__isnull=True)

    def in_turn(self):
        """Held as they are read, until the transaction ends.

        By their keys, so that two who each hold several of them never wait for each other.
        """
        return self.select_for_update(no_key=True).order_by("pk")


class Exposure(models.Model):
    """A mentor stood on a mentee's list: when, where, by which model, and what came of it.

    Or a published cohort placed the two: ``answer`` says so, and ``method`` that they stood on no
    list. While nobody has seen it, rank and model follow the newest list; from then on they say
    what was seen. A mentor who leaves a list and comes back gets a second row.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("they work together")
        DECLINED = "declined", _("not now")
        PLACED = "placed", _("a steward placed them")

    class Outcome(models.TextChoices):
        UNSEEN = "unseen", _("not seen yet")
        WAITING = "waiting", _("nothing yet")
        IGNORED = "ignored", _("nothing came of it")
        ASKED = "asked", _("the mentee wrote")
        DECLINED = "declined", _("the mentor had no room")
        ACCEPTED = "accepted", _("they agreed to work together")
        PLACED = "placed", _("a steward placed them")
        WORKED = "worked", _("the mentor reviewed the mentee’s work")

    PATIENCE = timedelta(days=30)
    CREDITED = timedelta(days=180)  # work together later than this has other causes
    BY_COHORT = "cohort"  # the method of a row that no list made
    BEGUN = (Answer.ACCEPTED, Answer.PLACED)  # by the mentor's word, or by a steward's

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
    placement = models.ForeignKey(
        "mentorship.CohortPlacement",
        verbose_name=_("placement"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="mentorships",
        db_index=False,  # few rows have one: the constraint's index knows them
        help_text=_("The place that began it, with its mentor or a co-mentor."),
    )
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
                condition=Q(answer="")
                | Q(asked_at__isnull=False, answered_at__isnull=False)
                | Q(answer="placed", answered_at__isnull=False),
                name="an_answer_follows_a_question",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(answer__in=["accepted", "placed"]),
                name="only_a_mentorship_ends",
            ),
            models.CheckConstraint(
                condition=Q(placement__isnull=True) | Q(answer="placed"),
                name="a_place_begins_what_a_steward_placed",
            ),
            models.UniqueConstraint(
                fields=["placement", "mentor"],
                condition=Q(placement__isnull=False),
                name="one_mentorship_of_a_mentor_in_a_place",
            ),
        ]

    def __str__(self):
        return f"{self.mentee} → {self.mentor} ({self.project})"

    @property
    def pair(self) -> tuple[int, int, int]:
        """Where it is about whom: project, mentee and mentor, as primary keys."""
        return self.project_id, self.mentee_id, self.mentor_id

    def is_credited(self, now) -> bool:
        """May work together from now on come of it?"""
        return self.offered_at > now - self.CREDITED

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
