"""From facts to a history: the arrays that `HistoryBuilder` would build from the same rows.

Who is who, what was withdrawn and up to when facts count is decided here, over arrays.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from foundation.activity.reviews import KINDS as TOLD_TWICE
from foundation.activity.reviews import Tellings, pull_codes, told_again
from matching.arrays.facts import COMMIT, NOBODY, PULL_REQUEST, Facts
from matching.arrays.history import History, Ragged, expand
from matching.arrays.history_builder import LINK_KINDS, REVIEW_KINDS

REVIEWS = {"reviewed": "reviewed", "acked": "acked", "mentored": "mentored"}
LINKS = {"coauthored": "co_authored", "landed": "sponsored", "helped": "helped", "tested": "tested"}


@dataclass(frozen=True)
class People:
    """Who each identity is: keys ascending, person (`NOBODY` for a bot), organisation.

    The names of organisations are sorted and begin with "", which stands for none.
    """

    identity: np.ndarray
    person: np.ndarray
    organisation: np.ndarray
    organisation_names: tuple[str, ...] = ("",)

    def persons(self, identity: np.ndarray) -> np.ndarray:
        return self._of(self.person, identity, NOBODY)

    def organisations(self, identity: np.ndarray) -> np.ndarray:
        return self._of(self.organisation, identity, 0)

    def _of(self, values: np.ndarray, identity: np.ndarray, missing) -> np.ndarray:
        if not len(self.identity):
            return np.full(len(identity), missing, values.dtype)
        place = np.minimum(np.searchsorted(self.identity, identity), len(self.identity) - 1)
        return np.where(self.identity[place] == identity, values[place], missing)


@dataclass(frozen=True)
class _Events:
    """Activities that count: about which change (row of facts, or -1), by whom, of what kind."""

    change: np.ndarray
    project_of_change: np.ndarray
    person: np.ndarray
    kind: np.ndarray
    at: np.ndarray

    @classmethod
    def of(cls, facts: Facts, as_of: int, people: People, standing, landed) -> "_Events":
        place, stands = _places(facts, standing)
        person = people.persons(facts.done_by)
        kept = np.flatnonzero(stands & (person >= 0) & (facts.done_at < as_of))
        kept = kept[np.lexsort((facts.done_key[kept], facts.done_at[kept]))]
        kept = kept[~_pulls_told_again(facts, kept, place[kept], person[kept])]
        told_of, person, kind = place[kept], person[kept], facts.done_kind[kept]
        change = _landed_for(facts, told_of, landed)
        known = np.zeros(len(facts.key), bool)
        known[landed] = True
        change = np.where(known[change], change, -1)
        fresh = (change < 0) | _first_told(change, person, kind)
        return cls(
            change[fresh], told_of[fresh], person[fresh], kind[fresh], facts.done_at[kept][fresh]
        )


def _places(facts: Facts, standing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the row of the change that each activity is about, and whether that one stands.

    A change may not be there: with what it is about, it was committed while facts were read.
    """
    place = np.searchsorted(facts.key, facts.done_change)
    is_there = np.append(facts.key, -1)[place] == facts.done_change
    return place, is_there & np.append(standing, False)[place]


def _pulls_told_again(facts: Facts, done, change, person) -> np.ndarray:
    """Return which of these activities review a pull request and are of a review told elsewhere."""
    twice = np.array([*(name in TOLD_TWICE for name in facts.kind_names), False])
    again, on_pull = np.zeros(len(done), bool), facts.sort[change] == PULL_REQUEST
    if not on_pull.any():
        return again
    rows = np.flatnonzero(twice[facts.done_kind[done]])
    change, done, on_pull = change[rows], done[rows], on_pull[rows]
    tellings = Tellings(
        key=facts.done_key[done],
        change=change,
        pull=_pull_codes(facts, change),
        on_pull=on_pull,
        on_commit=facts.sort[change] == COMMIT,
        person=person[rows],
        kind=facts.done_kind[done],
        at=facts.done_at[done],
    )
    again[rows] = told_again(tellings) & on_pull
    return again


