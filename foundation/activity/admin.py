from django.contrib import admin

from foundation.activity.models import Activity, Change
from foundation.people.admin import ReadOnly


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    list_display = ["subject", "repository", "kind", "author", "landed_at", "oddities"]
    list_select_related = ["repository", "author"]
    list_filter = ["kind", "repository__project", "is_merge"]
    search_fields = ["external_id", "subject"]
    show_full_result_count = False


@admin.register(Activity)
class ActivityAdmin(ReadOnly):
    list_display = ["kind", "identity", "change", "at"]
    list_select_related = ["identity", "change"]
    list_filter = ["kind"]
    show_full_result_count = False
