"""A steward's desk for models: which serves, why, how two compare, and the last word on it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from foundation.people.admin import ReadOnly
from foundation.runs import champions
from foundation.runs.comparison import compare, describe, own_mark
from foundation.runs.models import ModelEvent, TrainedModel
from foundation.web.keys import key_in

TWO = 2


class ModelEventInline(admin.TabularInline):
    model = ModelEvent
    fields = readonly_fields = ["at", "kind", "by", "why"]
    ordering = ["-pk"]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by", "model")

    @admin.display(description=_("why"))
    def why(self, event):
        return event.words

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(TrainedModel)
class TrainedModelAdmin(ReadOnly):
    list_display = ["standing", "task", "as_of", "newest", "verdict", "version"]
    list_display_links = ["task", "version"]
    list_filter = ["task", "is_serving"]
    search_fields = ["version"]
    ordering = ["task", "-is_serving", "-as_of", "-pk"]
    inlines = [ModelEventInline]
    fields = ["task", "version", "file", "is_serving", "is_pinned", "why_refused"]
    readonly_fields = ["why_refused"]
    actions = ["compare_two", "pin", "unpin", "roll_back"]
    change_form_template = "admin/runs/trainedmodel/one.html"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("events")

    @admin.display(description=_("state"), ordering="is_serving")
    def standing(self, model):
        return model.standing_words

    @admin.display(description=_("on the newest slice"))
    def newest(self, model):
        return own_mark(model)

    @admin.display(description=_("what became of it"))
    def verdict(self, model):
        if model.refusal:
            return model.refusal_words
        events = sorted(model.events.all(), key=lambda event: event.pk)
        if not events:
            return ""
        return " · ".join(filter(None, (events[-1].get_kind_display(), events[-1].words)))

    @admin.display(description=_("why it is refused"))
    def why_refused(self, model):
        return model.refusal_words

    def has_decide_permission(self, request):
        return request.user.is_steward

    def get_urls(self):
        views = [
            ("compare/", require_safe(self.compare_view), "compare"),
            ("<int:pk>/<slug:verb>/decide/", require_POST(self.decide_view), "decide"),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"runs_trainedmodel_{name}")
            for route, view, name in views
        ]
        return own + super().get_urls()

    @admin.action(description=_("Compare two"))
    def compare_two(self, request, queryset):
        chosen = list(queryset.order_by("-is_serving", "-as_of")[:3])
        if len(chosen) != TWO or chosen[0].task != chosen[1].task:
            told = _("Choose two models of the same task to compare.")
            self.message_user(request, told, messages.WARNING)
            return None
        page = reverse("admin:runs_trainedmodel_compare")
        return redirect(f"{page}?one={chosen[0].pk}&other={chosen[1].pk}")

    @admin.action(description=_("Let it serve until it is unpinned"), permissions=["decide"])
    def pin(self, request, queryset):
        self._decide_on_one(request, queryset, "pin")

    @admin.action(description=_("Unpin"), permissions=["decide"])
    def unpin(self, request, queryset):
        self._decide_on_one(request, queryset, "unpin")

    @admin.action(description=_("Let the former champion serve again"), permissions=["decide"])
    def roll_back(self, request, queryset):
        self._decide_on_one(request, queryset, "roll-back")

    def _decide_on_one(self, request, queryset, verb):
        chosen = list(queryset[:TWO])
        if len(chosen) == TWO:
            self.message_user(request, _("Choose one model."), messages.WARNING)
            return
        self._decide(request, chosen[0], verb)

    def _decide(self, request, model, verb):
        try:
            told = VERBS[verb](model, request.user)
        except champions.Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        self.message_user(request, told, messages.SUCCESS)

    def decide_view(self, request, pk, verb):
        if not self.has_decide_permission(request):
            raise PermissionDenied
        if verb not in VERBS:
            raise Http404
        model = get_object_or_404(TrainedModel, pk=pk)
        self._decide(request, model, verb)
        return redirect("admin:runs_trainedmodel_change", model.pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        model = TrainedModel.objects.filter(pk=key_in(object_id)).first()
        about = {"sections": describe(model) if model else []}
        return super().change_view(request, object_id, form_url, about | (extra_context or {}))

    def compare_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        one, other = (_model_named(request, name) for name in ("one", "other"))
        if one.task != other.task:
            raise Http404
        context = self.admin_site.each_context(request) | {
            "title": gettext("Two models side by side"),
            "opts": self.opts,
            "models": [one, other],
            "sections": compare(one, other),
            "may_decide": self.has_decide_permission(request),
        }
        return render(request, "admin/runs/trainedmodel/compare.html", context)


def _model_named(request, name: str) -> TrainedModel:
    """The model whose key stands in the address; 404 when there is none."""
    return get_object_or_404(TrainedModel, pk=key_in(request.GET.get(name, "")))


def _pin(model, by) -> str:
    champions.pin(model, by=by)
    return gettext("%(model)s serves until it is unpinned.") % {"model": model}


def _unpin(model, by) -> str:
    champions.unpin(model, by=by)
    return gettext("%(model)s serves until a newer model is no worse.") % {"model": model}


def _roll_back(model, by) -> str:
    former = champions.roll_back(model, by=by)
    return gettext(
        "%(model)s serves again, until a newer model is no worse: pin it if it shall stay."
    ) % {"model": former}


VERBS = {"pin": _pin, "unpin": _unpin, "roll-back": _roll_back}
