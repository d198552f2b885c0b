"""Backtests in the house: who runs one, what is kept, what a steward reads."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from foundation.runs import backtests, ledger
from foundation.runs.backtest_report import as_file
from foundation.runs.models import BacktestReport, Run
from foundation.runs.work import CannotBeDone, carry_out
from tests import world
from tests.reading import page, queries

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def part(mrr: float, n: int = 40) -> dict:
    interval = [round(mrr - 0.05, 4), round(mrr + 0.05, 4)]
    names = ("mrr", "hit_at_1", "hit_at_3", "hit_at_5", "ndcg_at_5")
    return {
        "n": n,
        **dict.fromkeys(names, mrr),
        "mrr_over_recency": 0.125,
        "ci": dict.fromkeys(names, interval) | {"mrr_over_recency": [0.0625, 0.1875]},
    }


LOAD = {"gini": 0.9, "largest_share": 0.25, "peak": 12.0}
MENTORS = {
    "task": "mentors",
    "projects": ["keel", "mast"],
    "data_hash": "0123456789abcdef",
    "seed": 0,
    "split": {"test_from": 1_700_000_000, "train": 700, "test": 300},
    "sources": {"keel": "model", "mast": "recency"},
    "pool": {
        "served": {
            name: {"mean_size": 81.0, "covered": 0.9625}
            for name in ("all", "newcomers", "first_change")
        }
    },
    # As a database gives it back: sorted by length and letter, not in the order of the page.
    "methods": {
        name: {
            "newcomers": part(mrr),
            "lagged": part(mrr - 0.01),
            "project:keel": part(mrr, 30),
            "load": LOAD,
            "per_project": {
                "mean_mrr": mrr,
                "median_mrr": mrr,
                "ci": {"mean_mrr": [mrr, mrr], "median_mrr": [mrr, mrr]},
            },
        }
        for name, mrr in (("random", 0.0625), ("served", 0.5235), ("recency", 0.3985))
    },
    "gaps": {
        "served": {
            "keel": {
                "n": 30,
                "mrr": 0.5235,
                "best": "recency",
                "best_mrr": 0.3985,
                "gap": 0.125,
                "ci": [-0.0312, 0.2188],
            }
        }
    },
    "load": {
        "people": 50,
        "history": LOAD,
        "newcomers": {
            "history": LOAD,
            "served": LOAD | {"peak": 17.0},
            "served_shared": LOAD | {"peak": 11.0},
        },
        "weight": 0.4,
        "projects": ["keel", "mast"],
        "curve": {
            "newcomers": [
                {"weight": weight, "n": 40, "mrr": mrr, "hit_at_1": 0.4, "mrr_divided": mrr}
                | LOAD
                | {"peak": peak, "peak_fall": fall}
                for weight, mrr, peak, fall in ((0.0, 0.52, 17.0, 0.0), (0.4, 0.507, 11.6, 0.3175))
            ]
        },
    },
    "reliability": {"served": [{"expected": 0.25, "seen": 0.3125, "n": 20}]},
    "failures": {
        "methods": {"lambdamart": "not_installed"},
        "projects": {"mast": "no_newcomer_query"},
        "queries": {"served": {"no_candidate": 3, "mentor_outside_pool": 29}},
    },
}
CHANCE = {
    "n": 90,
    "auc": 0.8125,
    "ap": 0.375,
    "p_at_5": 0.25,
    "p_at_10": 0.2,
    "brier": 0.0625,
    "base_rate": 0.0875,
    "base_rate_brier": 0.0798,
    "calibration_slope": 1.0235,
    "ci": {"auc": [0.75, 0.875], "ap": [0.25, 0.5]},
}
LEADERS = {
    "task": "leaders",
    "projects": ["keel"],
    "data_hash": "fedcba9876543210",
    "split": {"test_from": 1_700_000_000, "train": 800, "test": 90},
    "methods": {
        "served": {
            "all": CHANCE,
            "project:keel": CHANCE,
            "reliability": [{"expected": 0.125, "seen": 0.0625, "n": 45}],
        }
    },
    "failures": {"projects": {}},
}


def kept(report: dict, number: int = 0) -> BacktestReport:
    return BacktestReport.objects.create(
        task=report["task"],
        period=f"p{number}",
        data_hash=report["data_hash"],
        as_of=NOW,
        report=report,
        headline=backtests.headline(report),
    )


@pytest.fixture
def steward(client):
    client.force_login(world.steward())
    return client


def claimed(scope: str = "mentors", at: datetime = NOW) -> Run:
    owed = ledger.owe("backtest", scope, ledger.stamp(at), as_of=at)
    return ledger.claim(owed.pk, timezone.now())


def test_a_steward_runs_a_backtest_once_at_a_time(steward):
    for _ in range(2):
        steward.post(reverse("web:backtest-begin", args=["mentors"]))
    runs = Run.objects.values_list("task", "scope", "state")
    assert list(runs) == [("backtest", "mentors", "waiting")]


def test_there_is_no_backtest_of_anything_else(steward):
    answer = steward.post(reverse("web:backtest-begin", args=["people"]))
    assert (answer.status_code, Run.objects.count()) == (404, 0)


def test_a_report_is_kept_once_however_often_its_run_is_done():
    run = claimed()
    backtests.keep(run, MENTORS | {"seed": 1})
    backtests.keep(run, MENTORS)
    row = BacktestReport.objects.get()
    assert (row.task, row.period, row.report) == ("mentors", run.period, MENTORS)
    assert row.headline == {
        "n": 40,
        "metric": "mrr",
        "value": 0.5235,
        "low": 0.4735,
        "high": 0.5735,
    }


def test_only_the_newest_reports_of_a_kind_stay(monkeypatch):
    monkeypatch.setattr(backtests, "KEPT", 2)
    kept(LEADERS)
    for day in (1, 2, 3):
        run = claimed(at=NOW.replace(day=day))
        backtests.keep(run, MENTORS)
        ledger.finish(run, {})
    rows = BacktestReport.objects.order_by("as_of").values_list("task", "as_of__day")
    assert list(rows) == [("mentors", 2), ("mentors", 3), ("leaders", 23)]


def test_a_run_that_was_lost_keeps_no_report():
    run = claimed()
    Run.objects.update(token="of another worker")
    with pytest.raises(ledger.LeaseLost):
        backtests.keep(run, MENTORS)
    assert not BacktestReport.objects.exists()


def test_what_cannot_be_done_is_not_tried_again_and_its_sentence_is_shown(steward):
    def step(run):
        raise CannotBeDone("Only 5 reviewed changes: too few for a backtest.")

    assert not carry_out(claimed(), step)
    assert Run.objects.get().state == Run.State.FAILED
    assert "Only 5 reviewed changes" in page(steward, reverse("web:backtests"))
    shown = page(steward, reverse("web:runs"))
    assert "Backtest · Who should mentor" in shown
    assert "Only 5 reviewed changes" in shown


def test_the_list_names_each_report_with_its_figure_and_costs_the_same_queries(steward):
    kept(MENTORS)
    one = queries(steward, reverse("web:backtests"))
    for number in range(1, 6):
        kept(LEADERS, number)
    assert queries(steward, reverse("web:backtests")) == one
    shown = page(steward, reverse("web:backtests"))
    assert shown.count("AUC 0.813") == 5
    assert "MRR 0.524" in shown
    assert "0.474 … 0.574" in shown


def cells(html: str) -> list[list[str]]:
    """Return the texts of every table row of a page."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


