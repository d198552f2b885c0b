"""Odd histories on their whole way: survived, counted, and nothing dropped in silence."""

import subprocess
from collections import Counter

import pytest

from foundation.activity.intake import take_in_git
from foundation.activity.models import Activity, Change
from foundation.activity.reading import ingest_git, open_source, project_called, repository_for
from foundation.people.merging import resolve_people
from foundation.people.models import Expertise, Identity, Person, Profile
from foundation.profiles.build import update_profiles
from tests.gitworld import ADA, BEN, GitWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path):
    return GitWorld(tmp_path / "engine")


def place(world, path=None):
    source = open_source(path or world.path)
    return repository_for(project_called("engine"), source), source


def ingest(world, path=None):
    return ingest_git(*place(world, path))[0]


def subjects():
    return sorted(Change.objects.standing().values_list("subject", flat=True))


def people():
    found = {}
    for email, person in Identity.objects.exclude(person=None).values_list("email", "person"):
        found.setdefault(person, set()).add(email)
    return sorted(map(sorted, found.values()))


def raw_commit(world, author: bytes, committer: bytes, message: bytes) -> None:
    """A commit that git itself would not write."""
    tree, parent = world.git("rev-parse", "HEAD^{tree}"), world.git("rev-parse", "HEAD")
    lines = (f"tree {tree}\nparent {parent}\n".encode(), b"author ", author, b"\ncommitter ")
    command = ["git", "-C", str(world.path), "hash-object", "-t", "commit", "-w", "--literally"]
    made = subprocess.run(
        [*command, "--stdin"],
        input=b"".join((*lines, committer, b"\n\n", message)),
        capture_output=True,
        check=True,
    )
    world.git("reset", "-q", "--hard", made.stdout.decode().strip())


def shallow_clone(world, tmp_path, depth: int):
    path = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth", str(depth), f"file://{world.path}", str(path)], check=True
    )
    return path


def test_all_that_is_odd_is_counted_and_every_commit_kept(world):
    world.commit(ADA, message="Plain")
    raw_commit(world, b" <> 100 +0000", b"Ben <ben@x.example> 4102444800 +9999", b"Odd \xff\xfe")
    intake = ingest(world)
    assert dict(intake.oddities) == {
        "bad-encoding": 1,
        "date-before-1990": 1,
        "date-in-future": 1,
        "empty-name": 1,
        "timezone-odd": 1,
    }
    assert subjects() == ["Odd \ufffd\ufffd", "Plain"]
    odd = Change.objects.get(subject__startswith="Odd")
    assert (odd.authored_at, odd.landed_at, odd.author_offset, odd.committer_offset) == (
        *(None, None),
        *(0, None),
    )


def test_a_line_break_in_a_path_makes_no_second_path(world):
    world.commit(ADA, files=("src/a\nsecret/b.py", "src/c.py"))
    assert dict(ingest(world).oddities) == {"newline-in-path": 1}
    change = Change.objects.get()
    assert (change.path_list, change.path_count) == (["src/a\\nsecret/b.py", "src/c.py"], 2)
    assert not Change.objects.touching_area("secret").exists()
    assert Change.objects.touching_area("src/a\\nsecret").exists()


def test_people_of_an_endless_trailer_that_are_not_read_are_counted_as_odd(world):
    named = ", ".join(f"R{number} <r{number}@x.example>" for number in range(250))
    world.commit(ADA, message=f"Busy\n\nReviewed-by: {named}")
    world.commit(ADA, message=f"Full\n\nReviewed-by: {named.partition(', R200 ')[0]}")
    folded = named.replace(", ", ",\n  ")
    world.commit(ADA, message=f"Folded\n\nReviewed-by: {folded}")
    assert dict(ingest(world).oddities) == {"people-cut": 2}
    reviews = Activity.objects.filter(kind="reviewed").values_list("change__subject", flat=True)
    assert Counter(reviews) == {"Busy": 200, "Full": 200, "Folded": 200}


def test_whoever_leaves_neither_name_nor_address_is_nobodys_person(world):
    world.commit(ADA)
    for message in (b"one", b"two"):
        raw_commit(world, b" <> 1700000000 +0000", b"Ben <b@x.example> 1700000000 +0000", message)
    ingest(world)
    nameless = Identity.objects.get(name="", email="", login="")
    assert (nameless.kind, nameless.kind_reason, nameless.person) == ("service", "nameless", None)
    assert nameless.changes.count() == 2
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Ada Byron", "Ben"]


