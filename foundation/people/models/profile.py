"""What a person's public work says, derived from the facts alone.

Weights halve every 180 days. They are stored scaled to a fixed landmark (see
``foundation.people.decay``), so that a new fact is added without reading the old ones and the
order of adding does not matter.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.people.models.person import Person
from foundation.projects.models import Project


class Profile(models.Model):
    """One person in one project."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="profiles"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="profiles"
    )
    changes = models.PositiveIntegerField(_("changes"), default=0)
    reviews_given = models.PositiveIntegerField(_("reviews given"), default=0)
    reviews_received = models.PositiveIntegerField(_("reviews received"), default=0)
    other_help = models.PositiveIntegerField(_("other help given"), default=0)
    newcomers_helped = models.PositiveIntegerField(_("newcomers helped"), default=0)
    active_weeks = models.PositiveIntegerField(_("active weeks"), default=0)
    # Week number since 1970-01-05 (a Monday) → deeds in it.
    weeks = models.JSONField(_("deeds by week"), default=dict)
    first_at = models.DateTimeField(_("first seen"), null=True)
    last_at = models.DateTimeField(_("last seen"), null=True)
    # 24 counts by hour of the day in UTC: for overlap with a mentee, never as a score.
    hours_utc = models.JSONField(_("usual hours (UTC)"), default=list)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "project"], name="one_profile_of_a_person_in_a_project"
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.project}"


class StaleProfile(models.Model):
    """A profile that must be rebuilt: an identity came or went, or facts were withdrawn."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="stale_profiles"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = _("profile to rebuild")
        verbose_name_plural = _("profiles to rebuild")
        constraints = [
            models.UniqueConstraint(fields=["person", "project"], name="a_profile_is_stale_once"),
        ]

    def __str__(self):
        return f"{self.person} · {self.project}"


class ExpertiseQuerySet(models.QuerySet):
    def shown(self):
        return self.filter(is_hidden=False)


class Expertise(models.Model):
    """An area, language or topic a person has worked on in a project."""

    class Kind(models.TextChoices):
        AREA = "area", _("area")
        LANGUAGE = "language", _("language")
        TOPIC = "topic", _("topic")

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="expertise"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="expertise"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    authored = models.FloatField(_("weight of own changes"), default=0)
    reviewed = models.FloatField(_("weight of reviews"), default=0)
    changes = models.PositiveIntegerField(_("changes"), default=0)
    reviews = models.PositiveIntegerField(_("reviews"), default=0)
    last_at = models.DateTimeField(_("last seen"), null=True)
    is_hidden = models.BooleanField(_("hidden by the person"), default=False)

    objects = ExpertiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("expertise")
        verbose_name_plural = _("expertise")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "project", "kind", "name"], name="one_line_of_expertise"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "kind", "name"], name="expertise_by_name"),
            models.Index(
                fields=["person"], condition=models.Q(is_hidden=True), name="hidden_expertise"
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.name}"
