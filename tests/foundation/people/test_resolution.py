"""Links become people: what forbids a merge, and which rows move."""

import pytest

from foundation.people.identities import LinkProposal
from foundation.people.linking import LinkPolicy
from foundation.people.resolution import Reassignment, components, reassign, resolve, settle
from tests.foundation.people.spellings import COMPANY, git, github, handle, links, merge, people

# What forbids


@pytest.mark.parametrize("kind", ["bot", "service", "suspected", "ai"])
def test_a_machine_under_a_persons_address_does_not_pull_the_person_in(kind):
    identities = (
        git(1, "pytorchbot", "person@meta.example", kind=kind),
        git(2, "Ada Lovelace", "person@meta.example"),
        handle(3, "person"),
    )
    assert people(*identities, policy=COMPANY) == [{1}, {2, 3}]


def test_the_spellings_of_one_machine_are_one():
    assert people(
        git(1, "Some Bot", "1+some-bot@users.noreply.github.com", kind="bot"),
        git(2, "some-bot", "some-bot@users.noreply.github.com", kind="bot"),
    ) == [{1, 2}]


def test_a_shared_mailbox_joins_nobody():
    assert links(git(1, "Ada Lovelace", "root@box.local"), git(2, "ada", "root@box.local")) == []
    assert links(git(1, "Ada Lovelace", ""), git(2, "ada", "")) == []


def test_a_mailbox_with_a_hundred_spellings_joins_nobody():
    assert links(*(git(n, f"name{n}", "lab@example.net") for n in range(1, 102))) == []


def test_a_locked_identity_is_left_alone():
    locked = git(1, "Ada Lovelace", "ada@example.net", locked=True)
    assert links(locked, git(2, "Ada Lovelace", "ada@example.net")) == []


def test_a_locked_identity_freezes_its_person():
    identities = [
        git(1, "Ada Lovelace", "ada@example.net", locked=True),
        git(2, "Ada Lovelace", "ada@old.example"),
        git(3, "ada", "ada@old.example"),
        git(4, "countess", "ada@new.example"),
    ]
    standing = merge(1, 2, "steward")
    proposals = [merge(2, 3), merge(2, 4, "steward")]
    settlement = settle(identities, proposals, standing=[standing])
    assert settlement.links == [standing, merge(2, 4, "steward")]
    assert settlement.suggestions == []
    assert settlement.component == {1: 1, 2: 1, 3: 3, 4: 1}


def test_a_rejected_pair_stays_apart_by_every_way_round():
    identities = [git(n, "ada", "ada@example.net") for n in (1, 2)]
    identities.append(git(3, "ada", "ada@example.net", api_github_id=7))
    identities.append(git(4, "ada", "7+ada@users.noreply.github.com"))
    assert people(*identities) == [{1, 2, 3, 4}]
    assert people(*identities, policy=LinkPolicy(rejected_pairs=frozenset({(4, 1)}))) == [
        {1, 2},
        {3, 4},
    ]


def test_two_github_numbers_never_become_one_person_by_way_of_a_third():
    identities = [
        git(1, "Ada Lovelace", "7+ada@users.noreply.github.com"),
        git(2, "Ada Lovelace", "ada@example.net"),
        git(3, "Ada Lovelace", "8+ada2@users.noreply.github.com"),
    ]
    settlement = settle(identities, [merge(2, 3), merge(1, 2, "mailmap")])
    assert settlement.links == [merge(1, 2, "mailmap")]
    assert settlement.suggestions == [
        LinkProposal(2, 3, "same-email", "suggest", {"refused": "two-github-ids"})
    ]
    assert settlement.component == {1: 1, 2: 1, 3: 3}


def test_a_steward_may_join_two_github_accounts_and_others_of_either_may_follow():
    identities = [
        github(1, "ada", github_id=7),
        github(2, "countess", github_id=8),
        github(3, "ada-king", github_id=8),
    ]
    proposals = [merge(1, 2, "steward"), merge(2, 3, "github-id")]
    assert settle(identities, proposals).component == {1: 1, 2: 1, 3: 1}


def test_two_accounts_that_proved_who_they_are_stay_two_people():
    identities = [
        git(1, "Ada King", "ada@example.net", claimed_by=5),
        git(2, "Ada King", "ada@example.net", claimed_by=6),
    ]
    settlement = resolve(identities)
    assert (settlement.links, settlement.component) == ([], {1: 1, 2: 2})
    assert [question.evidence["refused"] for question in settlement.suggestions] == ["two-claims"]


def test_a_link_told_twice_stands_once_by_its_stronger_rule():
    identities = [git(1, "ada", "ada@example.net"), git(2, "ada", "ada@example.net")]
    proposals = [merge(1, 2, "a rule of former days"), merge(1, 2, "mailmap"), merge(1, 2)]
    assert settle(identities, proposals).links == [merge(1, 2, "mailmap")]


def test_a_question_is_asked_once_for_two_people_and_never_within_one():
    identities = [
        git(1, "Ada Lovelace", "ada@acme.example"),
        git(2, "Ada Lovelace", "lovelace@acme.example"),
        git(3, "Ada Lovelace", "lovelace@acme.example", where=frozenset({1, 2})),
    ]
    assert [question.pair for question in resolve(identities).suggestions] == [(1, 2)]


# Which rows move


def test_a_merge_moves_the_smaller_side():
    current = {1: 10, 2: 20, 3: 20}
    assert reassign(current, {1: 1, 2: 1, 3: 1}) == Reassignment({1: 20}, [1], frozenset({10}))


def test_of_equal_sides_the_older_person_stays():
    assert reassign({1: 20, 2: 10}, {1: 1, 2: 1}) == Reassignment({1: 10}, [1], frozenset({20}))


def test_an_undone_merge_makes_a_new_person_of_the_smaller_side():
    component = {1: 1, 2: 2, 3: 2}
    assert reassign({1: 10, 2: 10, 3: 10}, component) == Reassignment(
        {1: None, 2: 10}, [1], frozenset()
    )


def test_new_identities_become_new_people():
    assert reassign({1: 10, 2: None}, {1: 1, 2: 2, 3: 2}) == Reassignment(
        {1: 10, 2: None}, [2, 3], frozenset()
    )


def test_a_person_with_a_login_is_kept_before_a_larger_one():
    component = dict.fromkeys((1, 2, 3), 1)
    assert reassign({1: 10, 2: 20, 3: 20}, component, anchored=frozenset({10})) == Reassignment(
        {1: 10}, [2, 3], frozenset({20})
    )


def test_nothing_moves_when_nothing_changed():
    assert reassign({1: 10, 2: 10, 3: 30}, {1: 1, 2: 1, 3: 3}) == Reassignment(
        {1: 10, 3: 30}, [], frozenset()
    )


def test_links_to_unknown_identities_are_ignored():
    assert components([1, 2, 3], [merge(2, 3), (1, 99)]) == {1: 1, 2: 2, 3: 2}
