"""Profiles, and the work behind each of their lines."""

import pytest
from django.urls import reverse

from foundation.activity.models import Activity, Change
from foundation.people.backing import Claim, backing
from foundation.people.models import Expertise, Person, Profile
from foundation.people.profile_links import evidence_url
from tests import world
from tests.reading import page, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def test_every_number_of_a_profile_is_the_number_of_works_behind_it(rosa):
    for profile in Profile.objects.all():
        who, keel = profile.person, profile.project
        found = {
            kind: len(backing(who, keel, Claim(kind)))
            for kind in ("changes", "reviews", "received")
        }
        assert found == {
            "changes": profile.changes,
            "reviews": profile.reviews_given,
            "received": profile.reviews_received,
        }
    for line in Expertise.objects.all():
        works = backing(line.person, line.project, Claim(line.kind, line.name))
        assert len(works) == line.changes + line.reviews, line


def test_the_help_for_newcomers_is_what_was_done_for_their_first_changes(rosa):
    keel = Profile.objects.get(person=rosa).project
    helped = Activity.objects.filter(pk__in=backing(rosa, keel, Claim("newcomers")))
    assert [work.change.author.name for work in helped] == ["Tim Berg", "Tim Berg"]


def test_a_profile_links_each_line_to_its_work(client, rosa):
    keel = Profile.objects.get(person=rosa).project
    html = page(client, rosa.get_absolute_url(), world.user("max@halyard.example"))
    for kind, name in (("changes", ""), ("area", "keel/core"), ("language", "Markdown")):
        assert evidence_url(rosa, keel, kind, name).replace("&", "&amp;") in html


def test_a_single_month_of_work_is_named_once(client, rosa):
    tim = Person.objects.get(name="Tim Berg")  # from day 20 to day 40 before 2 March
    assert "January 2026 – February 2026" in page(client, tim.get_absolute_url(), rosa.user)
    Profile.objects.filter(person=tim).update(first_at=world.days_ago(10))
    html = page(client, tim.get_absolute_url())
    assert "February 2026" in html and "February 2026 –" not in html


def test_evidence_names_the_works_the_latest_first(client, rosa):
    keel = Profile.objects.get(person=rosa).project
    client.force_login(rosa.user)
    response = client.get(evidence_url(rosa, keel, "topic", "quant"))
    days = [(world.NOW - work.at).days for work in response.context["page"]]
    assert days == [20, 30, 40]


def test_a_review_of_a_pull_request_is_one_of_the_commit_that_landed_it(rosa):
    keel = Profile.objects.get(person=rosa).project
    repo, tim = keel.repositories.first(), Person.objects.get(name="Tim Berg")
    landed = {"paths": ("ops/day/fast.py",), "subject": "Make fastPath", "pull_request": 77}
    world.change(repo, tim, at=world.days_ago(5), **landed)
    request = world.change(repo, tim, at=world.days_ago(6), paths=(), pull_request=77)
    Change.objects.filter(pk=request.pk).update(kind="pull_request")
    review = world.deed(request, rosa, at=world.days_ago(5))
    world.deed(world.change(repo, tim, at=world.days_ago(4)), rosa)
    claims = [
        Claim("path-reviews", "ops/day", 30),
        Claim("word-reviews", "path", 30),
        Claim("path-reviews", "ops/da", 30),
        Claim("word-reviews", "fastpath", 30),
        Claim("path-reviews", "ops/day", 3),
    ]
    assert [backing(rosa, keel, claim) for claim in claims] == [[review.pk]] * 2 + [[]] * 3


def test_what_two_people_did_together_names_both_and_nobody_hidden(client, rosa):
    keel = Profile.objects.get(person=rosa).project
    tim = Person.objects.get(name="Tim Berg")
    url = evidence_url(rosa, keel, "reviews-for", str(tim.public_id))
    member = world.user("max@halyard.example")
    assert "Reviews given to Tim Berg" in page(client, url, member)
    assert client.get(evidence_url(rosa, keel, "reviews-for", "nobody")).status_code == 404
    Person.objects.filter(pk=tim.pk).update(is_hidden=True)
    assert client.get(url).status_code == 404


def test_a_line_that_does_not_exist_is_not_found(client, rosa):
    client.force_login(rosa.user)
    path = reverse("web:evidence", args=[rosa.public_id])
    wrong = ["", "?project=keel", "?project=keel&kind=wealth", "?project=keel&kind=area"]
    wrong += ["?project=other&kind=changes", "?project=keel&kind=changes%00"]
    assert [client.get(path + asked).status_code for asked in wrong] == [404] * len(wrong)


def test_a_profile_costs_as_many_queries_with_three_projects_as_with_one(client, rosa):
    client.force_login(world.user("max@halyard.example"))
    first = queries(client, rosa.get_absolute_url())
    for slug in ("sextant", "tidewater"):
        more = world.project(slug)
        world.change(world.repository(more), rosa, at=world.days_ago(3), paths=("a/b.py", "c/d.rs"))
        world.profiles(more)
    assert queries(client, rosa.get_absolute_url()) == first


def test_evidence_costs_as_many_queries_with_a_full_page_as_with_one_row(client, rosa):
    keel = Profile.objects.get(person=rosa).project
    client.force_login(rosa.user)
    for kind, name in (("area", "ops/night"), ("newcomers", ""), ("changes", "")):
        repo = keel.repositories.first()
        world.change(repo, rosa, at=world.days_ago(2), paths=("ops/night/x.py",))
        few = queries(client, evidence_url(rosa, keel, kind, name))
        for _ in range(30):
            world.change(repo, rosa, at=world.days_ago(1), paths=("ops/night/x.py",))
        assert queries(client, evidence_url(rosa, keel, kind, name)) == few


def test_a_folder_with_a_long_name_is_one_line_that_leads_to_its_changes(client, rosa):
    keel = Profile.objects.get(person=rosa).project
    folder = "x" * 201
    world.change(keel.repositories.first(), rosa, at=world.days_ago(1), paths=(f"{folder}/b/c/d",))
    world.profiles(keel)
    lines = rosa.expertise.filter(name__startswith="xx").values_list("name", "changes")
    assert list(lines) == [(folder[:200], 1)]
    client.force_login(rosa.user)
    page_of_it = client.get(evidence_url(rosa, keel, "area", folder[:200]))
    assert page_of_it.status_code == 200
    assert len(page_of_it.context["page"].object_list) == 1


def test_a_folder_that_only_repeats_its_folders_is_left_out(client, rosa):
    client.force_login(rosa.user)
    response = client.get(reverse("web:me"))
    areas = response.context["portrait"].projects[0].kinds["area"]
    assert [shown.line.name for shown in areas] == ["keel/core", "docs/guide"]


def test_a_member_without_a_person_reads_how_to_claim(client):
    html = page(client, reverse("web:me"), world.user("new@halyard.example"))
    assert reverse("account_email") in html
