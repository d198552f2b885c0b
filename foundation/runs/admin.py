from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.people.admin import ReadOnly
from foundation.runs.ledger import run_again
from foundation.runs.model_admin import TrainedModelAdmin
from foundation.runs.models import Run

__all__ = ["RunAdmin", "TrainedModelAdmin"]


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = [
        "task",
        "scope",
        "period",
        "state",
        "attempts",
        "seconds",
        "finished_at",
        "error",
    ]
    list_filter = ["state", "task"]
    search_fields = ["scope", "period", "error"]
    actions = ["again"]

    @admin.action(description=_("Run failed ones again"))
    def again(self, request, queryset):
        count = sum(run_again(run) for run in queryset)
        told = ngettext(
            "%(count)s run will be tried again.", "%(count)s runs will be tried again.", count
        )
        self.message_user(request, told % {"count": count}, messages.SUCCESS)
