"""A review is one review, by however many sources, identities and orders it is told."""

import json
from datetime import timedelta
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.activity.models import Activity
from foundation.activity.reading import ingest_events, project_called
from foundation.activity.reviews import UNNUMBERED, Tellings, told_again
from foundation.activity.tellings import keys_told_again
from foundation.people.models import Identity, Profile
from foundation.profiles.build import update_profiles
from foundation.projects.models import Repository
from tests import world

ACCOUNTS = {"alice": 101, "bob": 102}


def event(number, kind, actor, payload, at):
    return {
        "id": str(number),
        "type": kind,
        "actor": {"login": actor, "id": ACCOUNTS[actor]},
        "repo": {"name": "mill/loom", "id": 7},
        "created_at": at,
        "payload": payload,
    }


def review(number, actor, at):
    """As cut as GitHub sends it: it does not tell whose pull request it is."""
    payload = {"action": "created", "pull_request": {"number": 5}}
    payload["review"] = {"id": number, "state": "commented"}
    return event(number, "PullRequestReviewEvent", actor, payload, at)


OPENED = event(
    3,
    "PullRequestEvent",
    "alice",
    {
        "action": "opened",
        "number": 5,
        "pull_request": {
            "number": 5,
            "user": {"login": "alice", "id": 101},
            "title": "[warp] Weave",
        },
    },
    "2026-01-01T10:00:00Z",
)
BY_HERSELF = review(900, "alice", "2026-01-02T10:00:00Z")
BY_BOB = review(901, "bob", "2026-01-02T11:00:00Z")
AGAIN_BY_BOB = review(902, "bob", "2026-01-09T11:00:00Z")
ALL = (OPENED, BY_HERSELF, BY_BOB, AGAIN_BY_BOB)


def take_in(tmp_path, *events) -> int:
    path = tmp_path / "events.json"
    path.write_text("".join(json.dumps(one) + "\n" for one in events))
    return ingest_events(str(path))[0].activities


def loom():
    return Repository.objects.create(
        project=project_called("loom"), name="loom", github="mill/loom"
    )


def facts():
    return sorted(
        Activity.objects.values_list("identity__login", "kind", "external_id", "counterpart__login")
    )


def figures():
    rows = Profile.objects.order_by("person__name")
    return list(
        rows.values_list(
            "person__name", "reviews_given", "reviews_received", "other_help", "weeks", "last_at"
        )
    )


@pytest.mark.django_db
@pytest.mark.parametrize("order", list(permutations(ALL)))
def test_events_say_the_same_in_whatever_order_they_come(tmp_path, order):
    project = loom().project
    for one in order:
        take_in(tmp_path, one)
        update_profiles(project)
    assert facts() == [
        ("alice", "opened_pull_request", "event/3", None),
        ("alice", "reviewed", "review/900", None),
        ("bob", "reviewed", "review/901", "alice"),
        ("bob", "reviewed", "review/902", "alice"),
    ]
    told = [row[:4] for row in figures()]
    assert told == [("alice", 0, 1, 0), ("bob", 1, 0, 0)]
    added = figures()
    update_profiles(project, rebuild=True)
    assert figures() == added


@pytest.mark.django_db
def test_what_is_told_once_more_is_no_news_even_if_more_is_known_by_then(tmp_path):
    loom()
    take_in(tmp_path, BY_HERSELF, BY_BOB)
    take_in(tmp_path, OPENED)
    before = facts()
    assert take_in(tmp_path, BY_HERSELF, BY_BOB) == 0
    assert facts() == before


@st.composite
def many_tellings(draw):
    """Few changes, numbers and people, so that they meet: change 0 to 2 are commits, 3 to 5 not."""
    pull = [draw(st.sampled_from([UNNUMBERED, 1, 2])) for _ in range(3)]
    deeds = draw(
        st.lists(
            st.tuples(st.integers(0, 5), st.integers(1, 3), st.integers(0, 1), st.integers(0, 9)),
            max_size=14,
        )
    )
    rows = [
        (key, change, pull[change] if change < 3 else change - 3, change >= 3, change < 3, *rest)
        for key, (change, *rest) in enumerate(deeds)
    ]
    columns = np.array(rows, np.int64).reshape(-1, 8).T
    told = Tellings(*columns)
    return Tellings(
        **vars(told) | {"on_pull": told.on_pull.astype(bool), "on_commit": told.on_commit > 0}
    )


@given(many_tellings(), st.randoms(use_true_random=False))
def test_which_telling_counts_does_not_depend_on_the_order(told, chance):
    order = list(range(len(told.key)))
    chance.shuffle(order)
    assert told_again(told)[order].tolist() == told_again(told.take(np.array(order, int))).tolist()


@given(many_tellings())
def test_whoever_reviewed_is_counted_and_once_about_a_pull_request(told):
    counts = told.take(np.flatnonzero(~told_again(told)))

    def pairs(some):
        return set(zip(some.change.tolist(), some.person.tolist(), strict=True))

    by_commit = {
        (int(pull), int(person))
        for pull, person, by in zip(told.pull, told.person, told.on_commit, strict=True)
        if by and pull != UNNUMBERED
    }
    on_pull = told.take(np.flatnonzero(told.on_pull))
    wanted = {
        pair
        for pair, pull in zip(
            zip(on_pull.change.tolist(), on_pull.person.tolist(), strict=True),
            on_pull.pull.tolist(),
            strict=True,
        )
        if (pull, pair[1]) not in by_commit
    }
    left = counts.take(np.flatnonzero(counts.on_pull))
    assert pairs(left) == wanted and len(left.key) == len(wanted)
    by_commits = told.take(np.flatnonzero(~told.on_pull))
    assert pairs(counts.take(np.flatnonzero(~counts.on_pull))) == pairs(by_commits)


@pytest.mark.django_db
def test_two_identities_of_one_person_tell_one_review():
    repo = world.repository(world.project())
    ada, ben = world.person("Ada"), world.person("Ben")
    change = world.change(repo, ada, at=world.days_ago(3))
    world.deed(change, ben)
    second = Activity.objects.create(
        change=change,
        identity=world.identity(ben, "ben@elsewhere.example"),
        kind="reviewed",
        at=change.landed_at + timedelta(hours=1),
    )
    assert keys_told_again(Activity.objects.all()) == {second.pk}
    Identity.objects.filter(pk=second.identity_id).update(person=None)
    assert keys_told_again(Activity.objects.all()) == set()
