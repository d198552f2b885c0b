"""The run ledger: the truth about background work.

A Celery message only wakes a worker up; whether work is owed, taken, done or failed stands here.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from foundation.runs.said_words import said_words


class RunQuerySet(models.QuerySet):
    def claimable(self, now):
        """Runs that a worker may take: waiting ones that do not rest after a failure."""
        rested = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        return self.filter(rested, state=Run.State.WAITING)

    def running(self):
        return self.filter(state=Run.State.RUNNING)

    def unfinished(self):
        return self.filter(state__in=[Run.State.WAITING, Run.State.RUNNING])

    def outdated(self):
        """Waiting runs whose work a run of a later period has done in the meantime."""
        later = Run.objects.filter(
            task=OuterRef("task"),
            scope=OuterRef("scope"),
            period__gt=OuterRef("period"),
            state=Run.State.DONE,
        )
        return self.filter(Exists(later), state=Run.State.WAITING)

    def unblocked(self):
        """Without those that must wait because the same task and scope is running."""
        same = Run.objects.running().filter(task=OuterRef("task"), scope=OuterRef("scope"))
        return self.exclude(Exists(same))

    def latest_first(self):
        return self.order_by("-queued_at", "-pk")

    def visible_to(self, user):
        return self.all() if user.is_authenticated and user.is_steward else self.none()


class Run(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    task = models.CharField(_("task"), max_length=60)
    scope = models.CharField(_("scope"), max_length=200, blank=True)
    # When it began, as foundation.runs.ledger.stamp() writes it: text order is time order.
    period = models.CharField(_("period"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    token = models.CharField(_("claim"), max_length=32, blank=True, editable=False)
    # Running: silent for longer, the worker counts as lost. Waiting: it rests until then.
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    as_of = models.DateTimeField(_("data up to"))
    queued_at = models.DateTimeField(_("queued"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "scope", "period"], name="one_run_of_a_task_in_a_period"
            ),
            # Two workers on one project's task would undo each other's rows.
            models.UniqueConstraint(
                fields=["task", "scope"],
                condition=Q(state="running"),
                name="one_running_of_a_task_and_scope",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="run_by_state")]

    def __str__(self):
        return f"{self.task} {self.scope} {self.period}".strip()

    @property
    def error_words(self) -> str:
        """Why it failed, in the reader's language where that is known."""
        return said_words(self.result.get("said", []), self.error)

    @property
    def seconds(self):
        """How long the last attempt took, in seconds; None while it runs."""
        if not (self.started_at and self.finished_at):
            return None
        return (self.finished_at - self.started_at).total_seconds()
