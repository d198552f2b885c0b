"""Champion and challenger: is a newly trained model at least as good as the one that serves, and
as a simple ranking?

Both are judged by a stand-in: the same recipe, learned without the newest complete slice of its
day. On the challenger's slice neither stand-in has seen an answer, whatever the two models
themselves have read since; the champion, trained on most of that slice, would win by memory.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from foundation.said import Said
from matching.arrays.history import History
from matching.emerging.landmark_training import Training, training_of
from matching.emerging.leader_baselines import by_counts, by_one_count
from matching.emerging.leaders import LeaderModel
from matching.measures import bootstrap_interval
from matching.pairing.pairs import PairFeatures
from matching.ranking.sources import MODEL
from matching.ranking.trial import Trial, reciprocal_ranks
from matching.registry.shipped_leaders import NOTHING, Elsewhere

UNCOMPARED = Said("There was no champion to compare with.")
WORSE = Said("It was worse than the serving model by more than chance.")
NOT_WORSE = Said("It was not worse than the serving model.")
BASELINES = {
    "base_rate": Said("the same chance for everybody"),
    "commits_90d": Said("the number of commits of 90 days"),
    "logistic": Said("a plain logistic regression on counts"),
}
"""Simple rankings that a leader model must not be worse than, and how they are called.

