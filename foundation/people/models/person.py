"""A person: what the identities that belong together have in common."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whose profile may this user open? Oneself; stewards and members, those not hidden."""
        if not user.is_authenticated:
            return self.none()
        if user.is_steward:
            return self.filter(erased_at__isnull=True)
        return self.filter(Q(user=user) | Q(is_hidden=False), erased_at__isnull=True)

    def of(self, user):
        return self.filter(user=user) if user.is_authenticated else self.none()


class Person(models.Model):
    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
    )
    is_hidden = models.BooleanField(
        _("hidden"),
        default=False,
        help_text=_(
            "Only this person and the stewards see the profile; nobody is matched with it."
        ),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("known since"), auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self):
        return self.name or str(_("somebody without a name"))

    def get_absolute_url(self):
        return reverse("web:person", args=[self.public_id])


class Affiliation(models.Model):
    """Where a person worked, and when. What the person declared is never overwritten."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="affiliations"
    )
    organisation = models.CharField(_("organisation"), max_length=200)
    since = models.DateField(_("since"))
    until = models.DateField(_("last seen"))
    is_declared = models.BooleanField(_("declared by the person"), default=False)

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["-until"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "is_declared"],
                name="one_affiliation_with_an_organisation",
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.organisation}"
