from django.contrib import admin, messages
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from foundation.people.admin import ReadOnly
from foundation.runs.freshness import name_scopes, task_words
from foundation.runs.ledger import run_again
from foundation.runs.model_admin import TrainedModelAdmin
from foundation.runs.models import Run

__all__ = ["RunAdmin", "TrainedModelAdmin"]


class TaskFilter(admin.AllValuesFieldListFilter):
    """Every task there is, in words."""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield choice | {"display": task_words(choice["display"])}


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = [
        "name",
        "whom",
        "state",
        "queued_at",
        "duration",
        "attempts",
        "why_failed",
    ]
    ordering = ["-queued_at", "-pk"]
    list_filter = ["state", ("task", TaskFilter)]
    search_fields = ["scope", "period", "error"]
    actions = ["again"]

    @admin.display(description=_("task"), ordering="task")
    def name(self, run):
        return task_words(run.task)

    @admin.display(description=_("For"), ordering="scope")
    def whom(self, run):
        return run.scope_name or gettext("all projects")

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        changelist.result_list = name_scopes(changelist.result_list)
        return changelist

    @admin.display(description=_("seconds"))
    def duration(self, run):
        return None if run.seconds is None else floatformat(run.seconds, 1)

    @admin.display(description=_("error"), ordering="error")
    def why_failed(self, run):
        return run.error_words if run.state == Run.State.FAILED else None

    @admin.action(description=_("Run failed ones again"))
    def again(self, request, queryset):
        count = sum(run_again(run) for run in queryset)
        told = ngettext(
            "%(count)s run will be tried again.", "%(count)s runs will be tried again.", count
        )
        self.message_user(request, told % {"count": count}, messages.SUCCESS)