Those of mentors are not here: they rank where they did better, project by project."""
FEWEST_ANSWERS = 30
"""Below so many answers that neither has seen, nothing is said about who is better."""
LEADERS_SLICE = 0.2
"""So much of the newest landmarks is held back from a stand-in, and the year before them."""
STAND_IN_MEMBERS = 4


@dataclass(frozen=True)
class Exam:
    """The newest complete slice, n answers, and how a stand-in learned without them did.

    `marks` holds a number an answer, more is better, by name: "challenger" and the simple
    rankings. `mark` gives another stand-in's numbers; `people` says whose answers belong together.
    """

    measure: str
    stand_in: object
    at: np.ndarray
    people: np.ndarray
    marks: dict[str, np.ndarray]
    mark: Callable[[object], np.ndarray]

    @property
    def begins(self) -> int:
        """The first moment (seconds) of the slice; the stand-in knows no answer from then on."""
        return int(self.at.min())


class Verdict(NamedTuple):
    """Whether the challenger may serve, why in a sentence or two, and the figures behind it."""

    is_promoted: bool
    why: tuple[Said, ...]
    figures: dict


def mentors_exam(features: PairFeatures, trial: Trial) -> Exam:
    """Return the exam of a mentor ranker: reciprocal ranks, grouped by mentee."""
    history = features.history
    marks = {"challenger" if name == MODEL else name: v for name, v in trial.lead.items()}

    def mark(stand_in: object) -> np.ndarray:
        return reciprocal_ranks(features, {MODEL: stand_in}, trial.changes, rivals=())[MODEL]

    changes = trial.changes
    return Exam("mrr", trial.stand_in, history.at[changes], history.author[changes], marks, mark)


def leaders_exam(
    history: History, training: Training, seed: int = 0, elsewhere: Elsewhere = NOTHING
) -> Exam | None:
    """Return the exam of the one-year leader model: squared errors (negative), by person.

    The stand-in learns from what was known when the slice begins, here and elsewhere. None where
    the past is too short for that.
    """
    landmarks = training.landmarks.take(np.flatnonzero(training.is_asked))
    if not len(landmarks):
        return None
    begins = int(np.sort(landmarks.date)[int((1 - LEADERS_SLICE) * len(landmarks))])
    asked = landmarks.take(np.flatnonzero(landmarks.date >= begins))
    known = training_of(history, begins)
    try:
        stand_in = LeaderModel(n_members=STAND_IN_MEMBERS, random_state=seed)
        stand_in.fit(known, elsewhere.known_before(begins).get(1))
    except ValueError:
        return None

    def mark(model: object) -> np.ndarray:
        return -((model.predict_proba(asked.X) - asked.core_later) ** 2)

    simple = {
        "base_rate": stand_in.base_rate_,
        "commits_90d": by_one_count("commits_90d", known, asked),
        "logistic": by_counts(known, asked),
    }
    marks = {name: -((chance - asked.core_later) ** 2) for name, chance in simple.items()}
    marks["challenger"] = mark(stand_in)
    return Exam("brier", stand_in, asked.date, asked.person, marks, mark)


def judge(exam: Exam, champion: object | None, champion_begins: int = 0, seed: int = 0) -> Verdict:
    """Compare with the best of `BASELINES` in the exam, and with the champion's stand-in, which
    knows no answer from `champion_begins` on.

    The challenger is refused only if it is worse than one of them beyond chance: if the whole
    95 % interval of the difference, drawn over people, lies below zero. The figures name the
    simple ranking that beat it (`worse_than`), or the champion (`champion_worse_than`).
    """
    verdict = _beside_champion(exam, champion, champion_begins, seed)
    rival, gap = _beside_baselines(exam, "challenger", np.ones(len(exam.at), bool), seed)
    if not rival:
        return verdict
    verdict.figures["beside"] = gap
    if gap["high"] >= 0:
        return verdict
    verdict.figures["worse_than"] = rival
    also = () if verdict.is_promoted else verdict.why
    return verdict._replace(is_promoted=False, why=(*also, beaten_by(rival)))


def beaten_by(rival: str) -> Said:
    """Why a model does not serve that a simple ranking beat."""
    return Said("It was worse than %(rival)s by more than chance.", {"rival": BASELINES[rival]})


def _beside_champion(exam: Exam, champion: object | None, begins: int, seed: int) -> Verdict:
    figures = _figures(exam, np.ones(len(exam.at), bool), seed)
    if champion is None:
        return Verdict(True, (UNCOMPARED,), figures)
    unseen = exam.at >= begins
    if unseen.sum() < FEWEST_ANSWERS:
        why = Said(
            "Only %(count)s answers were new to both: too few to tell them apart.",
            {"count": int(unseen.sum())},
        )
        return Verdict(True, (why,), figures)
    both = replace(exam, marks=exam.marks | {"champion": exam.mark(champion)})
    figures = _figures(both, unseen, seed)
    figures["gap"] = _gap(both, "challenger", "champion", unseen, seed)
    rival, gap = _beside_baselines(both, "champion", unseen, seed)
    if rival and gap["high"] < 0:
        figures["champion_worse_than"] = rival
    if figures["gap"]["high"] < 0:
        return Verdict(False, (WORSE,), figures)
    return Verdict(True, (NOT_WORSE,), figures)


def _beside_baselines(exam: Exam, name: str, chosen: np.ndarray, seed: int) -> tuple[str, dict]:
    """Return the best simple ranking, and how much better than it somebody did; "" where there
    is none, or there are too few answers to say so."""
    rivals = [rival for rival in BASELINES if rival in exam.marks]
    if not rivals or chosen.sum() < FEWEST_ANSWERS:
        return "", {}
    best = max(rivals, key=lambda rival: exam.marks[rival][chosen].mean())
    return best, _gap(exam, name, best, chosen, seed)


def _gap(exam: Exam, one: str, other: str, chosen: np.ndarray, seed: int) -> dict[str, float]:
    gap = exam.marks[one] - exam.marks[other]
    return _mean_and_interval(gap[chosen], exam.people[chosen], seed)


def _figures(exam: Exam, chosen: np.ndarray, seed: int) -> dict:
    people = exam.people[chosen]
    return {
        "measure": exam.measure,
        "begins": exam.begins,
        "from": int(exam.at[chosen].min()),
        "to": int(exam.at[chosen].max()),
        "answers": int(chosen.sum()),
        "people": len(np.unique(people)),
        "marks": {
            name: _mean_and_interval(values[chosen], people, seed)
            for name, values in exam.marks.items()
        },
    }


def _mean_and_interval(values: np.ndarray, people: np.ndarray, seed: int) -> dict[str, float]:
    low, high = bootstrap_interval(values[:, None], people, seed)[0]
    found = {"mean": values.mean(), "low": low, "high": high}
    return {name: round(float(value), 4) for name, value in found.items()}
