"""The features of 13,000 newcomers' and regulars' queries with all candidates of the protocol.

The events are filed once, in time order; every query is then answered as of its own moment.
"""

import time

import numpy as np

from matching.arrays.history import NEWCOMER_BELOW, History
from matching.features import load_history
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes
from tests.bench.house import (
    after_all,
    fill,
    say,
    timed,
    verdict,
)
from tests.bench.memory import peak_megabytes

QUERIES, CANDIDATES, SECONDS = 13_000, 175, 20


def main() -> None:
    fill()
    last = after_all()
    history = load_history(last)
    before = peak_megabytes()
    asked = drawn(history)
    began = time.process_time()
    seconds, pairs = timed(lambda: compute(history, asked))
    busy = time.process_time() - began
    # On another history the bar is the same time for a query, longer where pools are larger.
    bar = SECONDS * max(len(asked) / QUERIES, pairs / (QUERIES * CANDIDATES))
    say("  queries, candidates each", f"{len(asked):,}, {pairs / max(len(asked), 1):.0f}")
    say("their features", f"{seconds:.1f} s", verdict(seconds <= bar, f"≤ {bar:.1f} s"))
    say("  processor time, pairs a second of it", f"{busy:.1f} s, {pairs / busy:,.0f}")
    peak = peak_megabytes()
    say("  peak memory before", f"{before:.0f} MB")
    say("peak memory", f"{peak:.0f} MB", verdict(peak <= 1_000, "≤ 1,000 MB"))


def drawn(history: History) -> np.ndarray:
    """Return all newcomers' reviewed changes and regulars' evenly over time, 13,000 at most."""
    changes = history.reviewed_changes()
    newcomer = history.earlier_changes[changes] < NEWCOMER_BELOW
    regulars = changes[~newcomer]
    wanted = min(max(QUERIES - int(newcomer.sum()), 0), len(regulars))
    chosen = regulars[np.linspace(0, len(regulars) - 1, wanted).astype(int)]
    return np.sort(np.concatenate([changes[newcomer][-QUERIES:], chosen]))


def compute(history: History, asked: np.ndarray) -> int:
    """Return how many pairs were computed; each batch is dropped as the next one comes."""
    tables = PairFeatures(history).tables(queries_of_changes(history, asked))
    return sum(len(table.pairs) for _, table in tables)


if __name__ == "__main__":
    main()
