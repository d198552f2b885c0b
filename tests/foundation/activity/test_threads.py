"""What became of a pull request is the same in whatever order events tell of it."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.activity.sources.record import EventRecord, Who
from foundation.activity.threads import Told


def event(at: int, kind: str = "commented", **fields) -> EventRecord:
    return EventRecord(
        external_id=f"event/{at}",
        kind=kind,
        actor=Who(login="ada"),
        at=at,
        repository="mill/loom",
        change="pull/5",
        number=5,
        **fields,
    )


OPENED = event(1, "opened_pull_request", state="open")
LABELED = event(4, "labeled", has_merged_label=True)
UNMERGED = event(5, "closed_pull_request", state="closed", is_merged=False)
CUT = event(5, "closed_pull_request", state="closed")
REOPENED = event(7, "reopened_pull_request", state="open", is_merged=False)
CLOSED_AGAIN = event(9, "closed_pull_request", state="closed")
MERGED = event(6, "merged_pull_request", state="closed", is_merged=True, merged_at=6)


@pytest.mark.parametrize(
    ("events", "merged", "landed"),
    [
        ((OPENED,), None, None),
        ((OPENED, LABELED), None, None),
        ((OPENED, LABELED._replace(state="open"), UNMERGED), True, 5),
        ((OPENED, CUT, LABELED._replace(at=8)), True, 5),
        ((OPENED, UNMERGED), False, None),
        ((OPENED, CUT), None, None),
        ((OPENED, UNMERGED, REOPENED), None, None),
        ((UNMERGED, REOPENED, CLOSED_AGAIN), None, None),
        ((UNMERGED, REOPENED, CLOSED_AGAIN, LABELED), True, 9),
        ((OPENED, MERGED, event(8, state="closed")), True, 6),
        ((OPENED, event(6, has_merged_label=True, state="closed")), True, 6),
    ],
)
def test_whether_it_was_merged_and_when(events, merged, landed):
    for order in permutations(events):
        told = Told()
        for one in order:
            told.learn(one)
            told = Told(**told.as_json())  # as it is kept
        assert (told.is_merged(by_label=True), told.landed_at(by_label=True)) == (merged, landed)


def test_the_label_is_believed_only_where_the_project_says_so():
    told = Told()
    for one in (OPENED, LABELED, UNMERGED):
        told.learn(one)
    assert (told.is_merged(by_label=False), told.landed_at(by_label=False)) == (False, None)


TELLINGS = st.builds(
    event,
    st.integers(1, 6),
    st.sampled_from(["commented", "closed_pull_request", "reopened_pull_request", "labeled"]),
    title=st.sampled_from(["", "Weave", "Spin"]),
    state=st.sampled_from(["", "open", "closed"]),
    is_merged=st.sampled_from([None, None, False, True]),
    has_merged_label=st.sampled_from([None, False, True]),
    closed_at=st.sampled_from([None, 3]),
    merged_at=st.sampled_from([None, 3]),
)


@given(st.lists(TELLINGS, max_size=8), st.randoms(use_true_random=False))
def test_no_order_of_any_events_matters_nor_how_often_they_are_told(events, chance):
    kept = []
    for order in (events, [*events, *events]):
        told = Told()
        chance.shuffle(order := list(order))
        for one in order:
            told.learn(one)
        kept.append(told)
    assert kept[0] == kept[1]
