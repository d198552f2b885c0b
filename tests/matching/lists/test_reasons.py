import numpy as np
import pytest

from matching.lists.reasons import GROUPS, explain, groups_of, unexplained
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import query_of_person
from matching.ranking.ranker import CONTEXT
from matching.ranking.serving import top, train
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


def test_every_feature_belongs_to_one_reason_or_to_the_whole_pool(world):
    _, table, _ = asked(world, "tree")
    columns = np.concatenate(list(groups_of(table.names).values()))
    assert unexplained(table.names) == []
    assert len(columns) == len(set(columns.tolist()))
    assert not {table.names[place] for place in columns} & set(CONTEXT)
    assert all(feature in table.names for feature, _ in GROUPS.values())


def test_a_new_feature_without_a_reason_is_found():
    assert unexplained(("reviews_45d", "karma", "pool_size", "karma:share")) == [
        "reviews_45d",
        "karma",
        "karma:share",
    ]


def test_every_count_of_a_reason_is_that_of_facts_in_the_history(world):
    history = world[0]
    _, table, explained = asked(world, "tree")
    person = history.people[table.pairs.candidate[asked(world, "tree")[0][0].pair]]
    row, end = history.person_index(person), int(history.at[-1]) + 1
    tree = history.project == history.projects.index("tree")
    facts = {reason.code: reason.evidence for reason in explained[0].reasons}
    wrote = np.flatnonzero(
        (history.author == row) & tree & (history.at >= end - 365 * 86_400) & ~history.is_merge
    )
    reviewed = history.review_change[history.review_person == row]
    late = reviewed[(history.at[reviewed] >= end - 90 * 86_400)]
    new = reviewed[
        (history.at[reviewed] >= end - 365 * 86_400) & (history.earlier_changes[reviewed] < 10)
    ]
    counts = {code: fact[0].count if fact else 0 for code, fact in facts.items()}
    assert (counts["activity"], counts["reviews_elsewhere"], counts["newcomers_helped"]) == (
        len(wrote),
        len(late),
        len(new),
    )
    assert facts["newcomers_helped"][0].first_at == int(history.at[new].min())
    assert (facts["hours"], facts["shared_work"], facts["organisation"]) == ((), (), ())
