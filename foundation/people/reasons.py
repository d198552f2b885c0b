"""Reasons of a computed row, from codes and numbers to sentences; wording is data.

A reason is ``{"feature": code, "contribution": number, "value": number, "evidence": {...}}``. Its
sentence is looked up by its code; what no table knows gets a sentence that is true of any reason.
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
    counted : the key of the evidence that decides between them; "" takes the reason's value
    link : the claim on an evidence page that the reason rests on, or ""
    """

    one: str
    many: str
    counted: str = ""
    link: str = ""


def sentences(
    reasons: Iterable[Mapping[str, Any]],
    table: Mapping[str, Sentence],
    *,
    generic: str,
    link_to: Callable[[str, str], str],
) -> list[Reason]:
    """The reasons in words, in their own order, the same sentence never twice.

    ``link_to(claim, name)`` gives the address of the changes behind a claim.
    """
    said: dict[str, Reason] = {}
    for reason in reasons:
        spoken = _say(reason, table, generic, link_to)
        said.setdefault(spoken.text, spoken)
    return list(said.values())


def _say(reason, table, generic, link_to) -> Reason:
    sentence = table.get(reason.get("feature", ""))
    if sentence is None:
        return Reason(gettext(generic))
    evidence = _shown(reason)
    number = _number(evidence.get(sentence.counted or "value"))
    try:
        text = ngettext(sentence.one, sentence.many, number) % (evidence | {"count": number})
    except (KeyError, TypeError, ValueError):
        # An older row may lack what today's sentence names.
        return Reason(gettext(generic))
    url = link_to(sentence.link, str(evidence.get("name", ""))) if sentence.link else ""
    return Reason(text, url)


def _shown(reason: Mapping[str, Any]) -> dict[str, Any]:
    """The evidence with its numbers rounded and its lists joined."""
    evidence = {"value": reason.get("value"), **(reason.get("evidence") or {})}
    return {key: _plain(value) for key, value in evidence.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return round(value) if isinstance(value, float) else value


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 1
