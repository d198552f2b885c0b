"""Facts on disk: what comes back is what was written, or nothing."""

import errno
import fcntl
from dataclasses import fields
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.arrays import array_file, fact_file
from matching.arrays.facts_builder import FactsBuilder
from matching.arrays.history import Ragged

NOTE = {"ends": [30, 30]}


def some_facts():
    builder = FactsBuilder()
    for key in range(1, 31):
        at = 1_700_000_000 + 1_000 * key
        paths, subject = [f"a/b{key % 5}.py"], f"Teach parser{key} words"
        builder.add_change(key, 1, "commit", key % 7, at, paths, subject, False, 60, None, ["C"], 1)
        builder.add_activity(key, key, (key + 1) % 7, "reviewed", at + 5)
    return builder.build()


def values(facts) -> dict:
    found = {}
    for field in fields(facts):
        value = getattr(facts, field.name)
        if isinstance(value, Ragged):
            value = (value.ptr.tolist(), value.ids.tolist())
        found[field.name] = value.tolist() if isinstance(value, np.ndarray) else value
    return found


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("history") / "facts.npz"


@pytest.fixture(scope="module")
def whole(path) -> bytes:
    fact_file.save(path, some_facts(), NOTE)
    return path.read_bytes()


def test_facts_come_back_with_their_note(path, whole):
    path.write_bytes(whole)
    facts, note = fact_file.load(path)
    assert (values(facts), note) == (values(some_facts()), NOTE)


PLACE = st.floats(0, 1, exclude_max=True)
DAMAGE = st.one_of(
    st.tuples(st.just("cut"), PLACE, st.just(b"")),
    st.tuples(st.just("put"), PLACE, st.binary(min_size=1, max_size=40)),
    st.tuples(st.just("insert"), PLACE, st.binary(min_size=1, max_size=40)),
    st.tuples(st.just("flip"), PLACE, st.integers(0, 7).map(lambda bit: bytes([1 << bit]))),
)


def damaged(content: bytes, kind: str, place: float, by: bytes) -> bytes:
    begin = int(place * len(content))
    if kind == "flip":
        by = bytes([content[begin] ^ by[0]])
    end = {"cut": len(content), "insert": begin}.get(kind, begin + len(by))
    return content[:begin] + by + content[end:]


@given(harm=DAMAGE)
@settings(max_examples=300)
def test_a_damaged_file_is_what_was_written_or_nothing(path, whole, harm):
    path.write_bytes(damaged(whole, *harm))
    found = fact_file.load(path)
    assert found is None or (values(found[0]), found[1]) == (values(some_facts()), NOTE)


def an_array() -> bytes:
    content = BytesIO()
    np.save(content, np.arange(3))
    return content.getvalue()


@pytest.mark.parametrize("content", [b"", b"\0" * 9_000, b"PK\5\6" + b"\0" * 18, an_array()])
def test_what_is_no_file_of_facts_is_nothing(path, content):
    path.write_bytes(content)
    assert fact_file.load(path) is None


@pytest.mark.parametrize("note", [[], 3, None, {}, {"format": 0}])
def test_a_file_with_another_note_is_nothing(path, note):
    np.savez(path, about=array_file.packed(note))
    assert fact_file.load(path) is None


def test_where_locks_are_not_to_be_had_nobody_waits(tmp_path, monkeypatch):
    def refused(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refused)
    with fact_file.turn(tmp_path / "facts.npz"), fact_file.turn(tmp_path / "facts.npz"):
        fact_file.save(tmp_path / "facts.npz", some_facts(), NOTE)
    assert values(fact_file.load(tmp_path / "facts.npz")[0]) == values(some_facts())
