"""The front page, the languages, the login pages and the error pages."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.views.defaults import server_error

from foundation.web.community import Month, count_community
from tests import world
from tests.reading import page, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache", "at_now")]


def test_a_house_without_any_history_says_so(client):
    assert "No history has been read yet." in page(client, reverse("web:home"))


def test_the_community_is_counted_by_whole_months():
    keel = world.project()
    repo = world.repository(keel)
    ada, ben = world.person("Ada"), world.person("Ben")
    for day in (75, 45, 20):  # 17 December, 16 January, 10 February
        world.change(repo, ada, at=world.days_ago(day))
    world.change(repo, ben, at=world.days_ago(20))
    world.change(repo, ben, at=world.days_ago(1))  # 1 March: this month is not whole
    world.profiles(keel)
    counted = count_community()
    assert (counted.name, counted.people, counted.projects, counted.changes) == (
        "Halyard Foundation",
        2,
        1,
        5,
    )
    firsts = [month for month in counted.months if month.active]
    assert [(m.first.isoformat(), m.active, m.newcomers) for m in firsts] == [
        ("2025-12-01", 1, 1),
        ("2026-01-01", 1, 0),
        ("2026-02-01", 2, 1),
    ]
    assert counted.months[-1] == Month(firsts[-1].first, 2, 1)


def test_the_front_page_counts_once_an_hour(client):
    keel = world.project()
    world.change(world.repository(keel), world.person("Ada"), at=world.days_ago(40))
    world.profiles(keel)
    first = queries(client, reverse("web:home"))
    assert queries(client, reverse("web:home")) < first


def test_the_language_is_switched_by_a_form_and_kept(client):
    client.post(reverse("set_language"), {"language": "fr", "next": "/"})
    html = page(client, reverse("web:home"))
    assert '<html lang="fr">' in html and "Se connecter" in html


def test_the_browser_s_language_is_spoken_to_strangers(client):
    answer = client.get(reverse("web:home"), headers={"accept-language": "fr-CA,fr;q=0.9"})
    assert '<html lang="fr">' in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_logout"]
)
def test_the_account_s_pages_look_like_the_house(client, name):
    account = world.user("ada@halyard.example") if name == "account_logout" else None
    assert 'class="wordmark"' in page(client, reverse(name), account)


@pytest.mark.parametrize(
    "name",
    ["account_inactive", "account_email_verification_sent", "socialaccount_login_cancelled"]
    + ["account_reset_password_done"],
)
def test_no_page_of_the_way_in_is_a_dead_end(client, name):
    main = page(client, reverse(name)).partition("<main")[2].partition("</main>")[0]
    assert "<h1>" in main and 'class="button' in main


def test_accounts_elsewhere_say_that_there_are_none(client):
    html = page(client, reverse("socialaccount_connections"), world.user("ada@halyard.example"))
    assert "This site offers no sign-in by another account." in html


def test_an_account_is_made_confirmed_and_linked(client):
    ada = world.person("Ada", "ada@halyard.example")
    password = {"password1": world.PASSWORD, "password2": world.PASSWORD}
    client.post(reverse("account_signup"), {"email": "ada@halyard.example", **password})
    link = next(word for word in mail.outbox[0].body.split() if "/confirm-email/" in word)
    path = link.partition("testserver")[2]
    page(client, path)
    ada.refresh_from_db()
    assert ada.user is None  # opening the link changes nothing
    client.post(path)
    ada.refresh_from_db()
    assert ada.user.email == "ada@halyard.example"


def test_stewards_find_their_pages_in_one_group_and_others_do_not(client):
    html = page(client, reverse("web:backtests"), world.steward())
    bar = html.partition('<div class="bar">')[2].partition("</details>")[0]
    assert re.findall(
        r'href="([^"]+)"(?: aria-current="(\w+)")?', bar.partition("<summary")[2]
    ) == [
        ("/leaders/", ""),
        ("/cohorts/", ""),
        ("/stewards/load/", ""),
        ("/runs/", ""),
        ("/backtests/", "page"),
    ]
    assert "/backtests/" not in page(client, reverse("web:home"), world.user("ada@halyard.example"))


def test_a_steward_s_front_page_names_what_waits_and_nobody_else_s_does(client):
    world.identity(None, "robo@halyard.example", kind="suspected")
    world.run(state="failed", error="The repository is gone.")
    told = ("Waiting for you, as steward", "1 identity that may be a bot", "1 piece of work")
    html = page(client, reverse("web:home"), world.steward())
    assert [words in html for words in told] == [True, True, True]
    html = page(client, reverse("web:home"), world.user("ada@halyard.example"))
    assert "as steward" not in html


def test_a_front_page_on_which_nothing_waits_says_nothing_of_it(client):
    assert "as steward" not in page(client, reverse("web:home"), world.steward())


def test_the_group_marks_the_section_of_a_page_below(client):
    html = page(client, reverse("mentorship:cohort", args=[world.cohort().pk]), world.steward())
    assert '<a href="/cohorts/" aria-current="true">' in html


def test_a_closed_house_makes_no_accounts(client, settings):
    settings.SIGNUP_OPEN = False
    html = page(client, reverse("account_signup"))
    assert "Accounts are made by invitation" in html


def test_a_page_that_is_not_there_offers_to_sign_in_and_look_again(client):
    answer = client.get("/leaders/")
    assert answer.status_code == 404
    assert "/accounts/login/?next=/leaders/" in answer.content.decode()


def test_a_broken_page_needs_nothing_that_may_be_broken(rf):
    answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side." in answer.content.decode()


def test_who_tries_to_sign_in_too_often_is_told_to_wait(client):
    guess = {"login": "ada@halyard.example", "password": "a guess"}
    for _ in range(40):
        answer = client.post(reverse("account_login"), guess)
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert "That was too often." in answer.content.decode()


def test_a_form_without_its_token_is_explained():
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"))
    assert answer.status_code == 403
    assert "The form had grown old." in answer.content.decode()