def test_what_lay_before_a_shallow_edge_is_read_once_it_is_there(world, tmp_path):
    for name in ("One", "Two", "Three"):
        world.commit(ADA, message=name)
    path = shallow_clone(world, tmp_path, depth=1)
    intake = ingest(world, path)
    assert (intake.changes, dict(intake.oddities)) == (1, {"shallow-edge": 1})
    edge = Change.objects.get()
    assert (edge.path_list, edge.path_count, edge.oddities) == ([], None, "shallow-edge")
    update_profiles(edge.repository.project)
    subprocess.run(["git", "-C", str(path), "fetch", "-q", "--unshallow"], check=True)
    assert ingest(world, path).changes == 3  # the edge once more
    assert ingest(world, path).changes == 0
    assert subjects() == ["One", "Three", "Two"]
    told = Change.objects.values_list("paths", "path_count", "oddities")
    assert list(told) == [("src/engine.py", 1, "")] * 3
    update_profiles(edge.repository.project)
    assert Profile.objects.get().changes == 3
    assert Expertise.objects.get(kind="area").changes == 3


def test_a_shallow_clone_that_grows_a_little_is_read_again_where_it_grew(world, tmp_path):
    for name in ("One", "Two", "Three", "Four"):
        world.commit(ADA, message=name)
    path = shallow_clone(world, tmp_path, depth=1)
    ingest(world, path)
    subprocess.run(["git", "-C", str(path), "fetch", "-q", "--depth", "3"], check=True)
    assert ingest(world, path).changes == 3
    told = Change.objects.order_by("landed_at").values_list("subject", "path_count")
    assert list(told) == [("Two", None), ("Three", 1), ("Four", 1)]
    assert ingest(world, path).changes == 0


def test_a_shallow_clone_of_a_known_history_withdraws_nothing(world, tmp_path):
    for name in ("One", "Two"):
        world.commit(ADA, message=name)
    repository, source = place(world)
    ingest_git(repository, source)
    world.commit(BEN, message="Three")
    shallow = open_source(shallow_clone(world, tmp_path, depth=1))
    intake = take_in_git(repository, shallow)
    assert (intake.changes, intake.withdrawn) == (1, 0)
    assert subjects() == ["One", "Three", "Two"]


def test_a_mailmap_that_changed_joins_people_even_if_nobody_new_came(world):
    world.commit(ADA)
    world.commit(BEN)
    ingest(world)
    assert people() == [["ada@analytical.example"], ["ben@analytical.example"]]
    line = "Ada Byron <ada@analytical.example> <ben@analytical.example>\n"
    (world.path / ".mailmap").write_text(line)
    world.git("add", ".mailmap")
    world.commit(ADA)
    ingest(world)
    assert people() == [["ada@analytical.example", "ben@analytical.example"]]


def say_in_mailmap(world, *lines):
    (world.path / ".mailmap").write_text("".join(f"{line}\n" for line in lines))
    world.git("add", "-A")
    world.commit(ADA)
    ingest(world)


def test_a_line_that_left_the_mailmap_parts_whom_it_joined(world):
    world.commit(ADA)
    for who in (BEN, "Cleo Marin <cleo@river.example>"):
        world.commit(who)
    ben, cleo = (
        f"Ada Byron <ada@analytical.example> <{who}>"
        for who in ("ben@analytical.example", "cleo@river.example")
    )
    say_in_mailmap(world, ben, cleo)
    assert len(people()) == 1
    assert list(Person.objects.values_list("name", flat=True)) == ["Ada Byron"]
    say_in_mailmap(world, cleo)
    assert people() == [
        ["ada@analytical.example", "cleo@river.example"],
        ["ben@analytical.example"],
    ]
    (world.path / ".mailmap").unlink()
    world.git("add", "-A")
    world.commit(ADA)
    ingest(world)
    assert len(people()) == 3
    assert sorted(Person.objects.values_list("name", flat=True)) == [
        "Ada Byron",
        "Ben Okri",
        "Cleo Marin",
    ]


def test_what_two_mailmaps_say_stands_as_long_as_one_says_it(world, tmp_path):
    other, line = (
        GitWorld(tmp_path / "loom"),
        "Ada Byron <ada@analytical.example> <ben@analytical.example>",
    )
    for place_ in (world, other):
        place_.commit(BEN)
        say_in_mailmap(place_, line)
    for place_, left in ((world, 1), (other, 2)):
        say_in_mailmap(place_)
        assert len(people()) == left


def test_a_mailmap_is_asked_about_those_whom_a_killed_intake_left_behind(world):
    (world.path / ".mailmap").write_text(
        "Ada Byron <ada@analytical.example> <ben@analytical.example>\n"
    )
    world.git("add", ".mailmap")
    world.commit(ADA)
    ingest(world)
    world.commit(BEN)
    take_in_git(*place(world))  # killed before people followed …
    resolve_people()  # … and somebody else, who has not read the file, let them follow
    assert len(people()) == 2
    ingest(world)
    assert people() == [["ada@analytical.example", "ben@analytical.example"]]
