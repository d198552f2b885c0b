"""A leader's reason counts what its page lists, whatever the model counts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from foundation.activity.models import Change
from foundation.people.leader_counts import COUNTS, Counting, Piece, weeks_in
from foundation.people.leader_reasons import leader_reasons
from foundation.people.models import LeaderSignal
from foundation.people.rights import erase
from foundation.projects.models import Project
from tests import world
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]

CODES = [*COUNTS, "organisation"]


@pytest.fixture
def ada():
    """Ada writes and reviews in Keel; with work that a model counts otherwise, or not."""
    keel = world.project()
    repo, other = world.repository(keel), world.repository(world.project("audio"))
    ada, nia, tom = (world.person(name) for name in ("Ada", "Nia Obi", "Tom"))
    for day in (400, 40, 40, 40, 40, 39, 8, 1.2):  # four on one day
        world.change(repo, ada, at=world.days_ago(day), paths=("keel/core/view.py", "README"))
    world.change(repo, ada, at=world.days_ago(3), paths=("docs/a/b/c.md",))
    world.change(repo, ada, at=world.days_ago(2), is_merge=True, paths=("tools/x.py",))
    world.change(other, ada, at=world.days_ago(2), paths=("play.py",))
    for day, reviewer in ((40, nia), (39, tom), (8, world.person("Zed"))):
        mine = Change.objects.filter(author__person=ada, landed_at=world.days_ago(day))
        world.deed(mine.first(), reviewer)
    # Written in one week and landed in another.
    world.deed(world.change(repo, nia, at=world.days_ago(15)), ada, at=world.days_ago(30))
    world.deed(world.change(repo, tom, at=world.days_ago(60)), ada)
    world.deed(world.change(repo, tom, at=world.days_ago(20), withdrawn_at=world.NOW), ada)
    world.deed(world.pull(repo, tom, 9), ada, "commented", at=world.days_ago(100))
    erase(tom, now=world.NOW)
    return ada


def told(ada, *, as_of=world.NOW):
    """Ada's signal as a refresh writes it, with every reason that counts something."""
    project = Project.objects.get(slug="keel")
    counting = Counting(ada, project, as_of)
    plain = [
        {"feature": code, "contribution": 1.0, "value": None, "evidence": {}} for code in CODES
    ]
    plain[-1]["evidence"] = {"organisation_core_share_365d": 0.4}
    reasons = [counting.with_count(reason) for reason in plain]
    return world.signal(ada, project, reasons=reasons, as_of=as_of)


def listed(signal) -> dict[str, object]:
    return {reason["feature"]: reason["evidence"].get("listed") for reason in signal.reasons}


def test_each_reason_counts_what_happened_as_a_reader_would(ada):
    assert listed(told(ada)) == {
        "rhythm": 6,
        "recency": pytest.approx(1.2),
        "work": 8,
        "tenure": pytest.approx(400),
        "breadth": 2,
        "reviews_given": 1,
        "newcomers_helped": 1,
        "reviews_received": 2,
        "organisation": None,
    }


def shown(client, url) -> list:
    """Every piece of work that the page of an address lists; there is but one page."""
    page = client.get(url).context["page"]
    assert page.paginator.num_pages == 1
    return list(page.object_list)


def test_a_reader_who_counts_on_the_page_finds_the_number_of_the_reason(ada, client):
    signal = told(ada)
    client.force_login(world.steward())
    for code, number in listed(signal).items():
        if code not in COUNTS:
            continue
        alone = LeaderSignal(person=ada, project=signal.project, as_of=signal.as_of)
        alone.reasons = [reason for reason in signal.reasons if reason["feature"] == code]
        works = shown(client, leader_reasons(alone)[0].url)
        found = {
            "rhythm": len({(signal.as_of - work.at) // timedelta(days=7) for work in works}),
            "recency": (signal.as_of - works[0].at) / timedelta(days=1),
            "tenure": (signal.as_of - works[-1].at) / timedelta(days=1),
            "newcomers_helped": len({work.change.author.person for work in works} - {None}),
            "reviews_received": len({work.identity.person for work in works} - {None}),
            "breadth": len({"keel/core" if "keel" in w.change.paths else "docs/a" for w in works}),
        }.get(code, len(works))
        assert (code, number) == (code, found)


def test_a_page_read_later_still_counts_from_the_same_moment(ada, client):
    signal = told(ada, as_of=world.days_ago(30))
    [url] = {reason.url for reason in leader_reasons(signal) if "activity&since" in reason.url}
    assert url == (
        reverse("web:evidence", args=[ada.public_id])
        + "?project=keel&kind=activity&since=2025-08-04T12%3A00%3A00Z"
    )


def test_what_is_said_of_an_organisation_links_to_where_it_stands(ada, client):
    signal = told(ada)
    ada.affiliations.create(
        organisation="Halyard", since=world.days_ago(90), until=world.NOW, is_declared=True
    )
    signal.reasons = signal.reasons[-1:]
    [said, _] = leader_reasons(signal)
    assert said.text.startswith("40% of the work of those who lead")
    assert said.url == ada.get_absolute_url() + "#organisations"
    html = page(client, said.url, world.steward())
    assert "Halyard" in html.partition('id="organisations"')[2]


def test_what_lists_nothing_is_not_said():
    nobody, keel = world.person("Nobody"), world.project()
    reason = {"feature": "recency", "contribution": 1.0, "value": None, "evidence": {}}
    told = Counting(nobody, keel, world.NOW).with_count(reason)
    signal = world.signal(nobody, keel, reasons=[told])
    assert [said.url for said in leader_reasons(signal)] == [""]


AGES = st.lists(st.timedeltas(timedelta(seconds=1), timedelta(days=300)), max_size=40)


@given(AGES, st.integers(0, 40))
def test_a_week_counts_once_and_none_before_the_beginning(ages, turn):
    pieces = [Piece(world.NOW - age, None, None, "") for age in ages]
    since = world.days_ago(180)
    weeks = weeks_in(pieces, since, world.NOW)
    whole = [timedelta(days=7 * week) for week in range(26)]
    recent = [age for age in ages if age <= timedelta(days=180)]
    assert weeks == sum(
        any(begin <= age < begin + timedelta(days=7) for age in recent) for begin in whole
    )
    assert weeks_in(pieces[turn:] + pieces[:turn], since, world.NOW) == weeks
