"""Who is placed where in a cohort, and since when that is over."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from foundation.people.models import Person
from foundation.projects.models import Project
from mentorship.co_mentor_models import CoMentor
from mentorship.cohort_models import Cohort
from mentorship.exposure_models import Exposure


class CohortPlacementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, once it is published; a steward sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_steward:
            return self
        own = Q(mentee__user=user) | Q(mentor__user=user)
        helped = CoMentor.objects.beside("cohort", "project").filter(mentor__user=user)
        return self.published().filter(own | Exists(helped))

    def helped_by(self, person):
        """Those of somebody else's mentees with whom a person helps as co-mentor.

        Each with ``helped_until``: since when they no longer do.
        """
        helped = CoMentor.objects.beside("cohort", "project").filter(mentor=person)
        begun = Exposure.objects.filter(placement=OuterRef("pk"), mentor=person)
        own_end = Subquery(begun.values("finished_at"))
        mine = self.filter(Exists(helped)).exclude(mentor=person)
        return mine.annotate(helped_until=Coalesce(own_end, "ended_at"))

    def published(self):
        return self.filter(cohort__state=Cohort.State.PUBLISHED)

    def endable_by(self, user):
        """Whose mentorship the mentee or a steward may end; a mentor ends each of their own."""
        if not user.is_authenticated:
            return self.none()
        placed = self.published().filter(mentor__isnull=False)
        return placed if user.is_steward else placed.filter(mentee__user=user)

    def running(self):
        """Published places whose mentorship nobody has ended."""
        return self.published().filter(mentor__isnull=False, ended_at=None)

    def led_by(self, exposure):
        """The place that began a mentorship, where its mentor is no co-mentor."""
        return self.filter(pk=exposure.placement_id, mentor=exposure.mentor_id)


class CohortPlacement(models.Model):
    """Where one mentee of a cohort is placed, or that there was no place, and why."""

    cohort = models.ForeignKey(
        Cohort, verbose_name=_("cohort"), on_delete=models.CASCADE, related_name="placements"
    )
    mentee = models.ForeignKey(
        Person, verbose_name=_("mentee"), on_delete=models.CASCADE, related_name="placements"
    )
    mentor = models.ForeignKey(
        Person,
        verbose_name=_("mentor"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="placements_as_mentor",
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="placements",
    )
    rank = models.PositiveSmallIntegerField(
        _("rank of the wish"), null=True, blank=True, help_text=_("0: pinned by a steward.")
    )
    score = models.FloatField(_("score"), null=True, blank=True)
    why_not = models.JSONField(_("why not elsewhere"), default=list, blank=True)
    would_help = models.JSONField(_("what would help"), default=list, blank=True)
    # Of its own: the log of suggestions is forgotten, and knows nothing of the oldest places.
    ended_at = models.DateTimeField(_("mentorship ended"), null=True, blank=True)

    objects = CohortPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["cohort", "mentee__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "mentee"], name="one_placement_of_a_mentee_in_a_cohort"
            ),
            models.CheckConstraint(
                condition=Q(project__isnull=True, mentor__isnull=True, rank__isnull=True)
                | Q(project__isnull=False, mentor__isnull=False, rank__isnull=False),
                name="a_placement_is_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(mentor__isnull=False),
                name="only_a_place_with_a_mentor_ends",
            ),
        ]

    def __str__(self):
        return (
            f"{self.mentee} → {self.mentor} ({self.project})" if self.mentor else f"{self.mentee}"
        )

    @property
    def is_running(self) -> bool:
        """Once it is published: a place, whose mentorship nobody has ended."""
        return self.mentor_id is not None and self.ended_at is None

    @property
    def is_pinned(self) -> bool:
        """Placed by a steward's rule: nothing else was weighed for this mentee."""
        return self.rank == 0
