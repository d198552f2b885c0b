"""Asking for a mentor, reading who could be one, and being one within limits."""

import re
from datetime import date

import pytest
from django.urls import reverse

from foundation.people.models import Person
from foundation.runs.models import Run
from mentorship.models import MentorOffer, MentorRequest
from tests import world
from tests.reading import page, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def nia():
    """Nia is new; she asked in Keel, where Ada and Ben are suggested to her."""
    nia = world.person("Nia Obi", account=world.user("nia@halyard.example"))
    keel = world.project()
    world.request(nia, keel, skills="Python")
    model = world.model()
    for rank, name in enumerate(("Ada", "Ben"), start=1):
        world.match(nia, world.person(name), keel, rank=rank, model=model, method="model")
    return nia


def lists(client, account) -> list:
    client.force_login(account)
    return client.get(reverse("mentorship:mentors")).context["lists"]


def names(client, account) -> list:
    return [
        (each.project.slug, [suggestion.match.mentor.name for suggestion in each.suggestions])
        for each in lists(client, account)
    ]


def wish(**changed) -> dict:
    return {
        "project": world.Project.objects.get().pk,
        "skills": "C++, testing",
        "interests": "docs",
        "languages": "French",
        "starts_at": "8",
        "ends_at": "16",
    } | changed


def test_mentors_stand_in_their_order(client, nia):
    assert names(client, nia.user) == [("keel", ["Ada", "Ben"])]


def test_no_number_of_a_person_is_shown(client, nia):
    world.Match.objects.filter(rank=1).update(score=0.8173)
    html = page(client, reverse("mentorship:mentors"), nia.user)
    read = re.sub("<[^>]*>", " ", html.partition("<main")[2])
    assert "8173" not in html and "0.8" not in read and "82" not in read


def test_only_ones_own_matches_are_shown(client, nia):
    assert names(client, world.user("max@halyard.example")) == []


@pytest.mark.parametrize(
    "limit", [{"never": True}, {"places": 0}, {"paused_until": date(2026, 4, 1)}]
)
def test_a_mentor_who_said_no_is_left_out_at_once(client, nia, limit):
    MentorOffer.objects.create(person=Person.objects.get(name="Ada"), **limit)
    assert names(client, nia.user) == [("keel", ["Ben"])]


def test_a_pause_that_is_over_counts_no_more(client, nia):
    over = world.NOW.date()
    MentorOffer.objects.create(person=Person.objects.get(name="Ada"), paused_until=over)
    assert names(client, nia.user) == [("keel", ["Ada", "Ben"])]


@pytest.mark.parametrize("gone", [{"is_hidden": True}, {"erased_at": world.NOW}])
def test_a_mentor_who_hid_or_left_is_left_out_at_once(client, nia, gone):
    Person.objects.filter(name="Ada").update(**gone)
    assert names(client, nia.user) == [("keel", ["Ben"])]


def test_a_fallback_is_said_openly(client, nia):
    words = "too little history"
    assert words not in page(client, reverse("mentorship:mentors"), nia.user)
    world.Match.objects.update(model=None, method="recency")
    assert words in page(client, reverse("mentorship:mentors"))


def test_a_model_learned_elsewhere_is_said_openly(client, nia):
    words = "learned in other open source communities"
    assert words not in page(client, reverse("mentorship:mentors"), nia.user)
    world.Match.objects.update(model=None, method="shipped")
    shown = page(client, reverse("mentorship:mentors"))
    assert words in shown and "too little history" not in shown


def test_unasked_suggestions_follow_what_was_asked_for(client, nia):
    audio = world.project("audio")
    world.match(nia, Person.objects.get(name="Ben"), audio, kind="suggested")
    assert names(client, nia.user) == [("keel", ["Ada", "Ben"]), ("audio", ["Ben"])]


def test_a_request_without_matches_says_that_they_are_on_their_way(client, nia):
    world.Match.objects.all().delete()
    assert "Nobody yet." in page(client, reverse("mentorship:mentors"), nia.user)


