"""Twenty times ``kill -9`` of the worker group during a refresh by the real steps."""

import os
from pathlib import Path

from django.conf import settings

from tests.bench.house import say
from tests.matching.crew import Crew, migrate
from tests.matching.real_kills import REAL, inhabited, survive

KILLS = 20


def main() -> None:
    folder = Path(settings.VAR_DIR) / "killed"
    folder.mkdir()
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'releve.sqlite3'}"
    crew = Crew(folder, database_url=url, redis_url=os.environ.get("REDIS_URL", ""), **REAL)
    migrate(crew)
    try:
        with inhabited(crew):
            outcome = survive(crew, KILLS)
    except AssertionError as error:
        say(f"{KILLS} kills of the worker group", "MISSED", str(error))
        return
    seen = f"{outcome.interrupted} runs interrupted"
    say(f"{KILLS} kills: the same {outcome.rows} rows", seen, f"{outcome.seconds:.0f} s")


if __name__ == "__main__":
    main()
