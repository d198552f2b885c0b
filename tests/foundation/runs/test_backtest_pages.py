"""What a steward reads in the report of a backtest, on its page and in its file."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import translation

from foundation.runs.backtest_report import as_file, named
from tests import world
from tests.foundation.runs.reports import LEADERS, MENTORS, kept
from tests.reading import page, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(client):
    client.force_login(world.steward())
    return client


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
    assert "keel | 30 | 0.524 | recent reviews 0.399 | 0.125 −0.031 … 0.219 | what we show" in rows
    assert "what really happened | 0.900 | 0.250 | 12" in rows
    assert "what we show, with the load shared | 0.900 | 0.250 | 11" in rows
    assert "0 | 0.520 | 0.400 | 0.900 | 0.250 | 17.0 | 0%" in rows
    assert "0.4, which serves | 0.507 | 0.400 | 0.900 | 0.250 | 11.6 | 32%" in rows
    assert "1 | 0.250 | 0.313 | 20" in rows
    assert "what we show | 81 | 0.963 | 0.963 | 29 | 3" in rows
    assert "left out: its library is not installed" in shown
    assert "no newcomer’s change was reviewed in the part that is tested" in shown


def test_a_report_says_what_the_weight_that_serves_spares_and_what_it_costs(steward):
    shown = page(steward, reverse("web:backtest", args=[kept(MENTORS).pk]))
    assert (
        "The weight of the load (the setting LOAD_WEIGHT) is 0.4. It lets the most that one person"
        " gets in 30 days fall by 32%, from 17.0 to 11.6, on the average of the 2 projects that"
        " share their load; the MRR of newcomers goes from 0.520 to 0.507."
        in " ".join(shown.split())
    )
    assert "0.4 serves" in shown


def loads(**others) -> dict:
    return MENTORS | {"load": MENTORS["load"] | others}


def test_a_report_whose_curve_was_rounded_is_read_by_the_nearest_weight(steward):
    whole = page(steward, reverse("web:backtest", args=[kept(MENTORS).pk]))
    finer = kept(loads(weight=0.400001), number=1)
    assert flat(page(steward, reverse("web:backtest", args=[finer.pk]))) == flat(whole)


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


def test_projects_stand_under_their_names_but_not_under_one_that_two_of_them_have(steward):
    world.project("keel", "The Keel")
    shown = flat(page(steward, reverse("web:backtest", args=[kept(LEADERS).pk])))
    world.project("mast", "The Keel")
    alike = flat(page(steward, reverse("web:backtest", args=[kept(LEADERS, 1).pk])))
    assert [row.split(" | ")[0] for row in (shown[-1], alike[-1])] == ["The Keel", "keel"]


def test_a_project_named_like_the_slug_of_another_keeps_its_own_and_hides_nobody():
    world.project("keel", "mast")
    world.project("jib", "spar")
    world.project("spar", "The Spar")
    slices = {f"project:{slug}": {"n": n} for n, slug in enumerate(["jib", "keel", "mast", "spar"])}
    report = {"projects": ["jib", "keel", "mast", "spar"], "methods": {"served": slices}}
    names = {slug: slug for slug in report["projects"]} | {"spar": "The Spar"}
    expected = {f"project:{name}": slices[f"project:{slug}"] for slug, name in names.items()}
    assert named(report)["methods"]["served"] == expected


def test_a_leaders_report_shows_chances_beside_the_base_rate(steward):
    shown = page(steward, reverse("web:backtest", args=[kept(LEADERS).pk]))
    rows = flat(shown)
    figures = "0.250 | 0.200 | 0.063 | 1.024"
    assert (
        "<p>Asked about 90 people at a date, of whom 8 became core: a base rate of 0.088. "
        "Whoever says it of everybody has a Brier score of 0.080.</p>"
    ) in shown
    assert f"what we show | 0.813 0.750 … 0.875 | 0.375 0.250 … 0.500 | {figures}" in rows
    assert "keel | 90 | 0.813 0.750 … 0.875 | 0.375 0.250 … 0.500 | 0.250 | 0.088" in rows


def test_a_leaders_report_that_did_not_count_who_became_core_says_nothing_of_it(steward):
    report = kept(LEADERS | {"split": {"train": 800, "test": 90}})
    shown = page(steward, reverse("web:backtest", args=[report.pk]))
    assert "became core: a base rate" not in shown


def test_a_leaders_report_sets_those_flagged_beside_those_left_out_by_lot(steward):
    none = {"n": 0, "became_core": 0}
    counted = {"flagged": {"n": 9, "became_core": 4}, "unflagged": none, "waiting": 3}
    report = LEADERS | {"invited": counted}
    shown = page(steward, reverse("web:backtest", args=[kept(report).pk]))
    told = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", shown.partition("may change</h2>")[2])
    assert told == [
        ("of 9 people whom stewards could read of became core within a year", "4"),
        ("of 0 people left out by lot became core within a year", "–"),
        ("of others it is too early to say", "3"),
    ]
    assert "left out by lot" not in page(
        steward, reverse("web:backtest", args=[kept(LEADERS, 1).pk])
    )


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
