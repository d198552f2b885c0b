"""Facts kept as arrays: extended by what is new they are what reading everything anew gives."""

import random
from datetime import UTC, datetime, timedelta
from threading import Thread

import numpy as np
import pytest
from django.db import connection

from foundation.activity.models import Activity, Change
from foundation.people.models import Identity, Person
from foundation.projects.models import Foundation, Project, Repository
from matching import features
from matching.arrays import fact_file
from matching.arrays.history import Ragged
from tests.full_disk import full_disk
from tests.matching.plain_history import plain_history

pytestmark = pytest.mark.django_db

BEGINS = datetime(2025, 1, 1, tzinfo=UTC)
KINDS = ("reviewed", "acked", "mentored", "coauthored", "landed", "tested", "answered", "authored")


class Town:
    """Two projects in which everything happens that facts may hold."""

    def __init__(self, seed: int) -> None:
        self.rng, self.day = random.Random(seed), 0
        home = Foundation.objects.create(name="Home")
        self.repositories = [
            Repository.objects.create(
                project=Project.objects.create(foundation=home, slug=slug, name=slug), name=slug
            )
            for slug in ("harbour", "attic")
        ]
        people = [Person.objects.create(name=f"n{number}") for number in range(8)]
        self.identities = [
            Identity.objects.create(
                key=f"k{number}",
                email=f"n{number}@{'mill' if number % 3 else 'forge'}.example",
                person=people[number % 8] if number else None,
            )
            for number in range(14)
        ]

    def go_on(self, count: int) -> None:
        """Add changes and what people did about them and about older ones."""
        for _ in range(count):
            self.day += 1
            self._change()
            for _ in range(3):
                self._activity()

    def _at(self, days_late: int = 0) -> datetime | None:
        late = timedelta(days=self.rng.randint(-days_late, days_late))
        return None if self.rng.random() < 0.05 else BEGINS + timedelta(days=self.day) + late

    def _change(self) -> None:
        rng, kind = self.rng, self.rng.choice(["commit", "commit", "pull_request", "issue"])
        Change.objects.create(
            repository=rng.choice(self.repositories),
            kind=kind,
            external_id=f"{kind}-{self.day}",
            author=rng.choice([None, *self.identities]),
            landed_at=self._at(40),
            author_offset=rng.choice([None, 60, -480]),
            subject=f"Teach {rng.choice(['parser', 'lexer'])} new{self.day} words",
            paths="\n".join(
                f"{rng.choice('abc')}/{rng.choice('xy')}{rng.randint(0, self.day)}.py"
                for _ in range(rng.randint(0, 3))
            ),
            path_count=rng.choice([None, 3, 4_000]),
            is_merge=rng.random() < 0.1,
            pull_request=rng.choice([None, rng.randint(1, 9)]),
        )

    def _activity(self) -> None:
        change = self.rng.choice(list(Change.objects.order_by("pk")))
        Activity.objects.get_or_create(
            change=change,
            identity=self.rng.choice(self.identities),
            kind=self.rng.choice(KINDS),
            external_id=self.rng.choice(["", "1", "2"]),
            defaults={"at": self._at(5)},
        )


def values(history) -> dict:
    found = {}
    for name, value in vars(history).items():
        if isinstance(value, Ragged):
            value = (value.ptr.tolist(), value.ids.tolist())
        found[name] = value.tolist() if isinstance(value, np.ndarray) else value
    found |= {name: tuple(found[name]) for name in ("people", "change_keys")}
    known = {name: found[name] for name in history.__dataclass_fields__}
    return known | {"data_hash": history.data_hash}


def anew(as_of, projects=None) -> dict:
    """Read everything again: the file is put aside."""
    features._path().unlink(missing_ok=True)
    return values(features.load_history(as_of, projects))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_extended_facts_are_rebuilt_facts_are_what_was_told(seed):
    town = Town(seed)
    for step in range(4):
        town.go_on(12)
        for as_of in (BEGINS + timedelta(days=20), BEGINS + timedelta(days=400, microseconds=5)):
            extended = values(features.load_history(as_of))
            assert extended == values(plain_history(as_of)), step
        one = values(features.load_history(as_of, ["attic"]))
        assert one == values(plain_history(as_of, ["attic"]))
    assert extended == anew(as_of)


def test_what_was_withdrawn_and_who_is_who_are_asked_each_time():
    town, as_of = Town(4), BEGINS + timedelta(days=400)
    town.go_on(30)
    before = values(features.load_history(as_of))
    Change.objects.filter(pk__in=[change.pk for change in Change.objects.all()[::4]]).update(
        withdrawn_at=as_of
    )
    Identity.objects.filter(pk=town.identities[3].pk).update(person=town.identities[2].person)
    after = values(features.load_history(as_of))
    assert after == values(plain_history(as_of))
    assert after["data_hash"] != before["data_hash"]


def test_only_what_is_new_is_read(monkeypatch):
    town = Town(5)
    town.go_on(30)
    features.known_facts()
    ends = [model.objects.order_by("-pk")[0].pk for model in (Activity, Change)]
    town.go_on(3)
    begun = []

    def read(after, until):
        begun.append(list(after))
        return features.FactsBuilder().build()

    monkeypatch.setattr(features, "read_facts", read)
    features.known_facts()
    assert begun == [ends]


