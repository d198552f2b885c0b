"""The log of who could be invited to lead, and when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.people.models.leader import LeaderSignal
from foundation.people.models.person import Person
from foundation.projects.models import Project


class InvitationQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at__isnull=True)


class Invitation(models.Model):
    """Stewards could read of somebody to invite, or by lot could not: since when, and until when.

    It says how near the chance was then, and by which model, so that it can be told later what
    flags change. The person alone reads it: it is not in the admin, and stays out of it.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="invitations"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="+"
    )
    horizon = models.PositiveSmallIntegerField(_("horizon"), choices=LeaderSignal.Horizon)
    probability = models.FloatField(_("probability"))
    model_version = models.CharField(_("model"), max_length=60)
    is_unflagged = models.BooleanField(_("left out by lot"))
    offered_at = models.DateTimeField(_("offered"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "project"],
                condition=Q(ended_at__isnull=True),
                name="one_standing_invitation_to_a_project",
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.project}"