def flat(html: str) -> list[str]:
    return [" | ".join(" ".join(cell) for cell in row) for row in cells(html)]


def test_a_report_shows_what_is_served_first_and_every_figure_as_a_table(steward):
    shown = page(steward, reverse("web:backtest", args=[kept(MENTORS).pk]))
    rows = flat(shown)
    served = "0.524 0.474 … 0.574"
    assert rows[1] == " | ".join(["what we show", *[served] * 5, "0.125 0.063 … 0.188"])
    assert "keel | 30 | 0.524 | recent reviews 0.399 | 0.125 -0.031 … 0.219 | what we show" in rows
    assert "what really happened | 0.900 | 0.250 | 12" in rows
    assert "what we show, with the load shared | 0.900 | 0.250 | 11" in rows
    assert "0 | 0.520 | 0.400 | 0.900 | 0.250 | 17.0 | 0 %" in rows
    assert "0.4, which serves | 0.507 | 0.400 | 0.900 | 0.250 | 11.6 | 32 %" in rows
    assert "1 | 0.250 | 0.313 | 20" in rows
    assert "what we show | 81 | 0.963 | 0.963 | 29 | 3" in rows
    assert "left out: its library is not installed" in shown
    assert "no newcomer’s change was reviewed in the part that is tested" in shown


