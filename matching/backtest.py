"""The protocol on the facts of the database: what ``manage.py backtest`` and the benchmark run."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from matching.features import load_history
from matching.leaders_protocol import backtest_leaders
from matching.programs.protocol import backtest_programs
from matching.programs.records import read_program_file
from matching.protocol import backtest_mentors

TASKS = ("mentors", "leaders", "programs")


def backtest(
    task: str,
    as_of: datetime,
    projects: Sequence[str] | None = None,
    file: str | None = None,
) -> dict:
    """Return the report of a task. ValueError says what is missing for one.

    `file` holds the programs of the task `programs`, the only one that does not read the database.
    """
    if (task == "programs") != (file is not None):
        raise ValueError("A file of programs is needed for the task “programs”, and only there.")
    if file is not None:
        if projects:
            raise ValueError("The task “programs” is about all projects of its file.")
        return backtest_programs(read_program_file(Path(file)))

    history = load_history(as_of)
    if task == "mentors":
        return backtest_mentors(history, projects)

    return backtest_leaders(history, projects)