def test_nothing_new_is_few_questions_however_much_there_is(django_assert_num_queries):
    town = Town(5)
    for _ in range(2):
        town.go_on(10)
        features.load_history(BEGINS)
        with django_assert_num_queries(9):
            features.load_history(BEGINS)


@pytest.mark.parametrize("harm", ["cut", "deleted", "other"])
def test_a_file_that_does_not_hold_what_the_tables_hold_is_not_believed(harm):
    town, as_of = Town(6), BEGINS + timedelta(days=400)
    town.go_on(30)
    features.load_history(as_of)
    if harm == "cut":
        path = features._path()
        path.write_bytes(path.read_bytes()[:-200])
    elif harm == "deleted":
        Activity.objects.order_by("pk")[3].delete()
    else:
        known = Change.objects.filter(pk=Change.objects.order_by("pk")[7].pk)
        known.update(external_id="somewhere-else", subject="Quite another thing")
    assert values(features.load_history(as_of)) == values(plain_history(as_of))


def test_a_row_that_became_another_is_noticed_however_late_the_keys_begin():
    town, as_of = Town(7), BEGINS + timedelta(days=400)
    town.go_on(4)
    row = Change.objects.exclude(author=None).order_by("pk").first()
    row.kind, row.landed_at, row.subject = "commit", BEGINS, "Plain words"
    Change.objects.all().delete()
    for number in range(10):
        row.pk, row.external_id = 1_000_000 + number, f"late-{number}"
        row.save(force_insert=True)
    assert features.load_history(as_of).n_changes == 10
    known = Change.objects.filter(pk=1_000_003)
    known.update(external_id="somewhere-else", subject="Quite another thing")
    assert values(features.load_history(as_of)) == values(plain_history(as_of))


def test_databases_of_one_name_on_two_servers_have_a_file_each(settings, monkeypatch):
    paths = set()
    for host, port in [("", ""), ("one", ""), ("two", ""), ("two", 5433)]:
        place = {"HOST": host, "PORT": port, "NAME": "releve"}
        for part, value in place.items():
            monkeypatch.setitem(settings.DATABASES["default"], part, value)
        paths.add(features._path())
    assert len(paths) == 4


class Late:
    """Adds rows whose keys were taken long ago once so many questions have been asked."""

    def __init__(self, town: Town, asked: int) -> None:
        self.left, self.change, self.done = asked, _ahead(Change, 100), _ahead(Activity, 100)
        self.by = town.identities[1]

    def __call__(self, execute, *question):
        answer = execute(*question)
        self.left -= 1
        if not self.left:
            self.add()
        return answer

    def add(self) -> None:
        for change in Change.objects.filter(pk=self.change):
            change.pk, change.external_id, change.withdrawn_at = self.change - 50, "late", None
            change.kind, change.landed_at, change.subject = "commit", BEGINS, "Come late"
            change.save(force_insert=True)
            about = {"change": change, "identity": self.by, "kind": "tested", "at": BEGINS}
            Activity.objects.create(pk=self.done - 50, **about)


def _ahead(model, by: int) -> int:
    """A row like the last one, some keys further on; returns its key."""
    row = model.objects.latest("pk")
    row.pk, row.external_id = row.pk + by, f"ahead-{row.pk}"
    row.save(force_insert=True)
    return row.pk


@pytest.mark.parametrize("is_kept", [False, True])
@pytest.mark.parametrize("asked", range(1, 17))
def test_a_row_that_comes_late_is_seen_the_next_time_whenever_it_came(asked, is_kept):
    town, as_of = Town(8), BEGINS + timedelta(days=400)
    town.go_on(6)
    late = Late(town, asked)
    if is_kept:
        features.known_facts()
    _ahead(Change, 9), _ahead(Activity, 9)
    with connection.execute_wrapper(late):
        features.load_history(as_of)
    if late.left > 0:  # after all questions
        late.add()
    assert Change.objects.filter(external_id="late").exists()
    assert values(features.load_history(as_of)) == values(plain_history(as_of))


def test_facts_that_cannot_be_kept_are_read_all_the_same(settings, caplog):
    Town(6).go_on(20)
    as_of = BEGINS + timedelta(days=400)
    told = values(plain_history(as_of))
    with full_disk(after=1_000):
        assert [values(features.load_history(as_of)) for _ in range(2)] == [told, told]
    assert [path.suffix for path in settings.HISTORY_DIR.iterdir()] == [".lock"]
    assert [record.getMessage()[:32] for record in caplog.records] == 2 * [
        "The facts could not be kept in /"
    ]


def test_whoever_comes_second_waits_until_the_first_has_read(tmp_path):
    order, path = [], tmp_path / "history" / "facts.npz"

    def second():
        with fact_file.turn(path):
            order.append("second")

    waiting = Thread(target=second)
    with fact_file.turn(path):
        waiting.start()
        waiting.join(0.2)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]


def test_where_no_lock_can_be_made_facts_are_read_all_the_same():
    Town(6).go_on(20)
    as_of = BEGINS + timedelta(days=400)
    features._path().with_suffix(".lock").mkdir(parents=True)
    assert values(features.load_history(as_of)) == values(plain_history(as_of))


def test_facts_put_in_order_are_the_same(monkeypatch):
    Town(7).go_on(20)
    as_of = BEGINS + timedelta(days=400)
    monkeypatch.setattr(features, "MUCH", 0)
    assert anew(as_of) == values(plain_history(as_of))
