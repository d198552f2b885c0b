import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.arrays.history import DAY
from matching.pairing import postings as module
from matching.pairing.postings import Counter, Postings

EVENTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1_000, 2_000)), max_size=30
)


def columns(events: list[tuple]) -> list[np.ndarray]:
    return [np.array([event[place] for event in events], np.int64) for place in range(3)]


@given(EVENTS, st.integers(0, 4), st.integers(0, 4), st.integers(900, 2_100), st.integers(0, 900))
def test_a_counter_counts_what_came_before_and_nothing_later(events, key, person, as_of, window):
    key_of, person_of, days = columns(events)
    counter = Counter.of(key_of, person_of, days * DAY)
    now, since = np.array([as_of * DAY]), np.array([(as_of - window) * DAY])
    code = counter.look_up(np.array([key]), np.array([person]))
    before = [day for k, p, day in events if (k, p) == (key, person) and day < as_of]
    inside = [day for day in before if day >= as_of - window]
    assert counter.counts(code, since, now).tolist() == [len(inside)]
    assert counter.last(code, now).tolist() == [max(before) * DAY if before else -1]
    assert counter.first(code, now).tolist() == [min(before) * DAY if before else -1]
    fading = sum(2.0 ** ((day - as_of) / 90) for day in before)
    np.testing.assert_allclose(counter.decayed(code, now, now, 90 * DAY), [fading], rtol=1e-6)


def test_a_fading_sum_stays_exact_over_many_pairs_and_years():
    key, person = np.arange(3_000), np.arange(3_000)
    at = 1_000_000_000 + (np.arange(3_000) % 7) * 365 * DAY
    counter = Counter.of(key, person, at)
    now = np.full(3_000, 1_300_000_000)
    found = counter.decayed(counter.look_up(key, person), now, now, 14 * DAY)
    np.testing.assert_allclose(found, 2.0 ** ((at - now) / (14 * DAY)), rtol=1e-6)


@given(EVENTS, st.integers(0, 3), st.integers(900, 2_100), st.integers(1, 5))
def test_postings_return_the_newest_events_of_a_key(events, key, as_of, newest):
    key_of, person_of, at = columns(events)
    postings = Postings.of(key_of, at, person_of)
    rows, owner = postings.rows(np.array([key]), np.array([0]), np.array([as_of]), newest)
    expected = sorted(at for k, _, at in events if k == key and at < as_of)[-newest:]
    assert postings.at(rows).tolist() == expected
    assert owner.tolist() == [0] * len(expected)


@pytest.mark.parametrize("in_time_order", [False, True])
def test_events_of_one_moment_stay_as_they_came(in_time_order):
    rng = np.random.default_rng(3)
    key, at = rng.integers(0, 9, 500), rng.integers(1_000, 1_040, 500)
    at = np.sort(at) if in_time_order else at
    filed = Postings.of(key, at, np.arange(500))
    assert filed.source.tolist() == np.lexsort((at, key)).tolist()


@pytest.mark.parametrize(
    "index", [Counter.of, lambda key, person, at: Postings.of(key, at, person)]
)
def test_more_keys_than_fit_are_refused_and_never_run_into_the_time(monkeypatch, index):
    monkeypatch.setattr(module, "MAX_KEY", 40)
    key, nobody = np.arange(40), np.zeros(40, np.int64)
    assert len(index(key, nobody, np.full(40, DAY)).column) == 40
    key, nobody = np.arange(41), np.zeros(41, np.int64)
    with pytest.raises(ValueError, match="Too many keys"):
        index(key, nobody, np.full(41, DAY))


def test_a_key_that_would_be_taken_for_another_is_refused():
    nobody, at = np.zeros(1, np.int64), np.array([DAY])
    largest = Counter.of(np.array([2**31 - 1]), nobody, at)
    assert largest.look_up(np.array([2**31 - 1, -1]), np.zeros(2, np.int64)).tolist() == [0, -1]
    with pytest.raises(ValueError, match="Too many keys"):
        Counter.of(np.array([2**31]), nobody, at)
