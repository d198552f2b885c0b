"""How good the answers were."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BacktestReportQuerySet(models.QuerySet):
    def latest_first(self):
        return self.order_by("-as_of", "-pk")

    def listed(self):
        """Without the reports themselves, which are long."""
        return self.defer("report")

    def visible_to(self, user):
        return self.all() if user.is_authenticated and user.is_steward else self.none()


class BacktestReport(models.Model):
    """How good the answers were on the newest part of the past, as a backtest found it."""

    task = models.CharField(_("task"), max_length=60)
    period = models.CharField(_("period"), max_length=60)
    data_hash = models.CharField(_("data"), max_length=64)
    as_of = models.DateTimeField(_("data up to"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    headline = models.JSONField(_("headline"), default=dict)
    report = models.JSONField(_("report"), default=dict)

    objects = BacktestReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("backtest report")
        verbose_name_plural = _("backtest reports")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "period"], name="one_report_of_a_task_in_a_period"
            ),
        ]

    def __str__(self):
        return f"{self.task} {self.period}"
