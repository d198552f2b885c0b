"""The facts: what was changed, and who did what about it. Append-only.

Facts point at identities, not people: who an identity is may be learned, corrected and undone
later (``foundation.people``) without touching a fact.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.people.models import Identity
from foundation.projects.models import Repository


class ChangeQuerySet(models.QuerySet):
    def standing(self):
        """Changes that are still part of the history."""
        return self.filter(withdrawn_at__isnull=True)

    def withdrawn(self):
        """Changes that a force-push removed."""
        return self.filter(withdrawn_at__isnull=False)

    def touching_area(self, area):
        """Changes that touched something under a folder."""
        return self.filter(Q(paths__startswith=f"{area}/") | Q(paths__contains=f"\n{area}/"))

    def touching_files(self, endings):
        """Changes that touched a file whose name ends in one of ``endings``."""
        wanted = Q()
        for ending in endings:
            wanted |= Q(paths__endswith=ending) | Q(paths__contains=f"{ending}\n")
        return self.filter(wanted)

    def speaking_of(self, topic):
        return self.filter(subject__icontains=topic)


class Change(models.Model):
    """A commit, pull request or issue of a repository."""

    repository = models.ForeignKey(
        Repository, verbose_name=_("repository"), on_delete=models.CASCADE, related_name="changes"
    )
    kind = models.CharField(_("kind"), max_length=20)
    external_id = models.CharField(_("id at the source"), max_length=100)
    author = models.ForeignKey(
        Identity,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        help_text=_("Empty when the source does not tell."),
    )
    committer = models.ForeignKey(
        Identity,
        verbose_name=_("committer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    authored_at = models.DateTimeField(_("written"), null=True, blank=True)
    author_offset = models.SmallIntegerField(_("author's minutes east of UTC"), null=True)
    landed_at = models.DateTimeField(_("landed"), null=True, blank=True, db_index=True)
    committer_offset = models.SmallIntegerField(_("committer's minutes east of UTC"), null=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    # One path a line, at most 2,000, a line break within one spelled as a backslash and an n.
    # Empty with path_count NULL means that they are not known.
    paths = models.TextField(_("paths"), blank=True)
    path_count = models.PositiveIntegerField(_("paths touched"), null=True, blank=True)
    is_merge = models.BooleanField(_("merge commit"), default=False)
    is_import = models.BooleanField(_("carried over from another system"), default=False)
    is_merged = models.BooleanField(_("merged"), null=True, blank=True)
    # What events told of it and when, as ``foundation.activity.threads`` sums it up.
    told = models.JSONField(null=True, blank=True, editable=False)
    pull_request = models.PositiveIntegerField(_("pull request"), null=True, blank=True)
    differential = models.CharField(_("differential revision"), max_length=30, blank=True)
    ai_assistants = models.CharField(_("AI assistants named"), max_length=200, blank=True)
    oddities = models.CharField(_("oddities survived"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(
        _("left the history"),
        null=True,
        blank=True,
        help_text=_("Set when a force-push removed it; set back when it returns."),
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(
                fields=["id"], condition=Q(withdrawn_at__isnull=False), name="withdrawn_changes"
            ),
            models.Index(
                fields=["repository", "pull_request"],
                condition=Q(pull_request__isnull=False),
                name="changes_of_a_pull_request",
            ),
            # Most repositories have none: that must not take a look at each of their commits.
            models.Index(
                fields=["repository"],
                condition=Q(kind="pull_request"),
                name="pull_requests_of_a_repository",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["repository", "external_id"], name="one_change_for_an_external_id"
            ),
        ]

    def __str__(self):
        return self.subject or self.external_id

    @property
    def path_list(self):
        return self.paths.split("\n") if self.paths else []


class Activity(models.Model):
    """Somebody did something about a change: authored, reviewed, mentored, tested, ...

    ``kind`` is an open vocabulary. ``counterpart`` is whom it was done for: the change's author.
    """

    change = models.ForeignKey(
        Change, verbose_name=_("change"), on_delete=models.CASCADE, related_name="activities"
    )
    identity = models.ForeignKey(
        Identity,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        related_name="activities",
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=30)
    at = models.DateTimeField(_("when"), null=True)
    counterpart = models.ForeignKey(
        Identity,
        verbose_name=_("for whom"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="received",
    )
    external_id = models.CharField(_("id at the source"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [models.Index(fields=["identity", "at"], name="activity_by_identity")]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "identity", "kind", "external_id"],
                name="an_activity_is_told_once",
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.change}"