def test_mentors_cost_as_many_queries_with_five_as_with_two(client, nia):
    client.force_login(nia.user)
    two = queries(client, reverse("mentorship:mentors"))
    for rank in (3, 4, 5):
        world.match(nia, world.person(f"M{rank}"), world.Project.objects.get(), rank=rank)
    assert queries(client, reverse("mentorship:mentors")) == two


def test_asking_saves_the_wish_and_owes_the_matching(client, django_capture_on_commit_callbacks):
    world.project()
    account = world.user("new@halyard.example")
    client.force_login(account)
    with django_capture_on_commit_callbacks() as wake_ups:
        client.post(reverse("mentorship:ask"), wish(name="New Comer"))
    saved = MentorRequest.objects.values(
        "person__name", "person__user", "project__slug", "skills", "interests", "languages",
        "starts_at", "ends_at", "closed_at",
    ).get()  # fmt: skip
    assert saved == {
        "person__name": "New Comer",
        "person__user": account.pk,
        "project__slug": "keel",
        "skills": "C++, testing",
        "interests": "docs",
        "languages": "French",
        "starts_at": 8,
        "ends_at": 16,
        "closed_at": None,
    }
    assert list(Run.objects.values_list("task", "scope", "state", "as_of")) == [
        ("matches", "keel", "waiting", world.NOW)
    ]
    assert len(wake_ups) == 1


def test_asking_again_changes_the_open_request(client, nia):
    client.force_login(nia.user)
    client.post(reverse("mentorship:ask"), wish())
    assert list(MentorRequest.objects.values_list("skills", flat=True)) == ["C++, testing"]


def test_changing_a_wish_begins_with_what_was_asked(client, nia):
    client.force_login(nia.user)
    url = f"{reverse('mentorship:ask')}?project="
    keel = world.Project.objects.get().pk
    found = [
        client.get(url + project).context["form"].initial.get("skills")
        for project in (str(keel), "keel", "", "9" * 5000)
    ]
    assert found == ["Python", None, None, None]


def test_a_day_without_hours_is_refused(client, nia):
    client.force_login(nia.user)
    response = client.post(reverse("mentorship:ask"), wish(starts_at="9", ends_at="9"))
    assert response.context["form"].errors == {"ends_at": ["Your day needs at least one hour."]}


def test_withdrawing_closes_the_request(client, nia):
    client.force_login(nia.user)
    client.post(reverse("mentorship:withdraw", args=[nia.mentor_requests.get().pk]))
    assert nia.mentor_requests.get().closed_at == world.NOW


def test_limits_are_saved_and_shown(client, nia):
    client.force_login(nia.user)
    limits = {"places": "3", "paused_until": "2026-05-01", "languages": "Igbo", "never": "on"}
    client.post(reverse("mentorship:limits"), limits)
    saved = MentorOffer.objects.values("person", "places", "paused_until", "languages", "never")
    assert saved.get() == {
        "person": nia.pk,
        "places": 3,
        "paused_until": date(2026, 5, 1),
        "languages": "Igbo",
        "never": True,
    }
    html = page(client, reverse("mentorship:limits"))
    assert 'value="2026-05-01"' in html and 'value="Igbo"' in html


@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-02"])
def test_a_pause_that_would_be_over_is_refused(client, nia, day):
    client.force_login(nia.user)
    answer = client.post(reverse("mentorship:limits"), {"places": "1", "paused_until": day})
    words = "This pause would be over already. Choose a day after today, or leave it empty."
    assert answer.context["form"].errors == {"paused_until": [words]}
    assert not MentorOffer.objects.exists()


def test_a_pause_that_is_over_does_not_stand_in_the_way_of_other_limits(client, nia):
    MentorOffer.objects.create(person=nia, paused_until=world.NOW.date())
    client.force_login(nia.user)
    form = client.get(reverse("mentorship:limits")).context["form"]
    assert form["paused_until"].value() is None


