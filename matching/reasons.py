"""Why this candidate: what each group of features adds to the score, with facts to check.

Only codes, numbers and names of paths and words come out; wording belongs to the page.
"""

from dataclasses import dataclass, replace

import numpy as np

from matching.attribution import attribute
from matching.history import DAY, NEWCOMER_BELOW
from matching.pairs import PairFeatures, PairTable
from matching.postings import Postings
from matching.ranker import CONTEXT
from matching.serving import Served

EVIDENCE_DAYS = 730
MOST_EVENTS = 2_000
MOST_TERMS = 3
MOST_CHANGES = 5

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
class Evidence:
    """A fact behind a reason: `count` events under a name, the first and last (seconds), and
    rows of `History` of the newest changes."""

    name: str
    count: int
    first_at: int
    last_at: int
    changes: tuple[int, ...]


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
    source = served.source_for(features.history.projects[int(table.queries.project[0])])
    groups = groups_of(table.names)

    def score(X: np.ndarray) -> np.ndarray:
        return served.score_source(source, replace(table, values=X))

    rows = table.values[pairs]
    median = np.median(table.values, axis=0).astype(np.float32)
    base, parts = attribute(score, rows, median, list(groups.values()))
    facts = Facts(features, table)
    return [
        Explanation(
            float(base[place]),
            float(base[place] + parts[place].sum()),
            source,
            _reasons(facts, table, pair, dict(zip(groups, parts[place], strict=True))),
        )
        for place, pair in enumerate(pairs)
    ]


def _reasons(facts: "Facts", table: PairTable, pair: int, parts: dict) -> tuple[Reason, ...]:
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


class Facts:
    """Looks up what a candidate did, seen from one query."""

    def __init__(self, features: PairFeatures, table: PairTable) -> None:
        self.history = features.history
        self.queries = table.queries
        self.content = features.content
        self.events = features.events

    def of(self, code: str, person: int) -> tuple[Evidence, ...]:
        """Return the evidence for one reason code, () where the number says it all."""
        history, content = self.history, self.content
        prefixes, words = self.queries.prefixes.ids, self.queries.words.ids
        match code:
            case "areas_reviewed":
                return self._terms(
                    content.reviews_by_prefix, prefixes, history.prefix_names, person
                )
            case "areas_written":
                return self._terms(
                    content.commits_by_prefix, prefixes, history.prefix_names, person
                )
            case "topics":
                return self._terms(content.reviews_by_word, words, history.word_names, person)
            case "shared_work":
                return self._links(person)
            case "activity":
                return self._commits(person)
            case "hours":
                return ()
        return self._reviews(code, person)

    def _terms(
        self, index: Postings, terms: np.ndarray, names: tuple[str, ...], person: int
    ) -> tuple[Evidence, ...]:
        """Return the terms that say most: first those seldom used, each with its events."""
        as_of = np.full(len(terms), int(self.queries.label_as_of[0]))
        rows, term = index.rows(terms, as_of - EVIDENCE_DAYS * DAY, as_of, MOST_EVENTS)
        busy = np.bincount(term, minlength=len(terms))
        mine = index.person[rows] == person
        rows, term = rows[mine], term[mine]
        found = []
        for place in sorted(np.unique(term), key=lambda place: (busy[place], names[terms[place]])):
            events = rows[term == place]
            changes = index.source[events]
            if any(set(changes.tolist()) == set(other) for _, other in found):
                continue
            found.append(
                (_evidence(names[terms[place]], index.at(events), changes), changes.tolist())
            )
            if len(found) == MOST_TERMS:
                break
        return tuple(evidence for evidence, _ in found)

    def _reviews(self, code: str, person: int) -> tuple[Evidence, ...]:
        """Return the reviews that a reason counts: of the author, of newcomers, here, anywhere."""
        events, query, history = self.events, self.queries, self.history
        here = events.project == query.project[0]
        lately = events.at >= query.as_of[0] - 365 * DAY
        name = code
        if code == "familiarity":
            chosen = events.author == query.author[0]
        elif code == "reviews_elsewhere":
            chosen = events.at >= query.as_of[0] - 90 * DAY
        elif code == "organisation":
            own = query.organisation[0]
            name = history.organisations[own]
            chosen = here & lately & (own > 0) & (history.organisation[events.change] == own)
        elif code == "newcomers_helped":
            chosen = here & lately & (events.author_earlier < NEWCOMER_BELOW)
        else:
            chosen = here & lately
        rows = np.flatnonzero(
            chosen & (events.reviewer == person) & (events.at < query.label_as_of[0])
        )
        return _some(name, events.at[rows], events.change[rows])

    def _links(self, person: int) -> tuple[Evidence, ...]:
        """Return what the mentee and the candidate did about each other's changes."""
        history, query = self.history, self.queries
        asker, author = query.author[0], history.author[history.link_change]
        mine = (author == asker) & (history.link_person == person)
        theirs = (author == person) & (history.link_person == asker)
        seen = (history.link_at >= query.as_of[0] - EVIDENCE_DAYS * DAY) & (
            history.link_at < query.label_as_of[0]
        )
        rows = np.flatnonzero((mine | theirs) & seen & (asker >= 0))
        return _some("shared_work", history.link_at[rows], history.link_change[rows])

    def _commits(self, person: int) -> tuple[Evidence, ...]:
        history, query = self.history, self.queries
        rows = np.flatnonzero(
            (history.author == person)
            & (history.project == query.project[0])
            & ~history.is_merge
            & (history.at >= query.as_of[0] - 365 * DAY)
            & (history.at < query.as_of[0])
        )
        return _some("activity", history.at[rows], rows)


def _some(name: str, at: np.ndarray, changes: np.ndarray) -> tuple[Evidence, ...]:
    """Return the evidence of some events, () where there is none."""
    return (_evidence(name, at, changes),) if len(at) else ()


def _evidence(name: str, at: np.ndarray, changes: np.ndarray) -> Evidence:
    newest = changes[np.argsort(at, kind="stable")[::-1][:MOST_CHANGES]]
    return Evidence(name, len(at), int(at.min()), int(at.max()), tuple(newest.tolist()))
