"""A cohort that is assigned at once: its settings, and its rules."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.people.models import Person
from foundation.projects.models import Project


class CohortQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.all() if user.is_authenticated and user.is_steward else self.none()

    def listed(self):
        """Without what was computed, which is long, but for how many of whom have a place."""
        counts = {"matched": F("summary__matched"), "mentees": F("summary__mentees")}
        return self.annotate(**counts).defer("summary", "faults")

    def unpublished(self):
        return self.exclude(state=Cohort.State.PUBLISHED)


class Cohort(models.Model):
    """One assignment of everybody who asks: a preview until a named human publishes it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being computed")
        PREVIEW = "preview", _("preview")
        INFEASIBLE = "infeasible", _("rules contradict each other")
        PUBLISHED = "published", _("published")

    class Engine(models.TextChoices):
        STABLE = "stable", _("stable: no pair would rather have each other")
        OPTIMAL = "optimal", _("optimal: the best sum over everybody")

    class Objective(models.TextChoices):
        TOTAL = "total", _("the best fit in total")
        MATCHED = "matched", _("the most mentees placed")
        WORST_OFF = "worst_off", _("the best for whoever fares worst")

    name = models.CharField(_("name"), max_length=100)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    engine = models.CharField(_("way"), max_length=10, choices=Engine, default=Engine.STABLE)
    objective = models.CharField(
        _("aim"),
        max_length=10,
        choices=Objective,
        default=Objective.MATCHED,
        help_text=_("Counts for the optimal way only."),
    )
    seed = models.PositiveIntegerField(
        _("seed"), default=1, help_text=_("Draws the lots among equals; the same seed, the same.")
    )
    min_hours = models.PositiveSmallIntegerField(
        _("hours in common"),
        default=0,
        help_text=_("So many hours of the day at least, where both are known."),
    )
    common_language = models.BooleanField(
        _("need a language in common"), default=False, help_text=_("Where both said theirs.")
    )
    places_a_project = models.PositiveSmallIntegerField(
        _("places a project"),
        null=True,
        blank=True,
        help_text=_("Empty: as many as its mentors have."),
    )
    more_places = models.JSONField(_("more places"), default=dict, blank=True, editable=False)
    based_on = models.ForeignKey(
        "self",
        verbose_name=_("compared with"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="what_ifs",
    )
    change = models.JSONField(_("what was changed"), default=dict, blank=True, editable=False)
    summary = models.JSONField(_("figures"), default=dict, blank=True, editable=False)
    # Rules that contradict each other; of a preview: why the one before it was not published.
    faults = models.JSONField(_("contradictions"), default=list, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"))
    as_of = models.DateTimeField(_("data up to"), null=True, blank=True)
    # A run that is repeated writes anew what is of the same moment.
    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at__isnull=True)),
                name="a_published_cohort_has_its_date",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("mentorship:cohort", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_computed(self) -> bool:
        return self.state in (self.State.PREVIEW, self.State.PUBLISHED)

    @property
    def can_be_varied(self) -> bool:
        """Is it known who takes part, and nothing decided?"""
        return self.state in (self.State.PREVIEW, self.State.INFEASIBLE)


class PairRule(models.Model):
    """A steward's word about two people. A conflict of interest holds in every cohort."""

    class Kind(models.TextChoices):
        PIN = "pin", _("place them together")
        FORBIDDEN = "forbidden", _("do not place them together")
        CONFLICT = "conflict", _("conflict of interest, in every cohort")

    kind = models.CharField(_("rule"), max_length=10, choices=Kind)
    cohort = models.ForeignKey(
        Cohort,
        verbose_name=_("cohort"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="rules",
    )
    mentee = models.ForeignKey(
        Person, verbose_name=_("mentee"), on_delete=models.CASCADE, related_name="rules_as_mentee"
    )
    mentor = models.ForeignKey(
        Person, verbose_name=_("mentor"), on_delete=models.CASCADE, related_name="rules_as_mentor"
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("rule for a pair")
        verbose_name_plural = _("rules for pairs")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "kind", "mentee", "mentor"], name="one_rule_of_a_kind_for_a_pair"
            ),
            models.UniqueConstraint(
                fields=["mentee", "mentor"],
                condition=Q(kind="conflict"),
                name="one_conflict_of_a_pair",
            ),
            models.CheckConstraint(
                condition=Q(kind="conflict", cohort__isnull=True)
                | (~Q(kind="conflict") & Q(cohort__isnull=False)),
                name="a_conflict_belongs_to_no_cohort",
            ),
            models.CheckConstraint(
                condition=~Q(kind="pin") | Q(project__isnull=False), name="a_pin_names_its_project"
            ),
        ]

    def __str__(self):
        return f"{self.mentee} · {self.mentor} · {self.get_kind_display()}"
