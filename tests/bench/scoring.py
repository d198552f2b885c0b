"""One newcomer against 100,000 mentors: a few hundred are found first, then those are ranked.

The recall compares with ranking everybody: how many of the whole ranking's ten best are found.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import numpy as np

from matching.arrays.history import DAY, History
from matching.arrays.history_builder import HistoryBuilder
from matching.features import load_history
from matching.pairing import retrieval
from matching.pairing.pairs import PairFeatures
from matching.pairing.pool import RETURNING_DAYS
from matching.pairing.queries import Queries, query_of_person
from matching.ranking.serving import Served, top, train
from matching.ranking.threads import THREADS
from tests.bench.histories import find_histories
from tests.bench.house import fill, say, timed, verdict

PEOPLE, NOW = 100_000, 1_700_000_000
MIDDLING = 6_000
"""People of a project that used to be ranked whole."""
ASKED, COMPARED, TOP, TAUGHT = 60, 12, 10, 1_500


def main() -> None:
    history = crowd()
    seconds, features = timed(lambda: PairFeatures(history))
    say(f"{history.n_changes:,} changes filed", f"{seconds:.1f} s")
    taught = history.reviewed_changes()[-TAUGHT:]
    seconds, served = timed(lambda: train(features, NOW, taught))
    say(f"learned from {TAUGHT:,} of them", f"{seconds:.1f} s")
    newcomers = np.random.default_rng(1).choice(history.n_people, ASKED, replace=False)
    queries = [query_of_person(history, int(row), 0, NOW) for row in newcomers]
    pool = len(everybody(features, queries[0]).pairs)
    began = time.process_time()
    spent = [timed(lambda one=one: top(served, features, one, TOP))[0] for one in queries]
    rate = pool * len(queries) / (time.process_time() - began)
    say_time("the first newcomer of a day", spent[0], pool)
    say_time("a newcomer, median", statistics.median(spent[1:]), pool)
    say("pairs scored a second, one core", f"{rate:,.0f}", verdict(rate >= 1e6, "≥ 1,000,000"))
    say_rate_of_all(served, features, queries[:3])
    say_recall("simulated", served, features, queries[:COMPARED], 0)
    middling()
    family()


def middling() -> None:
    """A project of some thousand people, searched and ranked whole in turns."""
    history = crowd(MIDDLING)
    features = PairFeatures(history)
    served = train(features, NOW, history.reviewed_changes()[-TAUGHT:])
    rows = np.random.default_rng(1).choice(history.n_people, ASKED, replace=False)
    queries = [query_of_person(history, int(row), 0, NOW) for row in rows]
    spent = {"searched": 0.0, "whole": 0.0}
    for query in queries:
        spent["searched"] += timed(lambda one=query: top(served, features, one, TOP))[0]
        with searched(crowd=10**9, few=0):
            spent["whole"] += timed(lambda one=query: top(served, features, one, TOP))[0]
    ratio = spent["whole"] / spent["searched"]
    say(f"of {MIDDLING:,} people: ranked whole, in times of searched", f"{ratio:.1f} ×")
    say_recall("  the same", served, features, queries[:COMPARED], 0)


def family() -> None:
    """The same on real histories, where everybody who reviews anywhere is a candidate."""
    if not find_histories().places:
        return
    fill()
    history = load_history(datetime.now(UTC))
    features = PairFeatures(history)
    end = int(history.at[-1]) + 1
    served = train(features, end, history.reviewed_changes()[-4_000:])
    recent = np.flatnonzero((history.at > end - 90 * DAY) & (history.author >= 0))
    seen = np.unique(history.author[recent])
    asked = np.random.default_rng(1).choice(seen, min(ASKED, len(seen)), replace=False)
    project = int(np.bincount(history.project).argmax())
    queries = [query_of_person(history, int(row), project, end) for row in asked]
    with searched(crowd=0, few=0):
        say_recall("histories", served, features, queries, RETURNING_DAYS)


def say_time(what: str, seconds: float, pool: int) -> None:
    bar = verdict(seconds <= 0.2, "≤ 200 ms")
    say(f"{what}, of {pool:,} mentors", f"{seconds * 1_000:.0f} ms", bar)


def say_rate_of_all(served: Served, features: PairFeatures, queries: list[Queries]) -> None:
    """What ranking everybody costs: the features, and the model alone."""
    with THREADS.limit(limits=1):
        began = time.process_time()
        tables = [everybody(features, one) for one in queries]
        filled = time.process_time()
        for table in tables:
            served.ranker.score_table(table)
        scored = time.process_time()
    pairs = sum(len(table.pairs) for table in tables)
    say("  everybody: features of pairs a second", f"{pairs / (filled - began):,.0f}")
    say("  everybody: pairs through the whole model a second", f"{pairs / (scored - filled):,.0f}")


def say_recall(what: str, served, features, queries: list[Queries], community: int) -> None:
    found, same, kept, wanted, pool = 0, 0, 0, 0, 0
    for query in queries:
        whole = everybody(features, query, community)
        table = features.table(query, RETURNING_DAYS, community)
        best = set(best_of(served, whole))
        found += len(best & set(table.pairs.candidate.tolist()))
        same += len(best & set(best_of(served, table)))
        kept, pool = kept + len(table.pairs), pool + len(whole.pairs)
        wanted += len(best)
    recall = found / wanted
    say(
        f"{what}: the best {TOP} of {pool // len(queries):,} among {kept // len(queries):,} found",
        f"{recall:.1%}",
        verdict(recall >= 0.98, "≥ 98 %"),
    )
    say("  and among the ten shown in the end", f"{same / wanted:.1%}")


def best_of(served: Served, table) -> list[int]:
    scores = served.ranker.score_table(table)
    order = np.lexsort((table.pairs.candidate, -scores))[:TOP]
    return table.pairs.candidate[order].tolist()


def everybody(features: PairFeatures, query: Queries, community: int = 0):
    with searched(crowd=10**9, few=0):
        return features.table(query, RETURNING_DAYS, community)


@contextmanager
def searched(*, crowd: int, few: int) -> Iterator[None]:
    """Search pools of projects that know more people than ``crowd``, down to ``few``."""
    former = retrieval.CROWD, retrieval.FEW
    retrieval.CROWD, retrieval.FEW = crowd, few
    try:
        yield
    finally:
        retrieval.CROWD, retrieval.FEW = former


def crowd(people: int = PEOPLE) -> History:
    """People who all wrote or reviewed in one project within a year and a half; few do much."""
    rng, builder, changes = np.random.default_rng(0), HistoryBuilder(), people * 11 // 5
    authors = np.concatenate([np.arange(people), heavy(rng, changes - people, people)])
    reviewers = heavy(rng, changes, people)
    area_of = rng.integers(400, size=people)
    ages = rng.integers(1, 500 * DAY, size=changes)
    for number in range(changes):
        author, reviewer = int(authors[number]), int(reviewers[number])
        area = area_of[reviewer if rng.random() < 0.7 else author]
        path = f"part{area % 20}/piece{area}/file{rng.integers(9)}.py"
        builder.add_change(
            number, "crowd", author, NOW - int(ages[number]), [path], f"Mend piece{area}"
        )
        if reviewer != author:
            builder.add_review(number, reviewer)
    return builder.build()


def heavy(rng: np.random.Generator, count: int, people: int) -> np.ndarray:
    """People drawn so that the few busiest do most, as communities do."""
    return np.minimum((rng.pareto(0.9, count) * 30).astype(np.int64), people - 1)


if __name__ == "__main__":
    main()
