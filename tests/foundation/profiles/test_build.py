"""Profiles come from the facts, by adding or by rebuilding: the rows are the same."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.activity.reading import ingest_git, open_source, project_called, repository_for
from foundation.activity.sources import git_log
from foundation.people.merging import decide, detach
from foundation.people.models import (
    Affiliation,
    Expertise,
    Identity,
    IdentityLink,
    Person,
    Profile,
    StaleProfile,
)
from foundation.profiles import build, evidence
from foundation.profiles.build import update_profiles
from foundation.profiles.decay import HALF_LIFE_SECONDS, decayed, stored_weight
from tests.gitworld import ADA, BEN, CLEO, GitWorld

pytestmark = pytest.mark.django_db


def ingest(world, project="engine"):
    source = open_source(world.path)
    repository = repository_for(project_called(project), source)
    ingest_git(repository, source)
    return repository.project


@pytest.fixture
def world(tmp_path):
    return GitWorld(tmp_path / "engine")


def rows():
    lines = Expertise.objects.order_by("person__name", "kind", "name").values_list(
        "person__name", "kind", "name", "authored", "reviewed", "changes", "reviews", "last_at"
    )
    profiles = Profile.objects.order_by("person__name").values_list(
        "person__name",
        "changes",
        "reviews_given",
        "reviews_received",
        "other_help",
        "newcomers_helped",
        "active_weeks",
        "weeks",
        "hours_utc",
        "first_at",
        "last_at",
    )
    exact = [(*line[:3], *line[5:]) for line in lines]
    # Sums of doubles depend on their order in the last digits only.
    weights = [f"{weight:.9e}" for line in lines for weight in line[3:5]]
    return exact, weights, list(profiles)


def weave(world, first, last):
    for number in range(first, last):
        author = (ADA, BEN)[number % 2]
        world.commit(
            author,
            files=(f"loom/warp/thread{number}.py", "docs/guide.md"),
            message=f"[warp] Tighten the warp thread\n\nReviewed-by: {CLEO}",
        )


def test_increments_and_a_rebuild_give_the_same_rows(world):
    weave(world, 0, 6)
    project = ingest(world)
    update_profiles(project)
    weave(world, 6, 13)
    ingest(world)
    update_profiles(project)
    added = rows()
    update_profiles(project, rebuild=True)
    assert rows() == added


def test_a_profile_says_what_was_done(world):
    weave(world, 0, 4)
    project = ingest(world)
    update_profiles(project)
    cleo, ada = (
        Profile.objects.get(person__name="Cleo Marin"),
        Profile.objects.get(person__name="Ada Byron"),
    )
    assert (cleo.changes, cleo.reviews_given, cleo.newcomers_helped) == (0, 4, 2)
    assert (ada.changes, ada.reviews_received, ada.active_weeks) == (2, 2, 1)
    assert set(
        Expertise.objects.filter(person=ada.person).values_list("kind", "name", "changes")
    ) == {
        ("area", "loom", 2),
        ("area", "loom/warp", 2),
        ("area", "docs", 2),
        ("language", "Python", 2),
        ("language", "Markdown", 2),
        ("topic", "warp", 2),
    }


def test_nothing_is_read_twice(world):
    weave(world, 0, 3)
    project = ingest(world)
    assert update_profiles(project)["facts"] == 6
    assert update_profiles(project)["facts"] == 0


def test_a_full_build_asks_as_often_for_many_people_as_for_few(world, tmp_path):
    crowd = GitWorld(tmp_path / "crowd")
    for number in range(12):
        crowd.commit(f"Hand{number} <hand{number}@quay.example>")
    weave(world, 0, 2)
    asked = []
    for project in (ingest(world), ingest(crowd, "crowd")):
        with CaptureQueriesContext(connection) as queries:
            update_profiles(project)
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert Profile.objects.filter(project__slug="crowd").count() == 12


def test_a_withdrawn_change_leaves_the_profile(world):
    weave(world, 0, 4)
    project = ingest(world)
    update_profiles(project)
    world.git("reset", "-q", "--hard", "HEAD~2")
    ingest(world)
    update_profiles(project)
    withdrawn = rows()
    update_profiles(project, rebuild=True)
    assert rows() == withdrawn
    assert Profile.objects.get(person__name="Ada Byron").changes == 1


def test_an_identity_that_leaves_takes_its_facts_along(world):
    world.commit("Ada Byron <ada@analytical.example>")
    world.commit("Ada B <ada@analytical.example>")
    project = ingest(world)
    update_profiles(project)
    assert Profile.objects.get().changes == 2
    detach(Identity.objects.get(name="Ada B"), by=None)
    update_profiles(project)
    left = rows()
    assert sorted(Profile.objects.values_list("person__name", "changes")) == [
        ("Ada B", 1),
        ("Ada Byron", 1),
    ]
    update_profiles(project, rebuild=True)
    assert rows() == left


def test_who_is_marked_while_profiles_are_updated_is_rebuilt_the_next_time(world, monkeypatch):
    weave(world, 0, 4)
    project = ingest(world)
    update_profiles(project)
    ada, ben = (Person.objects.get(name=name) for name in ("Ada Byron", "Ben Okri"))
    StaleProfile.objects.create(person=ada, project=project)
    read = build.ReviewsOf.project

    def meanwhile(project):
        StaleProfile.objects.create(person=ben, project=project)
        return read(project)

    monkeypatch.setattr(build.ReviewsOf, "project", meanwhile)
    update_profiles(project)
    assert StaleProfile.objects.get().person == ben


def test_a_line_that_was_hidden_stays_hidden(world):
    weave(world, 0, 4)
    project = ingest(world)
    update_profiles(project)
    Expertise.objects.filter(name="docs").update(is_hidden=True)
    weave(world, 4, 6)
    ingest(world)
    update_profiles(project)
    update_profiles(project, rebuild=True)
    assert set(Expertise.objects.filter(is_hidden=True).values_list("name", flat=True)) == {"docs"}


def test_affiliation_is_the_domain_of_dated_addresses_and_never_a_mail_provider(world):
    first = world.commit("Ada Byron <ada@analytical.example>", at=1_700_000_000)
    world.commit("Ada Byron <ada@gmail.com>", at=1_710_000_000)
    assert first
    update_profiles(ingest(world))
    assert list(Affiliation.objects.values_list("organisation", "is_declared")) == [
        ("analytical.example", False)
    ]


def test_a_bot_that_is_declared_later_has_no_profile_and_one_that_is_not_any_more_has_all(
    world, settings
):
    weave(world, 0, 4)
    project = ingest(world)
    update_profiles(project)
    before = rows()
    settings.DECLARED_BOTS = ["ben-okri"]
    update_profiles(project)
    assert set(Profile.objects.values_list("person__name", flat=True)) == {
        "Ada Byron",
        "Cleo Marin",
    }
    settings.DECLARED_BOTS = []
    update_profiles(project)
    assert rows() == before


def affiliations():
    return list(
        Affiliation.objects.order_by("person__name", "organisation").values_list(
            "person__name", "organisation", "since", "until", "is_declared"
        )
    )


def test_an_identity_that_leaves_takes_its_organisation_along(world):
    world.commit("Ada Byron <ada@analytical.example>", at=1_700_000_000)
    world.commit("Zoe Far <zoe@far.example>", at=1_710_000_000)
    project = ingest(world)
    update_profiles(project)
    before = affiliations()
    link = IdentityLink.objects.create(
        **dict(zip(("left", "right"), Identity.objects.order_by("pk"), strict=True)), rule="steward"
    )
    decide(link, applied=True, by=None)
    update_profiles(project)
    assert Affiliation.objects.values("person").distinct().count() == 1
    declared = {"since": date(2020, 1, 1), "until": date(2021, 1, 1), "is_declared": True}
    Affiliation.objects.create(person=Person.objects.get(), organisation="Quay", **declared)
    decide(link, applied=False, by=None)
    update_profiles(project)
    assert [row for row in affiliations() if not row[-1]] == before
    assert [row[1] for row in affiliations() if row[-1]] == ["Quay"]


def test_half_a_year_halves_a_weight():
    assert decayed(stored_weight(1_700_000_000), 1_700_000_000 + HALF_LIFE_SECONDS) == 0.5


def test_a_sweep_over_everything_weighs_little_in_each_area():
    swept = [f"part{number}/file.py" for number in range(100)]
    assert max(evidence.areas(swept).values()) == 0.01
    assert evidence.areas(["part1/file.py"]) == {"part1": 1.0}


def test_a_sweep_whose_paths_were_cut_weighs_as_little_as_it_is_wide():
    told = [f"part0/file{number}.py" for number in range(20)]
    assert evidence.areas(told, 100_000) == {"part0": 0.0002}
    assert evidence.languages(told, 100_000) == {"Python": 0.0002}
    assert evidence.areas(told, 20) == evidence.areas(told) == {"part0": 1.0}


def test_a_commit_of_too_many_files_makes_nobody_an_expert_of_its_first_folder(world, monkeypatch):
    monkeypatch.setattr(git_log, "MOST_PATHS", 2)
    world.commit(BEN, files=tuple(f"dir{number}/file.py" for number in range(10)))
    world.commit(ADA, files=("dir0/file.py",))
    update_profiles(ingest(world))
    areas = Expertise.objects.filter(kind="area").order_by("name", "person__name")
    assert [
        (line.person.name, line.name, round(line.authored / stored_weight(world.at), 3))
        for line in areas.select_related("person")
    ] == [("Ada Byron", "dir0", 1.0), ("Ben Okri", "dir0", 0.1), ("Ben Okri", "dir1", 0.1)]


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=30), st.text(max_size=80))
@settings(max_examples=150)
def test_any_path_and_subject_are_read_without_raising(paths, subject):
    assert all(0 < share <= 1 for share in evidence.areas(paths).values())
    assert all(0 < share <= 1 for share in evidence.languages(paths).values())
    assert len(evidence.topics(subject, paths)) <= evidence.MAX_NAMES


def test_people_without_facts_have_no_profile(world):
    weave(world, 0, 2)
    project = ingest(world)
    Person.objects.create(name="Silent")
    update_profiles(project)
    assert not Profile.objects.filter(person__name="Silent").exists()
