"""An invitation in waiting: somebody who seems to be growing into a leader of a project."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from foundation.people.models.person import Person
from foundation.projects.models import Project


class LeaderSignalQuerySet(models.QuerySet):
    def nearest(self):
        """Of several horizons of one person in one project, the nearest."""
        nearer = LeaderSignal.objects.filter(
            person=OuterRef("person"), project=OuterRef("project"), horizon__lt=OuterRef("horizon")
        )
        return self.filter(~Exists(nearer))

    def current(self, now):
        return self.filter(expires_at__gt=now, person__erased_at__isnull=True)

    def visible_to(self, user, *, need_consent):
        """One's own signals; a steward's, those of people who did not hide.

        With ``need_consent`` a steward sees only the people who agreed.
        """
        if not user.is_authenticated:
            return self.none()
        own = Q(person__user=user)
        if not user.is_steward:
            return self.filter(own)
        others = _for_stewards(need_consent) & Q(is_unflagged=False)
        return self.filter(own | others).distinct()

    def for_stewards(self, *, need_consent):
        """Of those whom stewards may read of, or could if the lot had not left them out."""
        return self.filter(_for_stewards(need_consent)).distinct()


def _for_stewards(need_consent: bool) -> Q:
    shown = Q(person__is_hidden=False, is_declined=False)
    if need_consent:
        shown &= Q(
            person__consents__purpose="leader_number", person__consents__withdrawn_at__isnull=True
        )
    return shown


class LeaderSignal(models.Model):
    """The calibrated chance, with its interval, that a person is core in so many years."""

    class Horizon(models.IntegerChoices):
        ONE_YEAR = 1, _("in a year")
        TWO_YEARS = 2, _("in two years")

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="leader_signals"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="leader_signals"
    )
    horizon = models.PositiveSmallIntegerField(
        _("horizon"), choices=Horizon, default=Horizon.ONE_YEAR, help_text=_("In years.")
    )
    probability = models.FloatField(_("probability"))
    low = models.FloatField(_("lower end"))
    high = models.FloatField(_("upper end"))
    # base + the contributions of all reasons = the log odds of the probability.
    base = models.FloatField(_("log odds without the reasons"), null=True)
    reasons = models.JSONField(_("reasons"), default=list)
    model = models.ForeignKey(
        "runs.TrainedModel", verbose_name=_("model"), on_delete=models.PROTECT, related_name="+"
    )
    as_of = models.DateTimeField(_("data up to"))
    expires_at = models.DateTimeField(_("expires"))
    is_declined = models.BooleanField(
        _("declined"), default=False, help_text=_("The person does not wish to be shown here.")
    )
    is_unflagged = models.BooleanField(
        _("left out by lot"),
        default=False,
        help_text=_("Of the random share that stewards are not shown, for comparison."),
    )

    objects = LeaderSignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("leader signal")
        verbose_name_plural = _("leader signals")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "project", "horizon"], name="one_signal_at_a_horizon"
            ),
            models.CheckConstraint(condition=Q(horizon__in=(1, 2)), name="one_year_or_two"),
            models.CheckConstraint(
                condition=Q(
                    low__gte=0,
                    probability__gte=models.F("low"),
                    high__gte=models.F("probability"),
                    high__lte=1,
                ),
                name="probability_within_its_interval",
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.project}"
