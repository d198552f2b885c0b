"""Why this candidate: what each group of features adds to the score, with facts to check.

Only codes, numbers and names of paths and words come out; wording belongs to the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.attribution import attribute_each
from matching.pairs import PairFeatures, PairTable
from matching.ranker import CONTEXT
from matching.reason_facts import Evidence, Facts
from matching.serving import Served

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "areas_reviewed": ("path_reviews_365d", ("path_reviews_", "file_reviews_")),
    "familiarity": ("affinity_ever", ("affinity_", "days_since_affinity", "was_last", "reverse_")),
    "newcomers_helped": (
        "newcomers_met_365d",
        ("newcomer", "first_change_", "days_since_newcomer_review"),
    ),
    "reviews_here": (
        "reviews_365d",
        (
            "reviews_2d",
            "reviews_7d",
            "reviews_30d",
            "reviews_90d",
            "reviews_365d",
            "reviews_decayed",
            "reviews_ever",
            "review_days",
            "days_since_review",
            "days_since_first_review",
        ),
    ),
    "areas_written": ("path_commits_365d", ("path_commits_", "file_commits_")),
    "topics": (
        "word_reviews_365d",
        ("word_", "path_word_", "text_"),
    ),
    "shared_work": ("links_730d", ("links_",)),
    "reviews_elsewhere": (
        "reviews_anywhere_90d",
        ("reviews_anywhere", "days_since_review_anywhere"),
    ),
    "activity": ("commits_365d", ("commits_", "days_since_commit")),
    "organisation": ("organisation_reviews_365d", ("organisation_", "same_organisation")),
    "hours": ("hours_apart", ("hours_apart",)),
}
"""Reason code -> its headline feature, and how the names of its features begin."""


@dataclass(frozen=True)
class Reason:
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


def groups_of(names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return the columns of each reason code; the longest matching beginning decides."""
    columns: dict[str, list[int]] = {code: [] for code in GROUPS}
    for place, name in enumerate(names):
        fits = [
            (len(start), code)
            for code, (_, starts) in GROUPS.items()
            for start in starts
            if name.startswith(start)
        ]
        if fits:
            columns[max(fits)[1]].append(place)
    return {code: np.array(places, np.int64) for code, places in columns.items()}


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
    groups = groups_of(first.names)

    def score(X: np.ndarray, ptr: np.ndarray) -> np.ndarray:
        return served.score_source(source, replace(first, values=X), ptr)

    rows = [
        (table.values[pairs], np.median(table.values, axis=0).astype(np.float32))
        for table, pairs in asked
    ]
    found = attribute_each(score, rows, list(groups.values()))
    return [
        _explained(source, Facts(features, table), table, pairs, base, parts, tuple(groups))
        for (table, pairs), (base, parts) in zip(asked, found, strict=True)
    ]


def _explained(source, facts, table, pairs, base, parts, codes) -> list[Explanation]:
    return [
        Explanation(
            float(base[place]),
            float(base[place] + parts[place].sum()),
            source,
            _reasons(facts, table, pair, dict(zip(codes, parts[place], strict=True))),
        )
        for place, pair in enumerate(pairs)
    ]


def _reasons(facts: Facts, table: PairTable, pair: int, parts: dict) -> tuple[Reason, ...]:
    person = int(table.pairs.candidate[pair])
    found = [
        Reason(
            code,
            float(part),
            GROUPS[code][0],
            float(table.values[pair, table.names.index(GROUPS[code][0])]),
            facts.of(code, person),
        )
        for code, part in parts.items()
    ]
    return tuple(sorted(found, key=lambda reason: (-reason.contribution, reason.code)))