def _landed_for(facts: Facts, change: np.ndarray, landed: np.ndarray) -> np.ndarray:
    """Return the commit that landed a pull request, where there is one; else the change itself."""
    numbered = landed[facts.pull_request[landed] >= 0]
    codes = _pull_codes(facts, numbered)
    order = np.argsort(codes, kind="stable")
    numbered, codes = numbered[order], codes[order]
    if not len(codes):
        return change
    last = np.searchsorted(codes, _pull_codes(facts, change), side="right") - 1
    found = (
        (facts.sort[change] == PULL_REQUEST)
        & (facts.pull_request[change] >= 0)
        & (last >= 0)
        & (codes[np.maximum(last, 0)] == _pull_codes(facts, change))
    )
    return np.where(found, numbered[np.maximum(last, 0)], change)


def _pull_codes(facts: Facts, rows: np.ndarray) -> np.ndarray:
    return pull_codes(facts.repository[rows], facts.pull_request[rows])


def _first_told(change, person, kind) -> np.ndarray:
    """Return which activities are told for the first time; the others are the same once more."""
    order = np.lexsort((kind, person, change))  # stable: the first told comes first
    fresh = np.ones(len(order), bool)
    same = np.ones(max(len(order) - 1, 0), bool)
    for column in (change, person, kind):
        same &= np.diff(column[order]) == 0
    fresh[order[1:][same]] = False
    return fresh


@dataclass(frozen=True)
class _Assembly:
    """The facts that count, on their way into the arrays of a history."""

    facts: Facts
    people: People
    slugs: tuple[str, ...]
    project: np.ndarray
    landed: np.ndarray
    events: _Events

    def history(self) -> History:
        facts, events = self.facts, self.events
        reviews, links = self._kinds(REVIEWS, REVIEW_KINDS), self._kinds(LINKS, LINK_KINDS)
        is_review = (events.change >= 0) & (reviews >= 0)
        is_link = (events.change >= 0) & (links >= 0)
        other = np.flatnonzero(~is_review & ~is_link)
        author = self.people.persons(facts.author[self.landed])
        persons = np.unique(np.concatenate([author[author >= 0], events.person]))
        used = np.unique(
            np.concatenate(
                [self.project[self.landed], self.project[events.project_of_change[other]]]
            )
        )
        order = np.lexsort(
            (facts.key[self.landed], self.project[self.landed], facts.at[self.landed])
        )
        landed, author = self.landed[order], author[order]
        row_of = np.full(len(facts.key), -1, np.int64)
        row_of[landed] = np.arange(len(landed))
        arrays = {
            "project": np.searchsorted(used, self.project[landed]).astype(np.int32),
            "author": np.where(author < 0, -1, np.searchsorted(persons, author)).astype(np.int32),
            "at": facts.at[landed],
            "is_merge": facts.is_merge[landed],
            "offset": facts.offset[landed],
            **self._organisations(landed),
        }
        for name, kinds, chosen in (("review", reviews, is_review), ("link", links, is_link)):
            rows = np.flatnonzero(chosen)
            arrays |= self._filed(name, rows, kinds, row_of, arrays["at"], persons)
        arrays |= self._others(other, used, persons)
        texts = self._texts(landed, used)
        projects = tuple(self.slugs[row] for row in used)
        organisations = arrays.pop("organisations")
        return History(
            projects=projects,
            people=_plain(persons),
            change_keys=_plain(facts.key[landed]),
            organisations=organisations,
            stretch=facts.stretch[landed],
            **texts,
            **arrays,
        )

    def _kinds(self, wanted: dict[str, str], kinds: tuple[str, ...]) -> np.ndarray:
        """Return for each event its number among ``kinds``, -1 for any other kind."""
        number = [kinds.index(wanted[n]) if n in wanted else -1 for n in self.facts.kind_names]
        return np.array([*number, -1], np.int8)[self.events.kind]

    def _organisations(self, landed: np.ndarray) -> dict:
        named = self.people.organisations(self.facts.author[landed])
        used, place = np.unique(np.append(named, 0), return_inverse=True)
        return {
            "organisations": tuple(self.people.organisation_names[row] for row in used.tolist()),
            "organisation": place[:-1].astype(np.int32),
        }

    def _filed(self, name, rows, kinds, row_of, at, persons) -> dict[str, np.ndarray]:
        events = self.events
        change, kind = row_of[events.change[rows]], kinds[rows]
        person = np.searchsorted(persons, events.person[rows])
        known = np.maximum(events.at[rows], at[change]) if len(rows) else events.at[rows]
        order = np.lexsort((kind, person, change, known))
        return {
            f"{name}_change": change[order].astype(np.int32),
            f"{name}_person": person[order].astype(np.int32),
            f"{name}_kind": kind[order],
            f"{name}_at": known[order],
        }

    def _others(self, rows, used, persons) -> dict[str, np.ndarray]:
        events = self.events
        person = np.searchsorted(persons, events.person[rows])
        project = np.searchsorted(used, self.project[events.project_of_change[rows]])
        order = np.lexsort((person, project, events.at[rows]))
        return {
            "other_person": person[order].astype(np.int32),
            "other_project": project[order].astype(np.int32),
            "other_at": events.at[rows][order],
        }

    def _texts(self, landed: np.ndarray, used: np.ndarray) -> dict:
        """Return paths (which belong to their project), words and languages, with their names."""
        facts = self.facts
        place = np.searchsorted(used, self.project[landed])
        words, word_names = _used_only(facts.words.take(landed), facts.word_names)
        languages, language_names = _used_only(facts.languages.take(landed), facts.language_names)
        return {
            **_paths(facts.prefixes.take(landed), facts.prefix_names, place, len(used)),
            "words": words,
            "word_names": word_names,
            "languages": languages,
            "language_names": language_names,
        }


