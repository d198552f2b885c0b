from django.contrib import admin

from foundation.projects.models import Foundation, Project, Repository, Role

admin.site.register(Foundation)


class RepositoryInline(admin.TabularInline):
    model = Repository
    fields = ["name", "location", "github", "branch", "head", "is_shallow", "read_at"]
    readonly_fields = ["branch", "head", "is_shallow", "read_at"]
    extra = 0


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "foundation", "merged_by_label"]
    list_select_related = ["foundation"]
    search_fields = ["name", "slug"]
    inlines = [RepositoryInline]


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    list_display = ["user", "project", "kind", "since", "until"]
    list_select_related = ["user", "project"]
    list_filter = ["kind", "project"]
    autocomplete_fields = ["user"]
