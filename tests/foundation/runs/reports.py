"""Reports of backtests, small and whole, as their pages and the ledger meet them."""

from datetime import UTC, datetime

from foundation.runs import backtests
from foundation.runs.models import BacktestReport

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
    "split": {"test_from": 1_700_000_000, "train": 800, "test": 90, "test_positive": 8},
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
