"""Reasons of a computed row, from codes and numbers to sentences; wording is data.

A reason is ``{"feature": code, "contribution": number, "value": number, "evidence": {...}}``. Its
sentence is looked up by its code; what no table knows gets a sentence that is true of any reason.
Sentences are noun phrases: the person they are about reads the same as everybody else.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext, ngettext


class Reason(NamedTuple):
    text: str
    url: str = ""


class Sentence(NamedTuple):
    """How a code is said.

    Parameters
    ----------
    one, many : source texts with named placeholders, for ``ngettext``; equal when nothing counts
    counted : the key of the evidence that is said as ``count``; "" takes the reason's value
    unit : what ``count`` is divided by before it is rounded: 30.4 turns days into months
    link : the claim on an evidence page that the reason rests on, or ""
    """

    one: str
    many: str
    counted: str = ""
    unit: float = 1
    link: str = ""


LinkTo = Callable[[str, str], str]


def sentences(
    reasons: Iterable[Mapping[str, Any]],
    table: Mapping[str, Sentence],
    *,
    generic: str,
    link_to: LinkTo,
) -> list[Reason]:
    """The reasons in words, in their own order; what speaks against is not said of anybody.

    ``link_to(claim, name)`` gives the address of the changes behind a claim. The same sentence is
    said once.
    """
    said: dict[str, Reason] = {}
    for reason in reasons:
        if reason.get("contribution", 0) >= 0:
            spoken = _say(reason, table, generic, link_to)
            said.setdefault(spoken.text, spoken)
    return list(said.values())


def _say(reason, table, generic: str, link_to: LinkTo) -> Reason:
    sentence = table.get(reason.get("feature", ""))
    evidence = {"value": reason.get("value"), **(reason.get("evidence") or {})}
    text = _fill(sentence, evidence) if sentence else ""
    if not text:
        return Reason(gettext(generic))
    url = link_to(sentence.link, str(evidence.get("name", ""))) if sentence.link else ""
    return Reason(text, url)


def _fill(sentence: Sentence, evidence: Mapping[str, Any]) -> str:
    """The sentence with its evidence, or "" when an older row lacks what today's sentence names."""
    number = evidence.get(sentence.counted or "value")
    count = round(number / sentence.unit) if isinstance(number, (int, float)) else None
    text = ngettext(sentence.one, sentence.many, count or 1)
    shown = {key: _plain(value) for key, value in evidence.items() if value not in (None, "")}
    if count:  # "0 reviews" is no reason
        shown["count"] = count
    try:
        return text % shown
    except (KeyError, TypeError, ValueError):
        return ""


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return round(value) if isinstance(value, float) else value
