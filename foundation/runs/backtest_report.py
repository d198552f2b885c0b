"""A report as a page of the house, or as one file that needs nothing else."""

import re
from collections import defaultdict
from functools import cache
from itertools import chain
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from foundation import web
from foundation.projects.models import Project
from foundation.runs.backtest_page import page_of
from foundation.runs.backtest_words import PROJECT

STYLES = ("tokens", "page", "layout", "components", "lists", "charts", "plots")
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def context(report: dict) -> dict:
    """What the templates of a report need: its page and the names of the columns."""
    return {"page": page_of(named(report)), **_columns()}


def named(report: dict) -> dict:
    """The report with every project under its name, if it is still here and no other has it, as
    its name or as its slug."""
    slugs = defaultdict(list)
    for slug, name in Project.objects.values_list("slug", "name"):
        slugs[name].append(slug)
    taken = {*report["projects"], *chain(*slugs.values())}
    names = {
        found[0]: name for name, found in slugs.items() if len(found) == 1 and name not in taken
    }
    sliced = {f"{PROJECT}{slug}": f"{PROJECT}{name}" for slug, name in names.items()}

    def under_names(part: dict, names: dict[str, str] = names) -> dict:
        return {names.get(slug, slug): value for slug, value in part.items()}

    failures = report.get("failures", {})
    return report | {
        "methods": {name: under_names(found, sliced) for name, found in report["methods"].items()},
        "gaps": {name: under_names(found) for name, found in report.get("gaps", {}).items()},
        "sources": under_names(report.get("sources", {})),
        "failures": failures | {"projects": under_names(failures.get("projects", {}))},
    }


def as_file(report: dict) -> str:
    """The report as one HTML page: its style inside, no script, no font, no other file."""
    return render_to_string("runs/backtest_file.html", context(report) | {"style": style()})


@cache
def style() -> str:
    """The style sheets of the house, without the fonts, which are files of their own."""
    folder = Path(web.__file__).parent / "static" / "web"
    sheets = [(folder / f"{name}.css").read_text() for name in STYLES]
    return FONT_FACE.sub("", "\n".join(sheets))


def _columns() -> dict[str, list[str]]:
    gap, load = _("Gap to recent reviews"), [_("Gini"), _("Largest share"), _("Peak of 30 days")]
    chance = ["AUC", "AP", "P@5", "P@10", "Brier", _("Slope")]
    return {
        "rank_columns": ["MRR", "Hit@1", "Hit@3", "Hit@5", "NDCG@5", gap],
        "gap_columns": [
            _("Questions"),
            _("What we show"),
            _("Best simple ranking"),
            _("Gap"),
            _("Who ranks there"),
        ],
        "mean_columns": [_("Mean MRR"), _("Median MRR")],
        "slice_columns": [_("Questions"), _("What we show"), _("Recent reviews"), gap],
        "load_columns": load,
        "curve_columns": ["MRR", "Hit@1", _("Gini of those asked"), *load[1:], _("Falls by")],
        "reliability_columns": [_("Chance said"), _("Came true"), _("Number")],
        "miss_columns": [
            _("Mean size"),
            _("Right name in it"),
            _("First changes"),
            _("Right name outside"),
            _("Nobody in it"),
        ],
        "chance_columns": chance,
        "project_columns": [_("Number"), "AUC", "AP", "P@5", _("Base rate")],
    }