@pytest.mark.parametrize("name", ["limits", "ask"])
def test_what_names_no_language_is_refused(client, nia, name):
    client.force_login(nia.user)
    said = wish(languages="asdf, 12") | {"places": "1"}
    form = client.post(reverse(f"mentorship:{name}"), said).context["form"]
    words = (
        "No language was recognised in “asdf, 12”. Write their names, separated by commas: "
        "English, French."
    )
    assert form.errors == {"languages": [words]}


@pytest.mark.parametrize(
    "said",
    ["", "peu importe", "français, asdf", "Igbo", "pt-BR", "LSF", "BSL", "sign language", "fsl"],
)
def test_a_language_or_none_is_saved_as_it_was_written(client, nia, said):
    client.force_login(nia.user)
    client.post(reverse("mentorship:limits"), {"places": "1", "languages": said})
    assert MentorOffer.objects.get().languages == said


def test_languages_that_were_written_before_do_not_stand_in_the_way_of_other_limits(client, nia):
    MentorOffer.objects.create(person=nia, places=3, languages="asdf")
    client.force_login(nia.user)
    client.post(reverse("mentorship:limits"), {"places": "1", "languages": "asdf"})
    offer = MentorOffer.objects.get()
    assert (offer.places, offer.languages) == (1, "asdf")


def test_the_second_of_one_name_is_marked_and_not_named_on_the_front_page(client, nia):
    keel = world.Project.objects.get()
    for rank, name in ((3, "ada"), (4, "Cyd")):
        world.match(nia, world.person(name), keel, rank=rank)
    marked = [
        (suggestion.match.mentor.name, suggestion.is_namesake)
        for suggestion in lists(client, nia.user)[0].suggestions
    ]
    assert marked == [("Ada", False), ("Ben", False), ("ada", True), ("Cyd", False)]
    named = [each.match.mentor.name for each in lists(client, nia.user)[0].teasers]
    assert named == ["Ada", "Ben", "Cyd"]


def test_the_strongest_reason_stands_first(client, nia):
    fact = {"name": "reviews_here", "count": 4, "first_at": 1_710_244_800}
    weak = {"feature": "reviews_here", "contribution": 0.1, "value": 4, "evidence": [fact]}
    strong = {"feature": "hours", "contribution": 0.2, "value": 1, "evidence": []}
    world.Match.objects.update(reasons=[weak, strong])
    texts = [reason.text for reason in lists(client, nia.user)[0].suggestions[0].reasons]
    assert texts[:2] == [
        "Clocks that are at most one hour apart",
        "4 reviews here since March 2024",
    ]


def test_a_mentor_reads_to_whom_one_is_suggested_and_why(client, nia):
    ada = Person.objects.get(name="Ada")
    ada.user = world.user("ada@halyard.example")
    ada.save()
    client.force_login(ada.user)
    told = client.get(reverse("mentorship:limits")).context["suggested_to"]
    assert [(each.match.mentee.name, len(each.reasons)) for each in told] == [("Nia Obi", 1)]


def test_the_buttons_that_answer_a_letter_name_who_wrote_it(client, nia):
    ada = Person.objects.get(name="Ada")
    Person.objects.filter(pk=ada.pk).update(user=world.user("ada@halyard.example"))
    world.exposure(nia, ada, world.Project.objects.get(), asked_at=world.days_ago(1))
    html = page(client, reverse("mentorship:limits"), world.User.objects.get(person=ada))
    labels = re.findall(r'<button[^>]* aria-label="([^"]*)"', html.partition("<main")[2])
    assert labels == ["We work together: Nia Obi", "Not now: Nia Obi"]


def test_the_front_page_brings_the_first_suggestions(client, nia):
    html = page(client, reverse("web:home"), nia.user)
    assert "Ada" in html and "Ben" in html


def test_no_line_ends_with_two_full_stops(client, nia):
    html = page(client, reverse("mentorship:mentors"), nia.user)
    assert "p.m.</p>" in html or "a.m.</p>" in html or "noon</p>" in html
    assert ".." not in re.sub("<[^>]*>", " ", html.partition("<main")[2])
