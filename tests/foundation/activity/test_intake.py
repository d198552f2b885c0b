"""What a history becomes: facts once, whatever happened on the way."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from foundation.activity import intake as intake_module
from foundation.activity.models import Activity, Change
from foundation.activity.reading import ingest_git, open_source, project_called, repository_for
from foundation.activity.tombstones import tombstone_digest
from foundation.people.models import Identity, Person, Tombstone
from foundation.projects.models import Repository
from tests.gitworld import ADA, BEN, CLEO, GitWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path):
    return GitWorld(tmp_path / "engine")


def ingest(world, project="engine"):
    source = open_source(world.path)
    repository = repository_for(project_called(project), source)
    return ingest_git(repository, source)[0]


def facts():
    """All facts in words: they say the same whatever the ids are."""
    changes = Change.objects.order_by("external_id").values_list(
        "external_id", "author__key", "authored_at", "landed_at", "subject", "paths", "withdrawn_at"
    )
    activities = Activity.objects.order_by("change__external_id", "kind", "identity__key")
    return list(changes), list(
        activities.values_list(
            "change__external_id", "identity__key", "kind", "at", "counterpart__key"
        )
    )


def test_a_commit_and_its_trailers_become_one_change_and_its_activities(world):
    world.commit(
        ADA,
        files=("src/engine.py", "docs/notes.md"),
        message=f"Weave patterns (#12)\n\nReviewed-by: {BEN}\nMentored-by: {CLEO}",
        offset="+0200",
    )
    ingest(world)
    change = Change.objects.get()
    assert (change.subject, change.path_list, change.path_count) == (
        "Weave patterns (#12)",
        ["docs/notes.md", "src/engine.py"],
        2,
    )
    assert (change.author_offset, change.pull_request, change.author.name) == (120, 12, "Ada Byron")
    assert Counter(
        Activity.objects.values_list("identity__name", "kind", "counterpart__name")
    ) == Counter(
        [
            ("Ada Byron", "authored", None),
            ("Ben Okri", "reviewed", "Ada Byron"),
            ("Cleo Marin", "mentored", "Ada Byron"),
        ]
    )


def test_people_are_numbered_in_the_order_of_the_history(world):
    """Ties are decided by the lower number: it must not depend on the moment of the intake."""
    names = [f"Person {number}" for number in (3, 1, 4, 15, 9, 2, 6, 5, 35, 8, 97, 93)]
    for name in names:
        world.commit(f"{name} <{name[7:]}@example.org>", files=(f"{name[7:]}.py",))
    ingest(world)
    found = Identity.objects.filter(name__in=names).order_by("pk")
    assert list(found.values_list("name", flat=True)) == names[::-1]  # git tells the newest first


def test_taking_the_same_history_in_twice_changes_nothing(world):
    world.commit(ADA)
    world.commit(BEN, message=f"Oil it\n\nReviewed-by: {ADA}")
    ingest(world)
    before = facts()
    Repository.objects.update(head="")  # as if the cursor had never moved
    assert ingest(world).changes == 0
    assert facts() == before


def test_only_what_is_new_is_read_the_second_time(world):
    world.commit(ADA)
    ingest(world)
    world.commit(BEN)
    assert ingest(world).changes == 1
    assert ingest(world).changes == 0


def test_a_forced_push_withdraws_facts_and_a_return_restores_them(world):
    world.commit(ADA, message="Keep")
    kept = world.git("rev-parse", "HEAD")
    lost = world.commit(BEN, message="Lose")
    ingest(world)
    world.git("reset", "-q", "--hard", kept)
    world.commit(CLEO, message="Instead")
    intake = ingest(world)
    assert (intake.changes, intake.withdrawn) == (1, 1)
    assert sorted(Change.objects.standing().values_list("subject", flat=True)) == [
        "Instead",
        "Keep",
    ]
    world.git("reset", "-q", "--hard", lost)
    intake = ingest(world)
    assert (intake.withdrawn, intake.returned) == (1, 1)
    assert sorted(Change.objects.standing().values_list("subject", flat=True)) == ["Keep", "Lose"]


def test_what_a_forced_push_took_away_returns_with_a_merge(world):
    kept = world.commit(ADA, message="Keep")
    lost = world.commit(BEN, message="Lose", files=("lost.py",))
    ingest(world)
    world.git("reset", "-q", "--hard", kept)
    world.commit(CLEO, message="Instead")
    ingest(world)
    world.merge(lost)
    intake = ingest(world)
    assert (intake.changes, intake.withdrawn, intake.returned) == (1, 0, 1)
    assert sorted(Change.objects.standing().values_list("subject", flat=True)) == [
        "Instead",
        "Keep",
        "Lose",
        f"Merge commit '{lost}'",
    ]


def test_a_merge_commit_is_known_as_such_and_is_nobodys_authorship(world):
    world.commit(ADA)
    world.git("checkout", "-q", "-b", "side")
    world.commit(BEN, files=("side.py",))
    world.git("checkout", "-q", "main")
    world.commit(ADA, files=("more.py",))
    world.merge("side")
    ingest(world)
    merge = Change.objects.get(is_merge=True)
    assert (merge.path_count, merge.activities.get().kind) == (None, "merged")
    assert Activity.objects.filter(kind="authored").count() == 3


def test_two_projects_of_one_foundation_share_their_people(tmp_path):
    for name in ("loom", "mill"):
        world = GitWorld(tmp_path / name)
        world.commit(ADA)
        ingest(world, name)
    assert Person.objects.get().name == "Ada Byron"


def test_an_erased_address_stays_out_and_the_fact_stays_nameless(world):
    key = "git:Ben Okri<ben@analytical.example>"
    Tombstone.objects.create(digest=tombstone_digest(key))
    world.commit(ADA)
    world.commit(BEN)
    ingest(world)
    assert sorted(Identity.objects.values_list("name", flat=True)) == ["", "Ada Byron"]
    assert not any("ben" in str(row).lower() for row in Identity.objects.values())
    assert Change.objects.count() == 2


def test_dates_before_1990_are_survived_and_counted(world):
    world.commit(ADA, at=500_000_000)
    assert dict(ingest(world).oddities) == {"date-before-1990": 1}
    assert Change.objects.get().authored_at is None


def test_the_command_says_in_one_line_what_it_did(world, capsys):
    world.commit(ADA)
    call_command("ingest", "git", str(world.path), "--project", "engine")
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert last.startswith(
        "engine/engine: 1 new changes; 1 activities; 1 new identities, 1 people in all"
    )


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("/no/such/place", "/no/such/place does not exist; check the path."),
        ("file:///etc", "The address file:///etc is refused"),
        ("https://127.0.0.1/x.git", "its host is not a public address"),
        ("https://999999999999/a", "was not found; check its spelling."),
        ("~nosuchuser/x", "~nosuchuser/x cannot be read: there is no such home."),
        ("x" * 300, "cannot be read: File name too long."),
        ("/proc/self/mem", "cannot be read: Input/output error."),
        ("https://host.example/" + "x" * 990, "is refused: it is too long to be kept."),
    ],
)
def test_a_bad_source_gets_one_sentence_and_leaves_nothing(location, says):
    with pytest.raises(CommandError, match=says.replace(".", r"\.")):
        call_command("ingest", "git", location, "--project", "engine")
    assert (Repository.objects.count(), Change.objects.count()) == (0, 0)


def test_a_bad_project_name_gets_one_sentence(world):
    world.commit(ADA)
    with pytest.raises(CommandError, match="is no short name"):
        call_command("ingest", "git", str(world.path), "--project", "no such name")


def test_batches_do_not_show_in_the_facts(world, monkeypatch):
    for number in range(7):
        world.commit((ADA, BEN)[number % 2], message=f"Step {number}")
    monkeypatch.setattr(intake_module, "BATCH", 2)
    assert ingest(world).changes == 7


def test_a_commit_of_a_mirror_or_a_fork_counts_once_in_a_project(tmp_path, capsys):
    original, fork = GitWorld(tmp_path / "loom"), tmp_path / "fork"
    for name in ("One", "Two"):
        original.commit(ADA, message=name)
    ingest(original)
    original.git("clone", "-q", str(original.path), str(fork))
    GitWorld(fork).commit(BEN, message="Of the fork alone")
    call_command("ingest", "git", str(fork), "--project", "engine")
    assert "1 new changes; 1 activities; 2 known from another repository of the project" in (
        capsys.readouterr().out
    )
    original.commit(ADA, message="Three")
    ingest(original)
    assert sorted(Change.objects.values_list("repository__name", "subject")) == [
        ("fork", "Of the fork alone"),
        ("loom", "One"),
        ("loom", "Three"),
        ("loom", "Two"),
    ]
    call_command("ingest", "git", str(fork), "--project", "another")
    assert Change.objects.filter(repository__project__slug="another").count() == 3


def test_repositories_of_one_name_in_a_project_stay_as_many(tmp_path):
    places = ("mill", "loom", "a/loom", "b/a/loom", "mill-loom")
    for parent in places:
        world = GitWorld(tmp_path / parent / "app")
        world.commit(ADA, message=f"Begin {parent}")
        assert ingest(world).withdrawn == 0
    assert ingest(GitWorld(tmp_path / "mill" / "app")).withdrawn == 0
    names = {"app", "loom-app", "a-loom-app", "b-a-loom-app", "mill-loom-app"}
    assert set(Repository.objects.values_list("name", flat=True)) == names
    assert Change.objects.standing().count() == len(places)


def test_a_clone_that_moved_is_the_same_repository(tmp_path):
    world = GitWorld(tmp_path / "here" / "engine")
    world.commit(ADA)
    ingest(world)
    (tmp_path / "there").mkdir()
    world.path = world.path.rename(tmp_path / "there" / "engine")
    world.commit(BEN)
    assert ingest(world).changes == 1
    assert Repository.objects.get().location == str(world.path)


def test_people_are_settled_after_an_intake_that_was_killed_before_it_came_to_that(world):
    world.commit(ADA)
    source = open_source(world.path)
    repository = repository_for(project_called("engine"), source)
    intake_module.take_in_git(repository, source)  # and then the process was gone
    assert Person.objects.count() == 0
    ingest(world)
    assert Person.objects.get().name == "Ada Byron"


def test_a_project_is_found_by_its_short_name_however_it_is_spelled(world):
    world.commit(ADA)
    ingest(world, "PyTorch")
    world.commit(ADA)
    assert ingest(world, "PyTorch").changes == 1
    assert project_called("pytorch").slug == "pytorch"
