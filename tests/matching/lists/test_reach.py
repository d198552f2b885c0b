"""What would change a list, on a community whose right mentors are known by construction."""

from datetime import UTC, datetime

import pytest

from foundation.people.models import Person
from matching.community import Community
from matching.lists.limits import Limits
from matching.lists.reach import nearer
from matching.lists.suggest import Mentee, suggest
from matching.lists.wishes import Wishes
from matching.pairing.pairs import PairFeatures
from matching.ranking.serving import Served
from mentorship.models import Match, MentorOffer
from mentorship.nearer import steps_of
from tests import world
from tests.matching.planted import mentor_of, planted_history

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def learned():
    """A planted community, ranked by who reviewed what lately."""
    history = planted_history(500)
    as_of = datetime.fromtimestamp(int(history.at[-1]) + 1, UTC)
    return Community(as_of, history, PairFeatures(history)), Served(None, {"tree": "hybrid"})


@pytest.fixture
def planted(learned):
    """The same with the mentors as rows: their keys take the place of their planted names."""
    community, served = learned
    keys = {name: world.person(name).pk for name in map(mentor_of, ("docs", "storage"))}
    people, last = [], 0
    for name in community.history.people:  # keys ascend, and nobody else has a person's
        last = keys.get(name, last + 0.001)
        people.append(last)
    history = community.history
    fields = {name: getattr(history, name) for name in history.__dataclass_fields__}
    renamed = type(history)(**fields | {"people": people})
    return Community(community.as_of, renamed, community.features), served, keys


def told(planted, mentee: Mentee, limits: Limits | None = None) -> dict[int, tuple[dict, ...]]:
    community, served, _ = planted
    limits = limits or Limits()
    found = suggest(mentee, "tree", community, served, limits=limits)
    again = nearer(mentee, "tree", community, served, found, limits=limits)
    return {one.mentor: one.nearer for one in again}


def asking(**fields) -> Mentee:
    return Mentee(0, Match.Kind.ASKED, **fields)


def test_an_interest_in_the_area_of_a_mentor_brings_that_mentor_nearer(planted):
    steps = told(planted, asking(interests=("docs",)))
    [interest] = [s for s in steps[planted[2]["mentor-storage"]] if s["step"] == "interest"]
    assert (interest["name"], interest["rank"] <= 2, interest["gain"] > 0) == (
        "storage",
        True,
        True,
    )


def test_a_change_there_does_so_too(planted):
    steps = told(planted, asking(interests=("docs",)))
    changes = [s for s in steps[planted[2]["mentor-storage"]] if s["step"] == "change"]
    assert [step["name"] for step in changes] == ["storage"]


def test_an_area_that_is_asked_for_already_is_no_step(planted):
    steps = told(planted, asking(interests=("docs",)))
    assert "docs" not in {step["name"] for each in steps.values() for step in each}


def test_where_only_recency_counts_no_interest_is_promised_to_help(planted):
    community, _, keys = planted
    steps = told((community, Served(None), keys), asking(interests=("docs",)))
    assert [steps[mentor] for mentor in keys.values()] == [(), ()]


def test_a_hidden_area_is_no_step(planted):
    hidden = {planted[2]["mentor-storage"]: {("area", "storage")}}
    steps = told(planted, asking(interests=("docs",)), Limits(hidden=hidden))
    assert not [s for each in steps.values() for s in each if s["name"].startswith("storage")]


def test_a_language_in_common_and_other_hours_are_tried(planted):
    docs = Person.objects.get(pk=planted[2]["mentor-docs"])
    MentorOffer.objects.create(person=docs, languages="Igbo")
    docs.profiles.create(project=world.project(), hours_utc=[0] * 8 + [5] * 3 + [0] * 13)
    wishes = Wishes(frozenset(range(11, 14)), frozenset({"en"}))
    found = told(planted, asking(interests=("storage",), wishes=wishes))[docs.pk]
    kinds = {step["step"]: step["name"] for step in found}
    assert (kinds["hours"], kinds["language"]) == ("-3", "ig")


def test_steps_are_said_in_words_and_lead_to_where_they_are_taken():
    keel = world.project()
    match = Match(
        project=keel,
        nearer=[
            {"step": "interest", "name": "docs", "rank": 1, "gain": 0.2},
            {"step": "change", "name": "vault/x", "rank": 1, "gain": 0.2},
            {"step": "hours", "name": "-2", "rank": 2, "gain": 0.1},
            {"step": "language", "name": "ig", "rank": 2, "gain": 0.1},
        ],
    )
    ask = f"/mentors/ask/?project={keel.pk}"
    assert [tuple(step) for step in steps_of(match, {("area", "vault")})] == [
        ("saying that you wish to work on docs", ask),
        ("a day that begins 2 h earlier", ask),
        ("saying so, if you speak Igbo", ask),
    ]
