"""What a person agreed to, and who looked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.people.models.person import Person
from foundation.projects.models import Project


class Consent(models.Model):
    class Purpose(models.TextChoices):
        LEADER_NUMBER = "leader_number", _("stewards may see the probability behind an invitation")

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="consents"
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    text_version = models.PositiveSmallIntegerField(_("version of the text"), default=1)
    granted_at = models.DateTimeField(_("granted"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_consent_for_a_purpose",
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.get_purpose_display()}"


class SignalView(models.Model):
    """A steward looked at a person's leader evidence; the person may read this log."""

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("viewer"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="signal_views"
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text=_("Whose evidence was opened; that of other projects was not."),
    )
    saw_number = models.BooleanField(_("saw the probability"), default=False)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("look at a leader signal")
        verbose_name_plural = _("looks at leader signals")
        ordering = ["-at"]

    def __str__(self):
        return f"{self.viewer} → {self.person}"
