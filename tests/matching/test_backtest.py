"""A backtest, from a steward's button through the ledger to the report; and one by hand."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from foundation.runs import ledger
from foundation.runs.models import BacktestReport, Run
from matching import pipeline
from matching.backtest import backtest
from tests import world
from tests.reading import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def keel():
    with world.at_now():
        yield world.repository(world.project())


@pytest.fixture
def steward(client):
    client.force_login(world.steward())
    return client


def review(keel, changes: int) -> None:
    """Rosa reviews what Max writes, a change a day."""
    rosa, max_ = world.person("Rosa Almeida"), world.person("Max Mustermann")
    for day in range(changes, 0, -1):
        world.deed(world.change(keel, max_, at=world.days_ago(day)), rosa)


def work(steward, scope: str) -> Run:
    """Press the button and let a worker do what is then owed."""
    steward.post(reverse("web:backtest-begin", args=[scope]))
    run = ledger.claim(Run.objects.get().pk, timezone.now())
    pipeline.work_on(run)
    return Run.objects.get()


def test_a_worker_computes_the_report_and_the_steward_reads_it(keel, steward):
    review(keel, 30)
    run = work(steward, "mentors")
    row = BacktestReport.objects.get()
    assert (run.state, run.error, run.result["report"]) == ("done", "", row.pk)
    # One of two people is the author, so the other is right by every method but by chance alone.
    found = {name: part["all"]["hit_at_1"] for name, part in row.report["methods"].items()}
    assert set(found.values()) == {1.0}
    assert "what we show" in page(steward, reverse("web:backtest", args=[row.pk]))


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [
        ("mentors", "Only 3 reviewed changes: too few for a backtest."),
        ("leaders", "The history is too short for a leaders backtest: nobody became core."),
    ],
)
def test_too_little_history_is_said_at_once_and_not_tried_again(keel, steward, scope, sentence):
    review(keel, 3)
    run = work(steward, scope)
    assert (run.state, run.error, run.attempts) == ("failed", sentence, 1)
    assert sentence in page(steward, reverse("web:backtests"))
    assert not BacktestReport.objects.exists()


def test_a_report_that_cannot_be_written_is_one_sentence_and_no_file(keel, tmp_path):
    review(keel, 30)
    with pytest.raises(CommandError, match="Cannot write"):
        call_command("backtest", "mentors", json=str(tmp_path / "no" / "folder.json"))
    assert list(tmp_path.iterdir()) == []


def test_the_weight_that_is_set_here_is_the_one_on_the_curve(keel, settings):
    settings.LOAD_WEIGHT = 0.35
    rosa = world.person("Rosa Almeida")
    for day in range(30, 0, -1):
        newcomer = world.person(f"N{day} Newcomer")
        world.deed(world.change(keel, newcomer, at=world.days_ago(day)), rosa)
    shared = backtest("mentors", timezone.now())["load"]
    curve = [point["weight"] for point in shared["curve"]["newcomers"]]
    assert (shared["weight"], curve) == (0.35, [0.0, 0.1, 0.2, 0.35, 0.4, 0.6, 0.8])
