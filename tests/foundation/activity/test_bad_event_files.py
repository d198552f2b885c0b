"""A file of events that cannot be read, or not to its end, leaves nothing that is not said."""

import gzip
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from foundation.activity import event_intake
from foundation.activity.reading import project_called
from foundation.projects.models import Project, Repository
from tests.foundation.activity.event_files import CLOSED, OPENED, REVIEW, deeds, write

pytestmark = pytest.mark.django_db


def test_a_file_that_tells_nothing_leaves_no_project_behind(tmp_path):
    missing, folder = tmp_path / "no.such.file", tmp_path
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(gzip.compress(b"x" * 9_000)[:-20])
    for place in (missing, folder, cut):
        with pytest.raises(CommandError):
            call_command("ingest", "github-events", str(place), "--project", "neu")
    nothing = write(tmp_path, "{not json\n")
    call_command("ingest", "github-events", str(nothing), "--project", "neu")
    assert not Project.objects.exists()
    call_command("ingest", "github-events", write(tmp_path, OPENED), "--project", "neu")
    assert [str(row.project) for row in Repository.objects.select_related("project")] == ["neu"]


def test_a_cut_file_says_what_was_kept_of_it(tmp_path, monkeypatch):
    Repository.objects.create(project=project_called("loom"), name="loom", github="mill/loom")
    monkeypatch.setattr(event_intake, "BATCH", 2)
    whole = write(tmp_path, OPENED, REVIEW, CLOSED, name="events.json.gz")
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(Path(whole).read_bytes()[:-8])  # the sums at its end are gone
    with pytest.raises(CommandError) as told:
        call_command("ingest", "github-events", str(cut))
    assert str(told.value) == (
        f"{cut} is damaged or cut short; fetch it again. "
        "The 2 records read before that were kept and are not taken in twice."
    )
    kept = deeds()
    assert kept.total() == 2
    call_command("ingest", "github-events", whole)
    assert deeds() - kept == Counter({("mergebot", "closed_pull_request", "ada", "pull/7"): 1})
