"""A steward's desk: who is who, why, and what waits for a human's decision.

Whatever changes who somebody is goes through the verbs of ``merging``; nothing is edited by hand.
"""

from django.conf import settings
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.people.known import declare_companies, undeclare_companies
from foundation.people.links import rule_words
from foundation.people.merging import decide_all, set_kind
from foundation.people.models import (
    Affiliation,
    CompanyDomain,
    Consent,
    Identity,
    IdentityLink,
    LeaderSignal,
    Person,
    SignalView,
)
from foundation.people.rhythm_words import sign_words


class ReadOnly(admin.ModelAdmin):
    """Derived or logged: to be looked at, not edited."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class IdentityInline(admin.TabularInline):
    model = Identity
    fields = ["name", "email", "login", "kind", "source"]
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False


class AffiliationInline(admin.TabularInline):
    model = Affiliation
    extra = 0


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["name", "user", "is_hidden", "created_at"]
    list_select_related = ["user"]
    list_filter = ["is_hidden"]
    search_fields = ["name", "identities__email", "identities__login", "public_id"]
    readonly_fields = ["public_id", "created_at", "erased_at"]
    autocomplete_fields = ["user"]
    inlines = [IdentityInline, AffiliationInline]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False  # people leave by their own erasure, which keeps them out


@admin.register(Identity)
class IdentityAdmin(ReadOnly):
    list_display = ["__str__", "source", "kind", "kind_reason", "behaviour", "is_locked", "person"]
    list_select_related = ["person"]
    list_filter = ["kind", "source", "is_locked", ("machine_signs", admin.EmptyFieldListFilter)]
    search_fields = ["name", "email", "login"]
    actions = ["call_human", "call_bot", "call_service"]

    @admin.display(description=_("behaves like a machine"), ordering="machine_signs")
    def behaviour(self, identity):
        return sign_words(identity.machine_signs)

    @admin.action(description=_("These are humans"))
    def call_human(self, request, queryset):
        self._call(request, queryset, Identity.Kind.HUMAN)

    @admin.action(description=_("These are bots"))
    def call_bot(self, request, queryset):
        self._call(request, queryset, Identity.Kind.BOT)

    @admin.action(description=_("These are service accounts"))
    def call_service(self, request, queryset):
        self._call(request, queryset, Identity.Kind.SERVICE)

    def _call(self, request, queryset, kind):
        identities = list(queryset)
        for identity in identities:
            set_kind(identity, kind, by=request.user)
        _tell(request, self, len(identities))


class DoubtfulFilter(admin.SimpleListFilter):
    title, parameter_name = _("doubtful merges"), "doubtful"

    def lookups(self, request, model_admin):
        return [("1", _("Not answered yet"))]

    def queryset(self, request, queryset):
        return queryset.doubtful() if self.value() == "1" else queryset


@admin.register(IdentityLink)
class IdentityLinkAdmin(ReadOnly):
    list_display = ["left", "right", "why", "state", "evidence", "decided_by", "made_at"]
    list_select_related = ["left", "right", "decided_by"]
    list_filter = ["state", "rule", DoubtfulFilter]
    search_fields = ["left__name", "left__email", "right__name", "right__email"]
    actions = ["apply", "reject"]

    @admin.display(description=_("rule"), ordering="rule")
    def why(self, link):
        return f"{rule_words(link.rule)} ({link.rule})"

    @admin.action(description=_("They are one person"))
    def apply(self, request, queryset):
        self._decide(request, queryset, applied=True)

    @admin.action(description=_("They are two people (undoes a merge)"))
    def reject(self, request, queryset):
        self._decide(request, queryset, applied=False)

    def _decide(self, request, queryset, *, applied):
        links = list(queryset)
        decide_all(links, applied=applied, by=request.user)
        _tell(request, self, len(links))


@admin.register(CompanyDomain)
class CompanyDomainAdmin(admin.ModelAdmin):
    """A steward may declare a domain; what was learned from handles comes and goes by itself."""

    list_display = ["domain", "is_declared"]
    list_filter = ["is_declared"]
    search_fields = ["domain"]
    fields = ["domain"]
    actions = ["declare"]

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        (obj.pk,) = declare_companies([obj.domain])

    def delete_model(self, request, obj):
        undeclare_companies([obj.domain])

    def delete_queryset(self, request, queryset):
        undeclare_companies(queryset.values_list("domain", flat=True))

    @admin.action(description=_("Declare these, so that they stay"))
    def declare(self, request, queryset):
        domains = list(queryset.values_list("domain", flat=True))
        declare_companies(domains)
        _tell(request, self, len(domains))


def _tell(request, model_admin, count):
    told = ngettext("%(count)s decision was noted.", "%(count)s decisions were noted.", count)
    model_admin.message_user(request, told % {"count": count}, messages.SUCCESS)


@admin.register(LeaderSignal)
class LeaderSignalAdmin(ReadOnly):
    """Who and until when. The probability is not shown here: it is the person's own to show."""

    list_display = ["person", "project", "horizon", "as_of", "expires_at", "is_declined"]
    list_select_related = ["person", "project"]
    list_filter = ["project"]
    fields = ["person", "project", "horizon", "model", "as_of", "expires_at", "is_declined"]

    def lookup_allowed(self, lookup, value, request=None):
        # A filter on the number in the address would tell it, bit by bit.
        return lookup in {"project__id__exact", "project"}

    def get_queryset(self, request):
        return LeaderSignal.objects.visible_to(
            request.user, need_consent=settings.LEADERS_NEED_CONSENT
        )


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    list_display = ["person", "purpose", "granted_at", "withdrawn_at"]
    list_select_related = ["person"]


@admin.register(SignalView)
class SignalViewAdmin(ReadOnly):
    list_display = ["viewer", "person", "project", "saw_number", "at"]
    list_select_related = ["viewer", "person", "project"]
