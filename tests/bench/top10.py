"""One person's top 10 from 3,000 candidates, model and history in memory."""

import statistics

import numpy as np

from matching.arrays.history import DAY
from matching.arrays.history_builder import HistoryBuilder
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import query_of_person
from matching.ranking.serving import top, train
from tests.bench.house import say, timed, verdict

PEOPLE, CHANGES, NOW = 3_000, 12_000, 1_700_000_000


def main() -> None:
    history = crowd().build()
    features = PairFeatures(history)
    served = train(features, NOW, history.reviewed_changes()[-1_500:])
    newcomers = range(0, history.n_people, history.n_people // 40)
    queries = [query_of_person(history, person, 0, NOW) for person in newcomers]
    pool = top(served, features, queries[0])[1]
    spent = [timed(lambda query=query: top(served, features, query, 10))[0] for query in queries]
    median = statistics.median(spent) * 1_000
    say(
        f"top 10 of {len(pool.pairs)} candidates, median of {len(spent)}",
        f"{median:.0f} ms",
        verdict(median <= 50, "≤ 50 ms"),
    )


def crowd() -> HistoryBuilder:
    """3,000 people who all wrote and reviewed in one project within half a year."""
    rng, builder = np.random.default_rng(0), HistoryBuilder()
    for number in range(CHANGES):
        author, reviewer = number % PEOPLE, int(rng.integers(PEOPLE))
        at = NOW - int(rng.integers(1, 170 * DAY))
        area = f"part{author % 60}/piece{int(rng.integers(12))}"
        builder.add_change(number, "crowd", author, at, [f"{area}/file.py"], f"Mend {area}")
        builder.add_review(number, reviewer if reviewer != author else (author + 1) % PEOPLE)
    return builder


if __name__ == "__main__":
    main()
