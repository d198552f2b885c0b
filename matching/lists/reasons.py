"""Why this candidate: what each group of features adds to the score, with facts to check.

Only codes, numbers and names of paths and words come out; wording belongs to the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from matching.lists.evidence import Evidence
from matching.lists.reason_facts import Facts
from matching.pairing.feature_groups import GROUPS, groups_of, headlines_of
from matching.pairing.pairs import PairFeatures, PairTable
from matching.ranking.attribution import attribute_each
from matching.ranking.ranker import CONTEXT
from matching.ranking.serving import Served
from matching.ranking.travelling import TravellingRanker


class Reason(NamedTuple):
    """What a group of features adds to the score, and the value of its headline feature."""

    code: str
    contribution: float
    feature: str
    value: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Explanation:
    """`base` (the score of the pool's median) + all contributions = `score`, the raw score."""

    base: float
    score: float
    source: str
    reasons: tuple[Reason, ...]


def unexplained(names: tuple[str, ...]) -> list[str]:
    """Return the columns that no reason speaks of and that are not the same for a whole pool.

    There must be none: a new column needs its beginning in `GROUPS`.
    """
    told = {int(place) for columns in groups_of(names).values() for place in columns}
    return [name for place, name in enumerate(names) if place not in told and name not in CONTEXT]


def explain(
    served: Served, features: PairFeatures, table: PairTable, pairs: list[int]
) -> list[Explanation]:
    """Explain some pairs of a single query's table, as returned by `serving.top`.

    Reasons come strongest first; one without any contribution still states its facts.
    """
    return explain_each(served, features, [(table, pairs)])[0]


def explain_each(
    served: Served, features: PairFeatures, asked: Sequence[tuple[PairTable, list[int]]]
) -> list[list[Explanation]]:
    """Explain some pairs of each table as `explain` does: the model is asked once for all.

    Every table is of a single query, all are of one project, and there is at least one.
    """
    first = asked[0][0]
    source = served.source_for(features.history.projects[int(first.queries.project[0])])
    rows = [
        (table.values[pairs], np.median(table.values, axis=0).astype(np.float32))
        for table, pairs in asked
    ]
    model = served.plain(source)
    if model is None:
        found = _added_by_columns(served, source, first, rows)
    else:
        found = _added_by_parts(model, first.names, rows)
    return [
        _explained(source, Facts(features, table), table, pairs, base, parts)
        for (table, pairs), (base, parts) in zip(asked, found, strict=True)
    ]


Asked = Sequence[tuple[np.ndarray, np.ndarray]]
"""Rows (n, f) and their reference (f,), of several tables."""


def _added_by_columns(served: Served, source: str, table: PairTable, rows: Asked) -> list:
    """Return what `attribute_each` does, by a simple ranking."""

    def score(X: np.ndarray, ptr: np.ndarray) -> np.ndarray:
        return served.score_source(source, replace(table, values=X), ptr)

    return attribute_each(score, rows, list(groups_of(table.names).values()))


def _added_by_parts(model: TravellingRanker, names: tuple[str, ...], rows: Asked) -> list:
    """Return the same by a model: all ways from a reference to a row are of the parts of both."""
    known = model.told(
        model.read(names, np.concatenate([np.vstack([X, reference]) for X, reference in rows]))
    )
    ends = np.cumsum([len(X) + 1 for X, _ in rows])
    places = np.split(known.place.T, ends[:-1])
    asked = [(place[:-1], place[-1]) for place in places]

    def score(ways: np.ndarray, ptr: np.ndarray) -> np.ndarray:
        return model.score(known.of_places(np.ascontiguousarray(ways.T)), ptr)

    return attribute_each(score, asked, [np.array([part]) for part in range(len(GROUPS))])


def _explained(source, facts, table, pairs, base, parts) -> list[Explanation]:
    return [
        Explanation(
            float(base[place]),
            float(base[place] + parts[place].sum()),
            source,
            _reasons(facts, table, pair, dict(zip(GROUPS, parts[place].tolist(), strict=True))),
        )
        for place, pair in enumerate(pairs)
    ]


def _reasons(facts: Facts, table: PairTable, pair: int, parts: dict) -> tuple[Reason, ...]:
    person, values = int(table.pairs.candidate[pair]), table.values[pair].tolist()
    headlines = headlines_of(table.names)
    found = [
        Reason(
            code,
            part,
            GROUPS[code][0],
            values[headlines[code]],
            facts.of(code, person),
        )
        for code, part in parts.items()
    ]
    return tuple(sorted(found, key=lambda reason: (-reason.contribution, reason.code)))
