"""Two models side by side in plain words, and what serves now: for the admin and the runs page."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from foundation.runs.models import ModelEvent, TrainedModel

MEASURES = {
    "mrr": _("Mean reciprocal rank (more is better)"),
    "brier": _("Squared error (less is better)"),
}
SHORT_MEASURES = {"mrr": "MRR", "brier": "Brier"}
LESS_IS_BETTER = ("brier",)
METRICS = {
    "changes": _("Changes"),
    "people": _("People"),
    "reviewed_changes": _("Reviewed changes"),
    "person_dates": _("people at dates"),
    "person_dates_of_nearness_only": _("people at dates, for nearness only"),
    "became_core": _("of them core later"),
    "base_rate": _("share of those asked about"),
}
MARK_WORDS = {
    "challenger": _("this model’s stand-in"),
    "champion": _("stand-in of the champion of that day"),
    "shipped": _("the model learned elsewhere"),
    "recency": _("who reviewed most recently and most"),
    "affinity": _("who reviewed the same person before"),
    "path_overlap": _("who reviewed the same folders"),
    "hybrid": _("these three, weighed"),
    "base_rate": _("the same chance for everybody"),
    "commits_90d": _("the number of commits of 90 days"),
    "logistic": _("a plain logistic regression on counts"),
}
SOURCE_WORDS = {"model": _("this model"), **MARK_WORDS}
NOTHING = "–"
REFUSED_SHOWN = 5


@dataclass(frozen=True)
class Line:
    """One thing said of both models."""

    label: str
    one: str
    other: str


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[Line]


def compare(one: TrainedModel, other: TrainedModel) -> list[Section]:
    """What the cards and trials of two models say, line by line."""
    return [
        _section(_("What they are"), _facts(one), _facts(other)),
        _section(_("How they did on what they had not seen"), _marks(one), _marks(other)),
        _who_speaks(one, other),
    ]


def describe(model: TrainedModel) -> list[Section]:
    """The same of one model alone."""
    return compare(model, model)


def _who_speaks(one: TrainedModel, other: TrainedModel) -> Section:
    if one.task == TrainedModel.Task.LEADERS:
        return _section(_("Whose past speaks"), _pasts(one), _pasts(other))
    return _section(_("Who ranks, in how many projects"), _sources(one), _sources(other))


def _section(title: str, one: dict[str, str], other: dict[str, str]) -> Section:
    labels = dict.fromkeys([*one, *other])
    lines = [Line(name, one.get(name, NOTHING), other.get(name, NOTHING)) for name in labels]
    return Section(title, lines)


def _facts(model: TrainedModel) -> dict[str, str]:
    card = model.card
    libraries = (f"{name} {version}" for name, version in sorted(card.get("libraries", {}).items()))
    return {
        gettext("Data up to"): _moment(model.as_of),
        gettext("Made"): _moment(model.made_at),
        gettext("Features"): str(len(card.get("feature_names", ()))),
        gettext("Libraries"): ", ".join(libraries) or NOTHING,
        gettext("Hash of the data"): card.get("data_hash", "")[:8] or NOTHING,
        gettext("Hash of the file"): card.get("sha256", "")[:8] or NOTHING,
    } | _metrics(card.get("metrics", {}))


def _metrics(metrics: dict) -> dict[str, str]:
    """What a model learned from; leaders say it for each horizon, named by its years."""
    found = {}
    for name, value in metrics.items():
        if isinstance(value, dict):
            found |= {f"{_ahead(name)}: {_named(part)}": _number(v) for part, v in value.items()}
        else:
            found[_named(name)] = _number(value)
    return found


def _ahead(years: str) -> str:
    ahead = ngettext("%(count)s year ahead", "%(count)s years ahead", int(years))
    return ahead % {"count": years}


def _named(metric: str) -> str:
    return str(METRICS.get(metric, metric.replace("_", " ")))


def _number(value: object) -> str:
    if isinstance(value, float):
        return number_format(round(value, 3))
    return number_format(value, force_grouping=True) if isinstance(value, int) else str(value)


def own_mark(model: TrainedModel) -> str:
    """How its stand-in did on the newest slice, in the measure of its task."""
    mark = model.trial.get("marks", {}).get("challenger")
    if mark is None:
        return NOTHING
    measure = model.trial["measure"]
    return f"{SHORT_MEASURES[measure]} {_interval(mark, measure in LESS_IS_BETTER)}"


def _marks(model: TrainedModel) -> dict[str, str]:
    trial = model.trial
    if not trial:
        return {}
    is_loss = trial["measure"] in LESS_IS_BETTER
    first, last = (_day(trial[name]) for name in ("from", "to"))
    people = ngettext("%(count)s person", "%(count)s people", trial["people"])
    found = {
        gettext("Measure"): str(MEASURES.get(trial["measure"], trial["measure"])),
        gettext("Asked"): f"{trial['answers']} ({people % {'count': trial['people']}})",
        gettext("From, to"): f"{first} – {last}",
    }
    for name, mark in trial["marks"].items():
        found[str(MARK_WORDS.get(name, name))] = _interval(mark, is_loss)
    if "gap" in trial:
        found[gettext("Better than that champion by")] = _interval(trial["gap"], False)
    if "beside" in trial:
        found[gettext("Better than the best of the simple ones by")] = _interval(
            trial["beside"], False
        )
    return found


def _interval(mark: dict[str, float], is_loss: bool) -> str:
    low, high = (-mark["high"], -mark["low"]) if is_loss else (mark["low"], mark["high"])
    mean = -mark["mean"] if is_loss else mark["mean"]
    said = {"mean": _places(mean), "low": _places(low), "high": _places(high)}
    return gettext("%(mean)s (%(low)s to %(high)s)") % said


def _places(value: float) -> str:
    # Formatting cuts what it is not given rounded.
    return with_minus(number_format(round(value, 3), decimal_pos=3))


def with_minus(number: str) -> str:
    """A figure with the sign of a figure, where a keyboard gives a hyphen."""
    return number.replace("-", "\N{MINUS SIGN}")


def _sources(model: TrainedModel) -> dict[str, str]:
    counts = Counter(model.card.get("sources", {}).values())
    return {str(SOURCE_WORDS.get(name, name)): str(count) for name, count in counts.most_common()}


def _pasts(model: TrainedModel) -> dict[str, str]:
    """Whose past a leader model learned from, for each horizon."""
    card = model.card
    sources = card.get("sources", {})
    return {_ahead(years): _past(sources, years) for years in card.get("metrics", {})}


def _past(sources: dict[str, str], years: str) -> str:
    own = sources.get(f"own_{years}", sources.get("own"))
    if own == "too_little":
        return gettext("that of other communities only")
    if f"own_{years}" not in sources:
        return NOTHING  # a card of old: something was learned here, perhaps not of this horizon
    if sources.get("elsewhere"):
        return gettext("this community’s, and that of others")
    return gettext("this community’s")


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")


def _day(seconds: int) -> str:
    return date_format(datetime.fromtimestamp(seconds, UTC), "DATE_FORMAT")


@dataclass(frozen=True)
class Standing:
    """What serves for a task, since when it does, and which newer files are refused; whether
    nothing serves since simple rankings were better than all there is."""

    task: str
    champion: TrainedModel | None
    began: ModelEvent | None
    refused: list[TrainedModel]
    are_all_beaten: bool


def standings() -> list[Standing]:
    """The champion of each task, and what does not fit here and why."""
    champions = {row.task: row for row in TrainedModel.objects.filter(is_serving=True)}
    began = ModelEvent.objects.began_to_serve().filter(model__is_serving=True)
    latest = {event.model_id: event for event in began.select_related("by").order_by("pk")}
    refused = TrainedModel.objects.exclude(refusal="").order_by("-as_of", "-pk")[:REFUSED_SHOWN]
    return [
        Standing(
            str(label),
            champions.get(task),
            latest.get(champions[task].pk) if task in champions else None,
            [row for row in refused if row.task == task],
            task not in champions and TrainedModel.objects.are_all_beaten(task),
        )
        for task, label in TrainedModel.Task.choices
    ]
