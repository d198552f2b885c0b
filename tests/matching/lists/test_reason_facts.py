"""A reason says what its page shows, and nothing that is hidden, withdrawn or erased."""

import json
from datetime import UTC, datetime

import pytest

from foundation.activity.models import Change
from foundation.people.backing import OF_TWO, Claim, backing
from foundation.people.rights import erase
from matching.community import Community
from matching.features import load_history
from matching.lists.limits import limits_of
from matching.lists.suggest import Mentee, suggest
from matching.pairing.pairs import PairFeatures
from matching.ranking.serving import Served
from mentorship.models import Match
from mentorship.reasons import SENTENCES
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def keel():
    """Ada reviews and writes in Keel, helps Nia and works with her; with traps among the facts."""
    keel = world.project()
    repo, other = world.repository(keel), world.repository(world.project("audio"))
    nia, ada = world.person("Nia Obi"), world.person("Ada")
    core, vault = ("keel/core/view.py",), ("keel/vault/key.py",)
    for day in (365.04, 364.98, 40, 9, 5):  # the first is of the same day as the second
        world.deed(world.change(repo, nia, at=world.days_ago(day), paths=core), ada)
    world.deed(world.change(repo, nia, at=world.days_ago(4), paths=vault), ada)
    world.deed(world.change(repo, ada, at=world.days_ago(8)), nia, "tested")
    world.deed(world.change(repo, nia, at=world.days_ago(3)), ada, "helped")
    world.deed(world.change(other, nia, at=world.days_ago(20), subject="Play"), ada, "acked")
    _told_by_events(repo, nia, ada)
    gone = world.change(
        repo, nia, at=world.days_ago(6), paths=core, subject="Withdrawn",
        withdrawn_at=world.days_ago(2),
    )  # fmt: skip
    world.deed(gone, ada)
    for name in ("Hide", "Erased"):
        world.deed(world.change(repo, nia, at=world.days_ago(2), paths=core), world.person(name))
    return keel


def _told_by_events(repo, nia, ada) -> None:
    """One review that a trailer tells as well, one told by events only, and none that counts."""
    nia_there, ada_there = (
        world.identity(one, f"{one.name.split()[0]}@pulls.example") for one in (nia, ada)
    )
    landings = Change.objects.filter(repository=repo, author__person=nia).order_by("landed_at")
    for number, landing in enumerate(landings[2:4], start=1):
        landing.pull_request = number
        landing.save()
    landings[3].activities.filter(kind="reviewed").delete()
    for number in (1, 2, 3):
        pull = world.pull(repo, nia_there, number, landed_at=world.days_ago(3))
        for day in (3, 2):
            told = {"at": world.days_ago(day), "external_id": f"review/{number}{day}"}
            world.deed(pull, ada_there, **told)
    own = world.change(repo, ada, at=world.days_ago(7), pull_request=4)
    told = {"at": world.days_ago(7), "external_id": "review/4"}
    world.deed(world.pull(repo, ada_there, 4, landed_at=own.landed_at), ada_there, **told)


def suggested(keel) -> list:
    people = world.Person.objects
    people.filter(name="Hide").update(is_hidden=True)
    erase(people.get(name="Erased"), now=world.NOW)
    history = load_history(world.NOW)
    community = Community(world.NOW, history, PairFeatures(history))
    nia = people.get(name="Nia Obi")
    limits = limits_of(keel, community, [nia.pk])
    return suggest(Mentee(nia.pk, Match.Kind.ASKED), "keel", community, Served(None), limits=limits)


def test_a_page_lists_as_many_facts_as_its_reason_counts(keel):
    nia, ada = (world.Person.objects.get(name=name) for name in ("Nia Obi", "Ada"))
    [one] = suggested(keel)
    told, listed = {}, {}
    for reason in one.reasons:
        code = reason["feature"]
        link = SENTENCES[code].link if code in SENTENCES else ""
        for fact in reason["evidence"]:
            since = datetime.fromtimestamp(fact["first_at"], UTC)
            name = str(nia.public_id) if link in OF_TWO else fact["name"]
            told[code, fact["name"]] = fact["count"]
            rows = backing(ada, keel, Claim(link, name, since=since))
            listed[code, fact["name"]] = len(rows)
    assert listed == told
    assert {code: count for (code, name), count in told.items() if name == code} == {
        "activity": 2,
        "familiarity": 7,
        "newcomers_helped": 5,
        "reviews_elsewhere": 5,
        "reviews_here": 5,
        "shared_work": 2,
    }


def test_no_reason_comes_from_what_is_hidden_withdrawn_or_erased(keel):
    ada = world.Person.objects.get(name="Ada")
    ada.expertise.create(project=keel, kind="area", name="keel/vault", is_hidden=True)
    withdrawn = world.Change.objects.get(subject="Withdrawn").pk
    found = suggested(keel)
    facts = [fact for one in found for reason in one.reasons for fact in reason["evidence"]]
    assert [one.mentor for one in found] == [ada.pk]
    assert facts and withdrawn not in {change for fact in facts for change in fact["changes"]}
    assert "vault" not in json.dumps(found[0].reasons)
    assert "keel/core" in json.dumps(found[0].reasons)


def test_what_is_left_out_still_counts_in_the_sum(keel):
    ada = world.Person.objects.get(name="Ada")
    ada.expertise.create(project=keel, kind="area", name="keel", is_hidden=True)
    [one] = suggested(keel)
    total = one.base + sum(reason["contribution"] for reason in one.reasons)
    assert total == pytest.approx(one.score, abs=1e-12)
