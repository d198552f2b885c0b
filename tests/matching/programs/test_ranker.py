import numpy as np
import pytest
from sklearn.base import clone

from matching.programs.ranker import ProgramPairs, ProgramRanker
from matching.programs.serving import ProgramServed, pairs_of, tables_before, train
from tests.matching.planted_programs import planted_programs

CUT = 2022 * 3  # 2022 term 1


@pytest.fixture(scope="module")
def tables():
    return tables_before(planted_programs().programs, CUT)


def test_a_clone_learns_the_same_ranker(tables):
    pairs = pairs_of(tables)
    ranker = ProgramRanker(random_state=3).fit(pairs)
    again = clone(ranker).fit(pairs)
    assert np.array_equal(ranker.decision_function(pairs.X), again.decision_function(pairs.X))


def test_programs_without_a_known_mentor_teach_nothing(tables):
    pairs = pairs_of(tables)
    silent = ProgramPairs(
        np.concatenate([pairs.X, pairs.X[:10] + 9]),
        np.concatenate([pairs.y, np.zeros(10, bool)]),
        np.concatenate([pairs.owner, np.full(10, pairs.owner[-1] + 1)]),
    )
    one, other = ProgramRanker().fit(pairs), ProgramRanker().fit(silent)
    assert np.array_equal(one.decision_function(pairs.X), other.decision_function(pairs.X))
    with pytest.raises(ValueError, match="nothing to learn from"):
        ProgramRanker().fit(ProgramPairs(pairs.X, np.zeros(len(pairs.y), bool), pairs.owner))


def test_with_fewer_than_thirty_answers_a_simple_sum_serves(tables):
    assert train(tables).source == "ranker"
    assert train(tables[:2]) == train([]) == ProgramServed(None)
    table = tables[0]
    expected = (
        table.column("here_ever") + table.column("here_share_6") + table.column("words_centre")
    )
    assert np.allclose(ProgramServed(None).scores(table), expected)