def _paths(touched: Ragged, names: tuple[str, ...], project: np.ndarray, n_projects: int) -> dict:
    """Number the prefixes of each project apart, one project after the other."""
    ids = np.empty_like(touched.ids)
    order = np.argsort(project, kind="stable")
    ends = np.searchsorted(project[order], np.arange(n_projects + 1))
    found, of_project = [], []
    known = 0
    for number, (begin, end) in enumerate(pairwise(ends.tolist())):
        rows = order[begin:end]
        places, _ = expand(touched.ptr[rows], touched.ptr[rows + 1])
        own, row = np.unique(touched.ids[places], return_inverse=True)
        ids[places] = known + row
        known += len(own)
        found += [names[name] for name in own.tolist()]
        of_project.append(np.full(len(own), number, np.int32))
    return {
        "prefixes": Ragged(touched.ptr, ids),
        "prefix_names": tuple(found),
        "prefix_project": np.concatenate([np.zeros(0, np.int32), *of_project]),
    }


def _used_only(rows: Ragged, names: tuple[str, ...]) -> tuple[Ragged, tuple[str, ...]]:
    rows, used = rows.used_only(len(names))
    return rows, tuple(names[row] for row in used.tolist())


def _plain(keys: np.ndarray) -> array:
    """Keys as plain numbers in a fifth of a tuple's memory."""
    return array("q", keys.astype(np.int64).tobytes())


def history_of(
    facts: Facts,
    as_of: int,
    people: People,
    project_of: Mapping[int, str],
    withdrawn: np.ndarray = np.zeros(0, np.int64),  # noqa: B008
) -> History:
    """Return what was known before ``as_of`` (seconds) in the repositories of ``project_of``.

    ``withdrawn`` are keys of changes that left the history.
    """
    slugs = tuple(sorted(set(project_of.values())))
    slug_of = np.full(1 + max(int(facts.repository.max(initial=0)), *project_of, 0), -1, np.int32)
    for repository, slug in project_of.items():
        slug_of[repository] = slugs.index(slug)
    project = slug_of[facts.repository]
    standing = (project >= 0) & ~np.isin(facts.key, withdrawn)
    landed = np.flatnonzero(standing & (facts.sort == COMMIT) & (facts.at < as_of))
    events = _Events.of(facts, as_of, people, standing, landed)
    return _Assembly(facts, people, slugs, project, landed, events).history()
