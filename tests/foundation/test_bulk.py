"""Rows in bulk arrive as they were given, on either database."""

from uuid import uuid4

import numpy as np
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation import bulk
from foundation.activity.sightings import note_sightings
from foundation.bulk import Upsert, change_rows, count_anew, moment, reserve_ids, write_rows
from foundation.people.models import Identity, Sighting
from tests import world

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)


@pytest.mark.django_db
@given(name=TEXT, login=st.sampled_from(["\\N", "\\", "\t", "a\nb", "\r", "\\t", ""]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was_written(name, login):
    Identity.objects.all().delete()
    row = (*reserve_ids(Identity, 1), "git:x", "git", name, "", login, None, "human", "", False)
    fields = [
        "id",
        "key",
        "source",
        "name",
        "email",
        "login",
        "github_id",
        "kind",
        "kind_reason",
        "is_locked",
    ]
    write_rows(Identity, fields, [row])
    assert Identity.objects.values_list(*fields).get() == row


@given(st.floats(allow_nan=False))
def test_a_number_of_an_array_is_copied_like_any_other(number):
    told = [bulk._field(kind(number)) for kind in (float, np.float64)]
    assert [float(text) for text in told] == [number, number]


@pytest.mark.django_db
def test_reserved_ids_are_nobody_else_s():
    first = list(reserve_ids(Identity, 3))
    fields = ["id", "key", "source", "name", "email", "login", "kind", "kind_reason", "is_locked"]
    write_rows(
        Identity, fields, [(pk, f"k{pk}", "git", "", "", "", "human", "", False) for pk in first]
    )
    made = Identity.objects.create(key="later", source="git")
    assert made.pk not in first
    assert set(reserve_ids(Identity, 2)).isdisjoint({*first, made.pk})


@pytest.mark.django_db
@pytest.mark.parametrize("forgets", [False, True])
def test_ids_reserved_one_after_the_other_are_all_unlike(forgets):
    Identity.objects.create(key="earlier", source="git")
    if forgets and connection.vendor == "sqlite":  # as in a table that never gave a key itself
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'people_identity'")
    ids = [pk for count in (3, 0, 1, 3) for pk in reserve_ids(Identity, count)]
    ids.append(Identity.objects.create(key="later", source="git").pk)
    assert ids == sorted(set(ids)) and len(ids) == 8
    assert Identity.objects.get(key="earlier").pk not in ids


@pytest.mark.django_db
@pytest.mark.parametrize("few", [0, bulk.FEW])
def test_rows_are_given_new_values_and_no_others(monkeypatch, few):
    monkeypatch.setattr(bulk, "FEW", few)
    one, other, third = (Identity.objects.create(key=key, source="git").pk for key in "abc")
    change_rows(Identity, ["name", "is_locked"], [(one, "A\tda", True), (third, "Cyd", False)])
    assert list(Identity.objects.order_by("pk").values_list("pk", "key", "name", "is_locked")) == [
        (one, "a", "A\tda", True),
        (other, "b", "", False),
        (third, "c", "Cyd", False),
    ]


@pytest.mark.django_db
def test_rows_that_are_there_are_kept_where_nothing_is_to_change():
    Identity.objects.create(key="git:x", source="git", name="first")
    upsert = Upsert(
        Identity,
        key=("key",),
        keep=("source", "name", "email", "login", "kind", "kind_reason", "is_locked"),
    )
    upsert.write([("git:x", "git", "second", "", "", "human", "", False)])
    assert Identity.objects.get().name == "first"


@pytest.mark.parametrize("few", [0, 200])
@pytest.mark.django_db
def test_spans_widen_alike_with_a_few_rows_and_with_many(monkeypatch, few):
    monkeypatch.setattr(bulk, "FEW", few)
    repository = world.repository(world.project())
    ada, ben = (Identity.objects.create(key=key, source="git").pk for key in ("a", "b"))
    for seen in ({ben: (50, 60), ada: (10, 20)}, {ada: (5, 15), ben: (55, 70)}):
        note_sightings(repository, seen)
    rows = Sighting.objects.order_by("identity").values_list("identity", "first_at", "last_at")
    spans = [(pk, *(at.timestamp() for at in span)) for pk, *span in rows]
    assert spans == [(ada, 5, 20), (ben, 50, 70)]


@pytest.mark.parametrize("few", [0, 200])
@pytest.mark.django_db
def test_what_is_put_takes_the_place_of_what_was_there(monkeypatch, few):
    monkeypatch.setattr(bulk, "FEW", few)
    upsert = Upsert(
        Identity,
        key=("key",),
        put=("name",),
        keep=("source", "email", "login", "kind", "kind_reason", "is_locked"),
    )
    rest = ("git", "", "", "human", "", False)
    upsert.write([("a", "Ada", *rest), ("b", "Ben", *rest)], are_new=True)
    upsert.write([("b", "Bee", *rest), ("c", "Cleo", *rest)])
    assert sorted(Identity.objects.values_list("key", "name")) == [
        *(("a", "Ada"), ("b", "Bee"), ("c", "Cleo")),
    ]


def test_a_moment_is_text_of_utc():
    assert moment(None) is None
    assert moment(1_700_000_000).startswith("2023-11-14 22:13:20")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite plans without counting")
@pytest.mark.django_db
def test_a_table_is_counted_again_only_when_it_has_grown():
    def grow(count):
        rows = [Identity(key=f"git:{uuid4()}", name="Ada " * 20) for _ in range(count)]
        Identity.objects.bulk_create(rows)

    def counted(share):
        count_anew(Identity, grown_by=share)
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'people_identity'")
            return cursor.fetchone()[0]

    grow(1_000)
    assert counted(1) == 1_000
    grow(500)
    assert counted(1) == 1_000
    assert counted(0.1) == 1_500
