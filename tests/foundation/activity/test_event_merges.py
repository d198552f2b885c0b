"""What became of a pull request, from events, labels and the commits that landed it."""

import json

import pytest

from foundation.activity import intake as intake_module
from foundation.activity.models import Change
from foundation.activity.reading import ingest_events, ingest_git, open_source, project_called
from foundation.projects.models import Repository
from tests.foundation.activity.event_files import CLOSED, OPENED, event, pull, write
from tests.gitworld import ADA, GitWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def loom():
    project = project_called("loom")
    return Repository.objects.create(project=project, name="loom", github="mill/loom")


@pytest.mark.parametrize(("by_label", "merged"), [(True, True), (False, False)])
def test_a_merged_label_counts_where_the_project_says_so(loom, tmp_path, by_label, merged):
    loom.project.merged_by_label = by_label
    loom.project.save()
    ingest_events(write(tmp_path, OPENED, CLOSED))
    assert Change.objects.get().is_merged is merged


def test_a_label_put_on_before_the_closing_or_after_it_counts_as_well(loom, tmp_path):
    loom.project.merged_by_label = True
    loom.project.save()
    closing = json.loads(json.dumps(CLOSED))
    closing["payload"]["pull_request"].pop("labels")
    labeled = event(
        8,
        "PullRequestEvent",
        "mergebot",
        {
            "action": "labeled",
            "number": 7,
            "pull_request": {"number": 7},
            "label": {"name": "Merged"},
        },
        at="2026-05-01T20:00:00Z",
    )
    ingest_events(write(tmp_path, OPENED, labeled))
    assert Change.objects.get().is_merged is None
    ingest_events(write(tmp_path, closing))
    assert Change.objects.get().is_merged is True
    Change.objects.all().delete()
    ingest_events(write(tmp_path, OPENED, closing))
    assert Change.objects.get().is_merged is False
    ingest_events(write(tmp_path, labeled | {"created_at": "2026-05-03T10:00:00Z"}))
    change = Change.objects.get()
    assert (change.is_merged, f"{change.landed_at:%m-%d}") == (True, "05-02")


def landed_after_its_events(tmp_path) -> tuple[Repository, GitWorld]:
    """A project that merges by label, whose pull request was told of before its commit is read."""
    loom = Repository.objects.create(
        project=project_called("loom"), name="loom", github="mill/loom"
    )
    loom.project.merged_by_label = True
    loom.project.save()
    ingest_events(write(tmp_path, OPENED))
    world = GitWorld(tmp_path / "loom")
    world.commit(ADA, message="Weave (#7)")
    return loom, world


def test_a_commit_read_after_the_events_settles_what_it_landed(tmp_path):
    loom, world = landed_after_its_events(tmp_path)
    loom.location = str(world.path)
    loom.save()
    ingest_git(loom, open_source(world.path))
    assert Change.objects.get(kind="pull_request").is_merged is True


def test_a_commit_settles_what_it_landed_though_its_intake_was_killed(tmp_path, monkeypatch):
    loom, world = landed_after_its_events(tmp_path)

    def killed(repository):
        raise KeyboardInterrupt

    monkeypatch.setattr(intake_module, "settle_merges", killed)
    with pytest.raises(KeyboardInterrupt):
        ingest_git(loom, open_source(world.path))
    monkeypatch.undo()
    ingest_git(loom, open_source(world.path))
    assert Change.objects.get(kind="pull_request").is_merged is True


def test_a_commit_that_comes_back_settles_what_it_landed(tmp_path):
    world = GitWorld(tmp_path / "loom")
    world.commit(ADA)
    world.commit(ADA, message="Weave (#7)")
    landed = world.git("rev-parse", "HEAD").strip()
    loom = Repository.objects.create(
        project=project_called("loom"), name="loom", github="mill/loom", location=str(world.path)
    )
    loom.project.merged_by_label = True
    loom.project.save()
    merged = []
    for head in (landed, f"{landed}~1", landed):
        world.git("reset", "-q", "--hard", head)
        ingest_git(loom, open_source(world.path))
        if head != landed:
            ingest_events(write(tmp_path, OPENED))
        merged += Change.objects.filter(kind="pull_request").values_list("is_merged", flat=True)
    assert merged == [None, True]


def test_what_was_closed_and_opened_again_is_open(loom, tmp_path):
    closed = {"action": "closed", "number": 7, "pull_request": pull(state="closed", merged=False)}
    again = {"action": "reopened", "number": 7, "pull_request": pull(merged=False)}
    days = ("2026-05-02T10:00:00Z", "2026-05-03T10:00:00Z")
    ingest_events(write(tmp_path, event(3, "PullRequestEvent", "ada", closed, at=days[0])))
    assert Change.objects.get().is_merged is False
    ingest_events(write(tmp_path, event(4, "PullRequestEvent", "ada", again, at=days[1])))
    assert Change.objects.get().is_merged is None
