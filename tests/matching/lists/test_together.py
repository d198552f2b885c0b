"""Many mentees asked about at once: everybody is told what they would be told alone."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from matching.community import Community
from matching.lists.limits import Limits
from matching.lists.reasons import explain, explain_each
from matching.lists.suggest import Mentee, suggest, suggest_each
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import Queries, query_of_person
from matching.ranking import serving
from matching.ranking.serving import Served, top, top_each, train
from matching.ranking.travelling import TravellingRanker
from mentorship.models import Match
from tests.matching.planted import planted_history


@pytest.fixture(scope="module")
def community():
    history = planted_history(700)
    history = replace(history, people=tuple(range(1, history.n_people + 1)))
    as_of = datetime.fromtimestamp(int(history.at[-1]) + 1, UTC)
    return Community(as_of, history, PairFeatures(history))


@pytest.fixture(scope="module")
def ranker(community):
    history = community.history
    return train(community.features, community.seconds, history.reviewed_changes()).ranker


@pytest.fixture(params=["model", "shipped", "hybrid"])
def served(ranker, request):
    """Each kind of source for the project that is asked about."""
    return Served(ranker, {"tree": request.param}, TravellingRanker.of(ranker))


def queries_in(community) -> Queries:
    history, tree = community.history, community.history.projects.index("tree")
    asked = [(-1, ("docs",)), (-1, ("storage",)), *((row, ()) for row in range(8))]
    return Queries.joined(
        [query_of_person(history, row, tree, community.seconds, said) for row, said in asked]
    )


def test_each_of_many_queries_is_answered_as_if_it_were_alone(community, served):
    queries, features = queries_in(community), community.features
    together = top_each(served, features, queries)
    for row, (found, table) in enumerate(together):
        alone, own = top(served, features, queries.take(np.array([row])))
        assert found == alone
        np.testing.assert_array_equal(table.values, own.values)
        np.testing.assert_array_equal(table.pairs.candidate, own.pairs.candidate)


def test_each_of_many_lists_is_explained_as_if_it_were_alone(community, served):
    features = community.features
    ranked = top_each(served, features, queries_in(community))
    asked = [(table, [one.pair for one in found]) for found, table in ranked]
    alone = [explain(served, features, table, pairs) for table, pairs in asked]
    assert explain_each(served, features, asked) == alone


def test_suggestions_for_many_are_those_for_one_after_the_other(community, served, monkeypatch):
    monkeypatch.setattr(serving, "MOST_PAIRS", 3 * community.history.n_people)  # several parts
    mentees = [Mentee(person, Match.Kind.SUGGESTED) for person in range(1, 12)]
    limits, again = (Limits(load_weight=0.4, unavailable=frozenset({2})) for _ in range(2))
    alone = []
    for mentee in mentees:
        found = suggest(mentee, "tree", community, served, limits=limits)
        alone.append((mentee, found))
        limits.bear(found[0].mentor)
    together = suggest_each(mentees, "tree", community, served, limits=again)
    assert list(together) == alone
    assert again == limits
    assert len({found[0].mentor for _, found in alone}) > 1


def test_nobody_to_ask_about_is_asked_about_in_vain(community, served):
    assert list(suggest_each([], "tree", community, served, limits=Limits())) == []
