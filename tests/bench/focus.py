"""What it costs that a large community is worked on one project at a time.

One member of the ranker is learned and asked twice, with the events of everything and by project,
on newcomers' changes between 40 and 70 % of the reviewed past: the newest slice is the backtest's.
"""

import numpy as np

from matching.arrays.history import NEWCOMER_BELOW, History
from matching.features import load_history
from matching.pairing.focus import FeaturesByProject
from matching.pairing.pairs import PairFeatures
from matching.ranking.lesson import Lesson, learn_part
from matching.ranking.lesson_by_project import LessonByProject
from matching.ranking.sources import MODEL
from matching.ranking.training_parts import SOURCES, part_names
from matching.ranking.trial import reciprocal_ranks
from tests.bench.house import after_all, fill, say, timed

SEEN, ASKED = 0.4, 0.7


def main() -> None:
    fill()
    history = load_history(after_all())
    changes = history.reviewed_changes()
    past, asked = np.split(changes, [int(SEEN * len(changes)), int(ASKED * len(changes))])[:2]
    asked = asked[history.earlier_changes[asked] < NEWCOMER_BELOW]
    found = {}
    for name, features, lesson in (
        ("the events of everything", PairFeatures, Lesson),
        ("one project at a time", FeaturesByProject, LessonByProject),
    ):
        seconds, found[name] = timed(lambda f=features, o=lesson: ranks(history, past, asked, f, o))
        say(f"{name}: MRR of {len(asked)} newcomers' changes", f"{found[name].mean():.4f}")
        say("  learned and asked in", f"{seconds:.1f} s")
    whole, apart = found.values()
    gap = apart - whole
    error = gap.std() / max(len(gap), 1) ** 0.5
    say("what it costs", f"{-gap.mean():.4f} (standard error {error:.4f})")


def ranks(history: History, past, asked, features_of, lesson_of) -> np.ndarray:
    """The reciprocal ranks of some changes by one member that learned from the past."""
    features = features_of(history)
    member = next(name for name in part_names() if name != SOURCES)
    learned = learn_part(lesson_of(features, past, 0), member)
    return reciprocal_ranks(features, {MODEL: learned}, asked, rivals=())[MODEL]


if __name__ == "__main__":
    main()
