"""The protocol on the facts of the database: what ``manage.py backtest`` and the benchmark run."""

from collections.abc import Sequence
from datetime import datetime

from matching.features import load_history
from matching.leaders_protocol import backtest_leaders
from matching.protocol import backtest_mentors

TASKS = ("mentors", "leaders")


def backtest(task: str, as_of: datetime, projects: Sequence[str] | None = None) -> dict:
    """Return the report of a task. ValueError says what is missing for one."""
    history = load_history(as_of)
    if task == "mentors":
        return backtest_mentors(history, projects)

    return backtest_leaders(history, projects)
