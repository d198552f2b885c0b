"""Who helps with every mentee of a project in a cohort."""

from django.conf import settings
from django.db import models
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from foundation.people.models import Person
from foundation.projects.models import Project


class CoMentorQuerySet(models.QuerySet):
    def published(self):
        return self.filter(cohort__published_at__isnull=False)

    def beside(self, cohort: str, project: str):
        """Of a placement whose cohort and project an outer query names."""
        return self.filter(cohort=OuterRef(cohort), project=OuterRef(project))


class CoMentor(models.Model):
    """Somebody who helps with every mentee of a project, in one cohort; each takes a place."""

    cohort = models.ForeignKey(
        "mentorship.Cohort",
        verbose_name=_("cohort"),
        on_delete=models.CASCADE,
        related_name="co_mentors",
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="+"
    )
    mentor = models.ForeignKey(
        Person, verbose_name=_("co-mentor"), on_delete=models.CASCADE, related_name="co_mentored"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"))

    objects = CoMentorQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-mentor")
        verbose_name_plural = _("co-mentors")
        ordering = ["project__name", "mentor__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "project", "mentor"], name="one_co_mentor_once_in_a_project"
            ),
        ]

    def __str__(self):
        return f"{self.mentor} · {self.project}"