def test_a_report_says_what_the_weight_that_serves_spares_and_what_it_costs(steward):
    shown = page(steward, reverse("web:backtest", args=[kept(MENTORS).pk]))
    assert (
        "LOAD_WEIGHT, at 0.4, lets the most that one person gets in 30 days fall by 32 %, from"
        " 17.0 to 11.6 on the average of the 2 projects that share their load; the MRR of"
        " newcomers goes from 0.520 to 0.507." in " ".join(shown.split())
    )
    assert "0.4 serves" in shown


def loads(**others) -> dict:
    return MENTORS | {"load": MENTORS["load"] | others}


def test_where_nothing_is_shared_the_report_says_so_and_draws_nothing(steward):
    silent = MENTORS["load"]["curve"]["newcomers"][0] | {"peak": None, "peak_fall": None}
    report = loads(projects=[], curve={"newcomers": [silent, silent | {"weight": 0.4}]})
    shown = page(steward, reverse("web:backtest", args=[kept(report).pk]))
    assert "so nothing is shared" in shown
    assert shown.count('class="plot curves"') == 1  # the reliability


def test_the_curve_of_a_report_of_old_was_not_that_of_the_weight_and_is_left_out(steward):
    load = {name: MENTORS["load"][name] for name in ("people", "history", "newcomers", "curve")}
    shown = page(steward, reverse("web:backtest", args=[kept(MENTORS | {"load": load}).pk]))
    assert "LOAD_WEIGHT" not in shown
    assert shown.count('class="plot curves"') == 1


def test_every_plot_is_named_and_described(steward):
    for report, number in ((MENTORS, 4), (LEADERS, 2)):
        shown = page(steward, reverse("web:backtest", args=[kept(report).pk]))
        plots = re.findall(r'<svg class="plot.*?</svg>', shown, re.DOTALL)
        assert len(plots) == number
        for plot in plots:
            title, text = re.findall(r'aria-labelledby="(\S+) (\S+)"', plot)[0]
            assert re.search(rf'<title id="{title}">\S', plot)
            assert re.search(rf'<desc id="{text}">\S', plot)


def test_a_leaders_report_shows_chances_beside_the_base_rate(steward):
    rows = flat(page(steward, reverse("web:backtest", args=[kept(LEADERS).pk])))
    figures = "0.250 | 0.200 | 0.063 | 0.088 | 0.080 | 1.024"
    assert f"what we show | 0.813 0.750 … 0.875 | 0.375 0.250 … 0.500 | {figures}" in rows
    assert "keel | 90 | 0.813 0.750 … 0.875 | 0.375 0.250 … 0.500 | 0.250 | 0.088" in rows


def test_a_report_of_another_kind_is_shown_by_its_own_figures(steward):
    other = {"task": "programs", "projects": [], "data_hash": "x", "methods": {"tf_idf": {}}}
    other["methods"]["tf_idf"]["since_2023"] = {"n": 29, "mrr": 0.2125}
    other["split"] = {"test_from": 2023, "test": 29}
    shown = page(steward, reverse("web:backtest", args=[kept(other).pk]))
    assert flat(shown) == ["Method | MRR", "tf idf | 0.213"]
    assert "1970" not in shown


def test_the_page_costs_the_same_however_long_the_report(steward):
    long = MENTORS | {
        "gaps": {"served": {f"p{n}": MENTORS["gaps"]["served"]["keel"] for n in range(30)}}
    }
    short, many = kept(MENTORS), kept(long, 1)
    costs = [queries(steward, reverse("web:backtest", args=[row.pk])) for row in (short, many)]
    assert costs[0] == costs[1]


def test_a_report_can_be_taken_away_whole(steward):
    answer = steward.get(reverse("web:backtest-json", args=[kept(MENTORS).pk]))
    assert json.loads(answer.content) == MENTORS
    assert (
        answer["Content-Disposition"] == 'attachment; filename="backtest-mentors-2026-11-23.json"'
    )


def test_french_stewards_read_french_numbers(steward):
    row = kept(MENTORS)
    steward.cookies["django_language"] = "fr"
    with translation.override(None):  # a page leaves its language behind
        assert "0,524" in page(steward, reverse("web:backtest", args=[row.pk]))


@pytest.mark.parametrize("report", [MENTORS, LEADERS])
def test_the_file_needs_no_other_file_and_runs_nothing(report):
    with translation.override("en"):
        text = as_file(report)
    assert text.startswith("<!doctype html>")
    assert re.findall(r"<script|<link|<img|\ssrc=|\shref=|url\(|@import|\son[a-z]+=", text) == []
    assert report["data_hash"][:12] in text
