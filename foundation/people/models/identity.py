"""An identity is how a source spells somebody; links say which identities are one person, and why.

A person is a connected component of the applied links. Facts point at identities, so a merge or
its undoing rewrites no fact.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.people.models.person import Person
from foundation.projects.models import Repository


class IdentityQuerySet(models.QuerySet):
    def waiting_for_a_steward(self):
        return self.filter(kind=Identity.Kind.SUSPECTED, is_locked=False)

    def behaving_like_machines(self):
        """Humans by every rule, whom only a steward can tell from a machine."""
        return self.human().filter(is_locked=False, machine_signs__gt="")

    def human(self):
        return self.filter(kind=Identity.Kind.HUMAN)

    def unsettled(self):
        """Whose facts no resolution has seen yet; who was erased is meant to be nobody."""
        return self.filter(is_settled=False).exclude(source="erased")


class Identity(models.Model):
    class Kind(models.TextChoices):
        HUMAN = "human", _("human")
        SUSPECTED = "suspected", _("suspected bot")
        BOT = "bot", _("bot")
        SERVICE = "service", _("service account")
        AI = "ai", _("AI assistant")

    # The spelling, folded, that makes an identity unique: "git:name <email>", "handle:login", ...
    key = models.CharField(_("key"), max_length=600, unique=True)
    source = models.CharField(_("source"), max_length=20)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    login = models.CharField(_("login"), max_length=100, blank=True)
    github_id = models.BigIntegerField(_("GitHub id"), null=True, blank=True)
    api_github_id = models.BigIntegerField(
        _("GitHub id by its commits"),
        null=True,
        blank=True,
        help_text=_("The account that GitHub itself names for a commit of this identity."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.HUMAN)
    kind_reason = models.CharField(_("why this kind"), max_length=100, blank=True)
    is_locked = models.BooleanField(
        _("decided by a human"), default=False, help_text=_("No rule changes this identity again.")
    )
    # Codes of foundation.people.rhythm, separated by commas: hints, which change nothing.
    machine_signs = models.CharField(
        _("behaves like a machine"), max_length=100, blank=True, default="", db_default=""
    )
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="identities",
        help_text=_("Empty for bots and services: they are nobody."),
    )
    # Who this is was decided with all that is known of it: nothing has come in since.
    is_settled = models.BooleanField(_("settled"), default=False, db_default=False, editable=False)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        indexes = [
            models.Index(fields=["email"], name="identity_by_email"),
            models.Index(fields=["login"], name="identity_by_login"),
            models.Index(
                fields=["id"], condition=models.Q(is_settled=False), name="identity_unsettled"
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(machine_signs__gt=""),
                name="identity_like_a_machine",
            ),
        ]

    def __str__(self):
        if self.email:
            return f"{self.name} <{self.email}>"
        return self.login or self.name or self.key


class IdentityBucket(models.Model):
    """What an identity shares with whoever shares it: a hash of an address, an account, a name.

    Says who may be one person, so that the rules of resolution need not look at everybody.
    """

    identity = models.ForeignKey(
        Identity,
        verbose_name=_("identity"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    bucket = models.BigIntegerField(_("bucket"))

    class Meta:
        verbose_name = _("bucket of an identity")
        verbose_name_plural = _("buckets of identities")
        indexes = [models.Index(fields=["bucket", "identity"], name="identities_in_a_bucket")]
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "bucket"], name="an_identity_is_in_a_bucket_once"
            ),
        ]

    def __str__(self):
        return f"{self.identity} · {self.bucket}"


class Sighting(models.Model):
    """In which repository an identity was seen, from when to when."""

    identity = models.ForeignKey(
        Identity, verbose_name=_("identity"), on_delete=models.CASCADE, related_name="sightings"
    )
    repository = models.ForeignKey(
        Repository, verbose_name=_("repository"), on_delete=models.CASCADE, related_name="+"
    )
    first_at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("sighting")
        verbose_name_plural = _("sightings")
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "repository"], name="one_sighting_in_a_repository"
            ),
        ]

    def __str__(self):
        return f"{self.identity} · {self.repository}"


class IdentityLinkQuerySet(models.QuerySet):
    def doubtful(self):
        """Merges by a rule that itself saw something speak against them; nobody has answered."""
        return self.filter(
            state=IdentityLink.State.APPLIED, decided_at=None, evidence__has_key="unlike_names"
        )


class IdentityLink(models.Model):
    """Two identities that a rule or a human holds to be one person, with the evidence."""

    class State(models.TextChoices):
        APPLIED = "applied", _("applied")
        SUGGESTED = "suggested", _("suggested")
        REJECTED = "rejected", _("rejected")

    left = models.ForeignKey(
        Identity, verbose_name=_("identity"), on_delete=models.CASCADE, related_name="links_left"
    )
    right = models.ForeignKey(
        Identity,
        verbose_name=_("other identity"),
        on_delete=models.CASCADE,
        related_name="links_right",
    )
    rule = models.CharField(_("rule"), max_length=40)
    evidence = models.JSONField(_("evidence"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = IdentityLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity link")
        verbose_name_plural = _("identity links")
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="one_link_between_two"),
            models.CheckConstraint(
                condition=models.Q(left__lt=models.F("right")),
                name="link_runs_from_lower_to_higher",
            ),
        ]

    def __str__(self):
        return f"{self.left} = {self.right} ({self.rule})"


class DeclaredBot(models.Model):
    """A handle that the settings declared to be a bot when everybody was last judged, folded."""

    handle = models.CharField(_("handle"), max_length=200, unique=True)

    class Meta:
        verbose_name = _("declared bot")
        verbose_name_plural = _("declared bots")

    def __str__(self):
        return self.handle


class CompanyDomain(models.Model):
    """A mail domain whose local parts are the handles of a review tool: declared, or learned."""

    domain = models.CharField(_("mail domain"), max_length=254, unique=True)
    is_declared = models.BooleanField(
        _("declared"), default=False, help_text=_("Told by a steward, not learned from handles.")
    )

    class Meta:
        verbose_name = _("company domain")
        verbose_name_plural = _("company domains")

    def __str__(self):
        return self.domain


class Tombstone(models.Model):
    """The keyed hash of an erased identity: enough to keep it out, too little to know it."""

    digest = models.CharField(_("keyed hash"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")

    def __str__(self):
        return self.digest[:12]
