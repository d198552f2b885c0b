"""Numbers of many rows come as arrays, moments among them as seconds, on either database."""

from datetime import UTC, datetime

import pytest
from django.db.models.functions import Coalesce

from foundation.columns import columns
from foundation.people.models import Identity, Sighting
from foundation.seconds import Seconds
from tests import world

pytestmark = pytest.mark.django_db


def test_each_field_is_an_array():
    for number in range(3):
        Identity.objects.create(key=f"k{number}", source="github", github_id=number or None)
    pk, number = columns(Identity.objects.order_by("pk"), "pk", Coalesce("github_id", -1))
    assert pk.tolist() == list(Identity.objects.order_by("pk").values_list("pk", flat=True))
    assert number.tolist() == [-1, 1, 2]


def test_no_rows_are_empty_arrays():
    assert [len(column) for column in columns(Identity.objects.none(), "pk", "github_id")] == [0, 0]


@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_a_moment_is_its_whole_seconds(microsecond):
    identity = Identity.objects.create(key="k", source="git")
    moments = [datetime(year, 2, 3, 4, 5, 6, microsecond, UTC) for year in (1969, 1990, 2026)]
    for at in moments:
        where = world.repository(world.project(str(at.year)))
        Sighting.objects.create(identity=identity, repository=where, first_at=at, last_at=at)
    (seconds,) = columns(Sighting.objects.order_by("first_at"), Seconds("first_at"))
    assert seconds.tolist() == [at.replace(microsecond=0).timestamp() for at in moments]
