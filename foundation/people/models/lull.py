"""It has been quiet around somebody, for longer than is usual for them: between us, them, and
after a while whoever mentors them now."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.people.models.person import Person

HEAD_START = timedelta(days=7)
"""For so long the person alone can read it, and answer, before their mentor may."""


class LullQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and nobody else's: being a steward gives no right to it."""
        return self.filter(person__user=user) if user.is_authenticated else self.none()

    def current(self, now):
        """Those that hold, of people who did not ask to be left in peace."""
        resting = LullPause.objects.standing(now.date()).values("person")
        return self.filter(expires_at__gt=now).exclude(person__in=resting)

    def open_to_mentors(self, now):
        """Those that hold, and that the person had time to read first."""
        return self.current(now).filter(told_since__lte=now - HEAD_START)


class Lull(models.Model):
    """A silence that is long for this very person. It is not in the admin, and stays out of it."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="lulls"
    )
    last_on = models.DateField(_("last active"))
    days = models.PositiveIntegerField(_("days of silence"))
    usual_days = models.PositiveIntegerField(
        _("usual days"), help_text=_("Nine of ten pauses of this person ended within so many days.")
    )
    chance = models.FloatField(
        _("chance"), help_text=_("Share of days on which their own rhythm is silent for so long.")
    )
    told_since = models.DateTimeField(_("told since"))
    as_of = models.DateTimeField(_("data up to"))
    expires_at = models.DateTimeField(_("expires"))

    objects = LullQuerySet.as_manager()

    class Meta:
        verbose_name = _("lull")
        verbose_name_plural = _("lulls")
        constraints = [
            models.UniqueConstraint(fields=["person"], name="one_lull_of_a_person"),
            models.CheckConstraint(
                condition=Q(chance__gte=0, chance__lte=1), name="chance_between_0_and_1"
            ),
        ]

    def __str__(self):
        return str(self.person)


class LullPauseQuerySet(models.QuerySet):
    def standing(self, on):
        return self.filter(Q(until__isnull=True) | Q(until__gt=on))


class LullPause(models.Model):
    """Somebody is fine, or does not wish their rhythm to be looked at: nothing is computed then."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="lull_pauses"
    )
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty: for good."))

    objects = LullPauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("rest from lulls")
        verbose_name_plural = _("rests from lulls")
        constraints = [
            models.UniqueConstraint(fields=["person"], name="one_rest_from_lulls_of_a_person"),
        ]

    def __str__(self):
        return str(self.person)
