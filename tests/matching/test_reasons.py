import numpy as np
import pytest

from matching.pairs import PairFeatures
from matching.queries import query_of_person
from matching.ranker import CONTEXT
from matching.reasons import GROUPS, explain, groups_of
from matching.serving import top, train
from tests.matching.planted import planted_history


@pytest.fixture(scope="module")
def world():
    history = planted_history(700)
    features = PairFeatures(history)
    served = train(features, int(history.at[-1]) + 1, history.reviewed_changes())
    return history, features, served


def asked(world, project: str, interests=("storage",)):
    history, features, served = world
    end = int(history.at[-1]) + 1
    query = query_of_person(history, -1, history.projects.index(project), end, interests)
    found, table = top(served, features, query)
    return found, table, explain(served, features, table, [row.pair for row in found])


@pytest.mark.parametrize("project", ["tree", "small"])
def test_the_score_is_rebuilt_from_the_reasons(world, project):
    history, _, served = world
    found, table, explained = asked(world, project)
    scores = served.scores(table, history.projects)
    for suggestion, explanation in zip(found, explained, strict=True):
        total = explanation.base + sum(reason.contribution for reason in explanation.reasons)
        assert total == pytest.approx(scores[suggestion.pair], abs=1e-5)
        assert {reason.code for reason in explanation.reasons} == set(GROUPS)


def test_the_reason_shows_what_was_reviewed_where_and_when(world):
    history = world[0]
    _, table, explained = asked(world, "tree")
    area = next(reason for reason in explained[0].reasons if reason.code == "areas_reviewed")
    [fact] = area.evidence
    assert fact.name == "storage"
    assert area.contribution > 0
    rows = np.flatnonzero(
        [
            history.prefix_names[history.prefixes.row(row)[0]] == "storage"
            and history.at[row] >= history.at[-1] - 730 * 86_400
            for row in range(history.n_changes)
        ]
    )
    reviewed = [row for row in rows if len(history.reviewers.row(row))]
    assert (fact.count, fact.last_at) == (len(reviewed), int(history.at[reviewed[-1]]))
    assert fact.changes == tuple(reviewed[::-1][:5])


def test_a_simple_ranking_explains_itself_too(world):
    _, _, explained = asked(world, "small", ())
    assert explained[0].source == "recency"
    assert explained[0].reasons[0].code == "reviews_here"


def test_every_feature_belongs_to_a_reason_or_to_the_whole_pool(world):
    _, table, _ = asked(world, "tree")
    columns = np.concatenate(list(groups_of(table.names).values()))
    left = {name for place, name in enumerate(table.names) if place not in columns}
    assert left == set(CONTEXT)
    assert len(columns) == len(set(columns.tolist()))
    assert all(feature in table.names for feature, _ in GROUPS.values())
