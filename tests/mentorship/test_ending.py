"""What ends when somebody says that it has ended, and what goes on."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from foundation.people.rights import erase, hide
from foundation.runs.models import Run
from mentorship import asking, beginning, ending, exposure
from mentorship.cohort_pages import newest_place
from mentorship.models import CohortPlacement, Exposure, MentorRequest
from tests import world
from tests.mentorship.cohort_pages import of, post, publish
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
PLACE = reverse("mentorship:placement")
LATER = world.NOW + timedelta(days=30)


@pytest.fixture
def pia(client, steward, cohort):
    """Nia works with Ada, and with Pia, who helps in Keel."""
    pia = world.person("Pia Lund", account=world.user("pia@halyard.example"))
    world.co_mentor(cohort, pia, of("Nia").project)
    publish(client, cohort)
    assert working() == [("Nia Obi", "Ada Faure"), ("Nia Obi", "Pia Lund")]
    return pia


def working() -> list[tuple]:
    """Who works with whom."""
    rows = Exposure.objects.open_mentorships()
    return sorted(rows.values_list("mentee__name", "mentor__name"))


def to_be_met() -> list[str]:
    return list(MentorRequest.objects.to_be_met().values_list("person__name", flat=True))


def row_of(mentor) -> Exposure:
    return Exposure.objects.get(mentor=mentor)


def placed_again(nia, mentor, *, at) -> CohortPlacement:
    """A later cohort has placed Nia."""
    asking.ask(nia.mentee, nia.project, now=at)
    place = world.place(nia.mentee, mentor, nia.project, at=at)
    beginning.begin_each({(nia.project_id, nia.mentee_id, mentor.pk): place.pk}, now=at)
    return place


def test_a_place_ends_and_what_a_mentor_began_by_their_own_word_goes_on(pia):
    nia = of("Nia")
    world.mentorship(nia.mentee, world.person("Zed"), nia.project)
    assert ending.end(nia, now=LATER)
    assert working() == [("Nia Obi", "Zed")]
    assert not ending.end(nia, now=LATER)


def test_a_place_ends_and_what_another_cohort_began_at_the_same_moment_goes_on(pia):
    nia = of("Nia")
    placed_again(nia, world.person("Zed"), at=nia.cohort.published_at)
    assert ending.end(nia, now=LATER)
    assert working() == [("Nia Obi", "Zed")]


@pytest.mark.parametrize("same", [True, False])
def test_a_page_left_open_ends_nothing_that_a_later_cohort_began(client, pia, same):
    nia = of("Nia")
    ending.finish(row_of(nia.mentor), now=world.NOW)
    mentor = nia.mentor if same else world.person("Zed")
    new = placed_again(nia, mentor, at=LATER)
    client.force_login(nia.mentee.user)
    post(client, "placement-end", nia.pk)
    assert working() == [("Nia Obi", mentor.name)]
    html = page(client, PLACE)
    ends = [reverse("mentorship:placement-end", args=[one.pk]) in html for one in (nia, new)]
    assert ends == [False, True]


def test_whoever_ends_it_reads_first_what_that_means(client, steward, pia):
    nia, before = of("Nia"), working()
    finish = {one: reverse("mentorship:finish", args=[row_of(one).pk]) for one in (nia.mentor, pia)}
    place = reverse("mentorship:placement-end", args=[nia.pk])
    with_ada = "Has your mentorship with Ada Faure in Keel ended?"
    with_nia = "Has your mentorship with Nia Obi in Keel ended?"
    of_nia = "Has the mentorship of Nia Obi with Ada Faure in Keel ended?"
    both = "It ends for the co-mentors as well: Pia Lund."
    asked = (
        (nia.mentee.user, place, (with_ada, both)),
        (nia.mentor.user, finish[nia.mentor], (with_nia,)),
        (pia.user, finish[pia], (with_nia, "If you are a co-mentor, only your part ends.")),
        (steward, place, (of_nia, both)),
    )
    for account, path, sentences in asked:
        html = page(client, path, account)
        assert [sentence for sentence in sentences if sentence not in html] == []
    assert working() == before


def test_what_has_ended_already_is_not_asked_again(client, pia):
    nia = of("Nia")
    ending.end(nia, now=world.NOW)
    client.force_login(nia.mentee.user)
    answer = client.get(reverse("mentorship:placement-end", args=[nia.pk]), follow=True)
    assert answer.redirect_chain == [(PLACE, 302)]
    assert "It had ended already." in answer.content.decode()


def test_when_the_mentor_ends_it_nobody_is_left_to_help(client, pia):
    nia = of("Nia")
    client.force_login(nia.mentor.user)
    post(client, "finish", row_of(nia.mentor).pk)
    assert (working(), of("Nia").ended_at) == ([], world.NOW)
    asking.ask(nia.mentee, nia.project, now=world.NOW)
    assert "Nia Obi" in to_be_met()


def test_a_co_mentor_ends_their_own_part_only_and_reads_of_it(client, pia):
    words = "ended on March 2, 2026"
    assert words not in page(client, PLACE, pia.user)
    post(client, "finish", row_of(pia).pk)
    assert (working(), of("Nia").is_running) == ([("Nia Obi", "Ada Faure")], True)
    assert words in page(client, PLACE)
    assert words not in page(client, PLACE, of("Nia").mentor.user)


def test_a_co_mentor_s_own_end_is_known_as_long_as_the_place_is(client, pia):
    ending.finish(row_of(pia), now=world.NOW)
    exposure.forget(world.NOW + timedelta(days=760))
    assert working() == [("Nia Obi", "Ada Faure")]
    assert "ended on March 2, 2026" in page(client, PLACE, pia.user)


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_a_co_mentor_reads_that_the_place_has_ended(client, pia, is_forgotten):
    ending.end(of("Nia"), now=world.NOW)
    if is_forgotten:
        Exposure.objects.all().delete()
    assert "ended on March 2, 2026" in page(client, PLACE, pia.user)


def test_a_mentor_ends_with_a_mentee_who_hides_and_is_not_named(client, pia):
    nia, keel = of("Nia"), of("Nia").project
    world.mentorship(world.person("Zed"), pia, keel)
    world.lull(nia.mentee, told_since=world.days_ago(20))
    hide(nia.mentee, hidden=True)
    path = reverse("mentorship:limits")
    html = page(client, path, pia.user)
    assert html.index("Zed") < html.index("Somebody whose profile is hidden")
    assert ("Nia Obi" in html, "It has been quiet" in html) == (False, False)
    assert str(nia.mentee.get_absolute_url()) not in html
    row = Exposure.objects.get(mentor=pia, mentee=nia.mentee)
    assert reverse("mentorship:finish", args=[row.pk]) in html
    post(client, "finish", row.pk)
    assert "Somebody whose profile is hidden" not in page(client, path)


def test_when_a_mentor_is_erased_help_ends_and_the_wish_is_open_again(pia):
    nia = of("Nia")
    Run.objects.all().delete()
    assert "Nia Obi" not in to_be_met()
    erase(nia.mentor, now=world.NOW)
    assert (working(), "Nia Obi" in to_be_met()) == ([], True)
    assert list(Run.objects.filter(task="matches").values_list("scope", flat=True)) == ["keel"]


def test_an_erased_mentor_opens_no_wish_whose_place_had_ended(pia):
    nia = of("Nia")
    ending.end(nia, now=world.NOW)
    erase(nia.mentor, now=LATER)
    assert "Nia Obi" not in to_be_met()


@pytest.mark.parametrize("stands", [True, False])
def test_an_erased_mentor_opens_no_wish_that_was_asked_anew(pia, stands):
    nia = of("Nia")
    newer = asking.ask(nia.mentee, nia.project, now=LATER)
    if not stands:
        asking.withdraw(newer, now=LATER)
    erase(nia.mentor, now=LATER)
    assert list(nia.mentee.mentor_requests.open()) == ([newer] if stands else [])


def test_an_erased_mentor_opens_no_wish_that_was_withdrawn_when_the_place_was_published(pia):
    nia = of("Nia")
    nia.mentee.mentor_requests.update(placement=None)  # no cohort met it: they were pinned
    erase(nia.mentor, now=LATER)
    assert not nia.mentee.mentor_requests.open().exists()


def test_what_has_ended_does_not_come_back_when_the_log_is_forgotten(pia):
    nia = of("Nia")
    ending.end(nia, now=LATER)
    exposure.forget(world.NOW + timedelta(days=760))
    assert (working(), newest_place(nia.mentee)) == ([], None)
    assert [row.mentor for row in Exposure.objects.all()] == [pia]  # as long as her place is


def test_a_place_of_before_places_began_anything_ends_too(client, cohort):
    type(cohort).objects.update(state="published", published_at=world.days_ago(90))
    client.force_login(of("Nia").mentee.user)
    assert "You are placed with" in page(client, reverse("web:home"))
    post(client, "placement-end", of("Nia").pk)
    assert "It has ended. Asking anew is possible at any time." in page(client, PLACE)
    assert "You are placed with" not in page(client, reverse("web:home"))


def test_no_place_has_no_end(cohort):
    with pytest.raises(IntegrityError), transaction.atomic():
        CohortPlacement.objects.filter(mentor=None).update(ended_at=world.NOW)


def test_nothing_ends_before_it_is_published(cohort):
    assert not ending.end(of("Nia"), now=world.NOW)
