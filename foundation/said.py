"""Sentences that are kept with their gaps open, so that every reader gets them in their language.

A row keeps the English text, which is the key of its translations, and what fills the gaps;
``words`` reads it. What is older than that is a plain sentence and is shown as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Kept = list[dict[str, Any]]


@dataclass(frozen=True)
class Said:
    """One sentence: ``text`` with gaps like ``%(path)s``, and ``values`` for them.

    Whole numbers are written with separators; a value that is `Said` itself is looked up as well.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        values = {name: _english(value) for name, value in self.values.items()}
        return self.text % values if values else self.text

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> "Said":
        """The sentence that `kept` wrote down."""
        values = kept["values"].items()
        return cls(
            kept["text"], {n: cls.from_kept(v) if isinstance(v, Mapping) else v for n, v in values}
        )

    def kept(self) -> dict[str, Any]:
        """The sentence as JSON."""
        values = {n: v.kept() if isinstance(v, Said) else _plain(v) for n, v in self.values.items()}
        return {"text": self.text, "values": values}


class Told(Exception):
    """An error that says in one sentence what is wrong and what to do: ``str()`` is English."""

    def __init__(self, text: str = "", /, **values: Any):
        super().__init__(text, values)
        self.said = Said(text, values)

    def __str__(self) -> str:
        return str(self.said)

    def __reduce__(self):
        return _told_again, (type(self), *self.args), self.__dict__

    @classmethod
    def of(cls, error: BaseException) -> "Told":
        """The same said by an error of this kind; in English where that is all there is."""
        said = error.said if isinstance(error, Told) else Said(str(error))
        return cls(said.text, **said.values)


def _told_again(kind: type[Told], *args) -> Told:
    """An error as it was before it was pickled; Python would give `args` to its constructor."""
    return kind.__new__(kind, *args)


def keep(*sentences: Said) -> Kept:
    """Sentences as JSON for a row."""
    return [one.kept() for one in sentences]


def keep_of(error: BaseException) -> Kept:
    """What an error says, for a row; [] when it only knows English."""
    return keep(error.said) if isinstance(error, Told) else []


def english(sentences: Iterable[Said]) -> str:
    return " ".join(str(one) for one in sentences)


def _english(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float)) else str(value)
