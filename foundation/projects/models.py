"""What is cared for: a foundation, its projects, their repositories, and who holds which role."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Foundation(models.Model):
    name = models.CharField(_("name"), max_length=200, unique=True)

    class Meta:
        verbose_name = _("foundation")
        verbose_name_plural = _("foundations")

    def __str__(self):
        return self.name


class ProjectQuerySet(models.QuerySet):
    def called(self, slug):
        """The project with this short name, however it is spelled; None if there is none."""
        return self.filter(slug__iexact=slug).first()

    def spelled(self, slugs):
        """Short names as they are spelled here; what is no project stays as it is."""
        known = {slug.casefold(): slug for slug in self.values_list("slug", flat=True)}
        return [known.get(slug.casefold(), slug) for slug in slugs]


class Project(models.Model):
    foundation = models.ForeignKey(
        Foundation,
        verbose_name=_("foundation"),
        on_delete=models.CASCADE,
        related_name="projects",
    )
    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    merged_by_label = models.BooleanField(
        _("merged by a bot"),
        default=False,
        help_text=_(
            "A closed pull request with the label “Merged”, or a commit that names it, was merged."
        ),
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Repository(models.Model):
    """A history that is read. ``head`` is the cursor: everything up to it has been taken in."""

    MAILMAP_AWAITED = "?"  # people came in since it was read, whom it may name

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="repositories"
    )
    name = models.CharField(_("name"), max_length=200)
    location = models.CharField(_("location"), max_length=1000, blank=True)
    github = models.CharField(
        _("name on GitHub"), max_length=200, blank=True, help_text=_("owner/name")
    )
    head = models.CharField(_("last commit read"), max_length=64, blank=True)
    branch = models.CharField(_("branch"), max_length=200, blank=True)
    is_shallow = models.BooleanField(_("shallow"), default=False)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    # The id of the .mailmap that people were last resolved with, "" when there was none.
    mailmap = models.CharField(max_length=64, blank=True, editable=False)
    profiled_up_to = models.BigIntegerField(
        _("profiles hold activities up to"), default=0, editable=False
    )

    class Meta:
        verbose_name = _("repository")
        verbose_name_plural = _("repositories")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"], name="one_repository_of_a_name_in_a_project"
            ),
        ]

    def __str__(self):
        return self.name


class RoleQuerySet(models.QuerySet):
    def current(self, on):
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


class Role(models.Model):
    """A dated role in a project: a steward grants it, history keeps it."""

    class Kind(models.TextChoices):
        MAINTAINER = "maintainer", _("maintainer")
        REVIEWER = "reviewer", _("reviewer")
        PROGRAM_ADMIN = "program_admin", _("program admin")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="roles",
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="roles"
    )
    kind = models.CharField(_("role"), max_length=20, choices=Kind)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="role_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.project} · {self.get_kind_display()}"
