"""Reasons of a computed row, from codes and numbers to sentences; wording is data.

A reason is ``{"feature": code, "contribution": number, "value": number, "evidence": {...}}``. Its
sentence is looked up by its code; what no table knows gets a sentence that is true of any reason.
Sentences are noun phrases: the person they are about reads the same as everybody else.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.utils.formats import date_format

ENOUGH = 3  # so many sentences at least, if need be with one that is true of any reason
MOST = 5
LAST_SECOND = 2**32  # no fact is later


class Reason(NamedTuple):
    text: str
    url: str = ""


class Sentence(NamedTuple):
    """How a code is said.

    Parameters
    ----------
    words : a lazy translation with named placeholders; ``count`` decides about its plural
    counted : the key of the evidence that is said as ``count``; "" takes the reason's value
    unit : what ``count`` is divided by before it is rounded: 30.4 turns days into months
    from_zero : less than one is said as one; without it, nothing counted is no reason
    at_least, at_most : less, or more, is no reason
    link : the claim on an evidence page that the reason rests on, or ""
    days : how far back that page reaches, as the sentence does; None for ever. Where the sentence
        says ``since`` when, the page begins with the first fact instead
    """

    words: Any
    counted: str = ""
    unit: float = 1
    from_zero: bool = False
    at_least: float = 0
    at_most: float = math.inf
    link: str = ""
    days: int | None = None


LinkTo = Callable[[str, str, "int | datetime | None"], str]


def sentences(
    reasons: Iterable[Mapping[str, Any]],
    table: Mapping[str, Sentence],
    *,
    generic: Any,
    link_to: LinkTo,
) -> list[Reason]:
    """The reasons in words, in their own order; what speaks against is not said of anybody.

    ``link_to(claim, name, reach)`` gives the address of the changes behind a claim, of so many
    days or since a moment. The same sentence is said once.
    """
    said: dict[str, Reason] = {}
    for reason in reasons:
        sentence = table.get(reason.get("feature", ""))
        if sentence is not None and reason.get("contribution", 0) >= 0:
            evidence = {"value": reason.get("value"), **_named(reason.get("evidence") or {})}
            if text := _fill(sentence, evidence):
                name, reach = str(evidence.get("name", "")), _first(evidence) or sentence.days
                url = link_to(sentence.link, name, reach) if sentence.link else ""
                said.setdefault(text, Reason(text, url))
    spoken = list(said.values())[:MOST]
    return spoken if len(spoken) >= ENOUGH else [*spoken, Reason(str(generic))]


def _named(evidence: Mapping | Sequence[Mapping]) -> Mapping[str, Any]:
    """Evidence by key; of a list of facts the first, which says most, and the names of all."""
    if isinstance(evidence, Mapping):
        return evidence
    names = ", ".join(str(fact["name"]) for fact in evidence)
    return {**evidence[0], "names": names, "events": evidence[0]["count"]}


def _fill(sentence: Sentence, evidence: Mapping[str, Any]) -> str:
    """The sentence with its evidence; "" when that lacks, or counts nothing of, what is named."""
    shown = {key: _plain(value) for key, value in evidence.items() if value not in (None, "")}
    shown.pop("count", None)
    if first := _first(evidence):
        shown["since"] = date_format(first.date(), "YEAR_MONTH_FORMAT")
    number = evidence.get(sentence.counted or "value")
    if isinstance(number, (int, float)):
        if not sentence.at_least <= number <= sentence.at_most:
            return ""
        count = max(round(number / sentence.unit), int(sentence.from_zero))
        shown |= {"count": count} if count else {}
    try:
        return sentence.words % shown
    except (KeyError, TypeError, ValueError):
        return ""


def _first(evidence: Mapping[str, Any]) -> datetime | None:
    """The moment (UTC) of the first fact, if the evidence tells it."""
    first = evidence.get("first_at")
    if not isinstance(first, int) or not 0 < first < LAST_SECOND:
        return None
    return datetime.fromtimestamp(first, UTC)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return round(value) if isinstance(value, float) else value
