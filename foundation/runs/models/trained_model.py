"""What was learned, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.runs.said_words import said_words


class TrainedModelQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.all() if user.is_authenticated and user.is_steward else self.none()

    def champion(self, task):
        """The model of a task that serves, or None."""
        return self.filter(task=task, is_serving=True).first()

    def witness(self, task):
        """The model that knows which features this version computes: the champion, then the one
        that was made last; never one that is refused itself. None where there is none."""
        fit = self.filter(task=task, refusal="").exclude(file="")
        return fit.order_by("-is_serving", "-pk").first()

    def in_order_of_trust(self, task):
        """The champion, then whoever was champion, then the others; the latest of each first.

        Whom a simple ranking beat is trusted only while somebody lets it serve by name; whom the
        champion of its day beat, once somebody did. Where the champion itself was beaten, so that
        nobody is, no older model steps in: it was put aside for a better one, and nobody examined
        it since.
        """
        was_champion = Exists(ModelEvent.objects.began_to_serve().filter(model=OuterRef("pk")))
        is_beaten = Q(is_serving=False, trial__has_key="worse_than")
        is_worse = Q(is_serving=False, trial__gap__high__lt=0) & ~was_champion
        models_of_task = TrainedModel.objects.filter(task=task)
        beaten_since = Exists(models_of_task.filter(is_beaten, pk__gt=OuterRef("pk")))
        has_champion = Exists(models_of_task.filter(is_serving=True))
        trusted = self.filter(has_champion | ~beaten_since, task=task)
        trusted = trusted.exclude(pk__in=models_of_task.filter(is_beaten | is_worse).values("pk"))
        trusted = trusted.annotate(was_champion=was_champion)
        return trusted.order_by("-is_serving", "-was_champion", "-as_of", "-pk")

    def are_all_beaten(self, task):
        """Whether nobody serves since simple rankings were better than every model of a task."""
        return self.filter(task=task).exists() and not self.in_order_of_trust(task).exists()


class TrainedModel(models.Model):
    """A model that was learned: a file that runs no code, and the card that belongs to it.

    The one that serves is the champion; ``foundation.runs.champions`` alone says which.
    """

    class Task(models.TextChoices):
        MENTORS = "mentors", _("mentor ranker")
        LEADERS = "leaders", _("emerging leaders")

    task = models.CharField(_("task"), max_length=10, choices=Task)
    version = models.CharField(_("version"), max_length=60, unique=True)
    file = models.CharField(_("file"), max_length=300, blank=True)
    card = models.JSONField(_("card"), default=dict)
    # How it did against the champion of its day, as matching.registry.champion.Verdict writes it;
    # "worse_than" names the simple ranking that beat it, then or later.
    trial = models.JSONField(_("trial"), default=dict, blank=True)
    refusal = models.CharField(_("why it is refused"), max_length=300, blank=True)
    # The same with its gaps open, see foundation.said; [] where there is only the English.
    refusal_said = models.JSONField(default=list, blank=True, editable=False)
    as_of = models.DateTimeField(_("data up to"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    is_serving = models.BooleanField(_("serving"), default=False)
    is_pinned = models.BooleanField(
        _("pinned"), default=False, help_text=_("Serves until a steward unpins it.")
    )

    objects = TrainedModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("model")
        verbose_name_plural = _("models")
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(is_serving=True), name="one_serving_model_for_a_task"
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(is_pinned=True), name="one_pinned_model_for_a_task"
            ),
            models.CheckConstraint(
                condition=Q(is_pinned=False) | Q(is_serving=True), name="a_pinned_model_serves"
            ),
        ]

    def __str__(self):
        return self.version

    @property
    def refusal_words(self) -> str:
        return said_words(self.refusal_said, self.refusal)

    @property
    def standing_words(self) -> str:
        """Whether it serves, and if not, whether it could."""
        if self.refusal:
            return gettext("refused")
        if self.is_pinned:
            return gettext("serves, pinned")
        return gettext("serves") if self.is_serving else gettext("on the shelf")

    @property
    def knows_only_others(self) -> bool:
        """Whether it learned nothing here: the past is too short, other communities speak."""
        return self.card.get("sources", {}).get("own") == "too_little"

    @property
    def knows_only_others_in_two_years(self) -> bool:
        """Whether the past is long enough for one year ahead, but not for two."""
        sources = self.card.get("sources", {})
        return sources.get("own") == "learned" and sources.get("own_2") == "too_little"


class ModelEventQuerySet(models.QuerySet):
    def began_to_serve(self):
        return self.filter(kind__in=ModelEvent.BEGAN_TO_SERVE)

    def visible_to(self, user):
        return self.all() if user.is_authenticated and user.is_steward else self.none()


class ModelEvent(models.Model):
    """What became of a model, and by whom; nobody means a scheduled training."""

    class Kind(models.TextChoices):
        PROMOTED = "promoted", _("began to serve")
        KEPT_BACK = "kept back", _("was not let serve")
        CHOSEN = "chosen", _("was pinned and began to serve")
        PINNED = "pinned", _("was pinned")
        UNPINNED = "unpinned", _("was unpinned")
        ROLLED_BACK = "rolled back", _("serves again")

    BEGAN_TO_SERVE = (Kind.PROMOTED, Kind.CHOSEN, Kind.ROLLED_BACK)

    model = models.ForeignKey(
        TrainedModel, verbose_name=_("model"), on_delete=models.CASCADE, related_name="events"
    )
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.CharField(_("why"), max_length=300, blank=True)
    said = models.JSONField(default=list, blank=True, editable=False)  # see foundation.said
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = ModelEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("what became of a model")
        verbose_name_plural = _("what became of models")
        indexes = [models.Index(fields=["model", "kind"], name="event_by_model")]

    def __str__(self):
        return f"{self.model} {self.get_kind_display()}"

    @property
    def words(self) -> str:
        """Why it happened, in the reader's language where that is known."""
        return said_words(self.said, self.note)
