"""The real steps of a refresh may be killed at any moment; ``make bench`` does it twenty times."""

from tests.matching.crew import Crew
from tests.matching.real_kills import REAL, inhabited, survive

KILLS = 2


def test_killed_in_the_real_steps_a_refresh_ends_in_the_same_rows(
    services, tmp_path, django_db_blocker
):
    with (
        django_db_blocker.unblock(),
        inhabited(Crew(tmp_path, **services, **REAL)) as crew,
    ):
        outcome = survive(crew, KILLS)
    assert outcome.rows > 100
