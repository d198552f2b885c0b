"""Co-mentors of a cohort: named by stewards, found by those concerned, and who hides is not."""

import json

import pytest
from django.urls import reverse

from foundation.people.rights import erase, hide
from mentorship.models import Cohort, CoMentor
from tests import world
from tests.mentorship.cohort_pages import address, of, post, text
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def pia(cohort):
    """Pia helps in Keel, as co-mentor."""
    pia = world.person("Pia Lund", account=world.user("pia@halyard.example"))
    world.co_mentor(cohort, pia, of("Nia").project)
    return pia


def test_a_steward_names_a_co_mentor_and_takes_it_back(client, steward, cohort):
    ada = of("Nia").mentor
    post(client, "cohort-co-mentor", cohort.pk, project="keel", mentor=ada.pk)
    named = CoMentor.objects.values("cohort", "project__slug", "mentor", "made_by")
    assert named.get() == {
        "cohort": cohort.pk,
        "project__slug": "keel",
        "mentor": ada.pk,
        "made_by": steward.pk,
    }
    assert Cohort.objects.get().state == "waiting"
    post(client, "cohort-co-mentor-drop", cohort.pk, CoMentor.objects.get().pk)
    assert not CoMentor.objects.exists()


@pytest.mark.parametrize("sent", [{"project": "keel"}, {"project": "nowhere", "mentor": "1"}, {}])
def test_half_a_co_mentor_is_none_and_what_was_chosen_is_kept(client, steward, cohort, sent):
    form = post(client, "cohort-co-mentor", cohort.pk, **sent).context["form"]
    assert form["project"].value() == sent.get("project")
    assert (CoMentor.objects.exists(), Cohort.objects.get().state) == (False, "preview")


def test_a_published_cohort_keeps_its_co_mentors(client, steward, cohort, pia):
    Cohort.objects.update(state="published", published_at=world.NOW)
    post(client, "cohort-co-mentor-drop", cohort.pk, CoMentor.objects.get().pk)
    post(client, "cohort-co-mentor", cohort.pk, project="keel", mentor=of("Nia").mentor_id)
    assert CoMentor.objects.get().mentor == pia


def test_a_co_mentor_stands_beside_the_mentor_on_every_page_of_the_cohort(
    client, steward, cohort, pia
):
    assert "with Pia Lund" in text(client, "cohort", cohort.pk)
    assert "Co-mentoring: Pia Lund" in text(client, "cohort-mentee", *address("Nia"))
    assert "Pia Lund" not in text(client, "cohort-mentee", *address("Ben"))


def test_mentee_and_co_mentor_find_each_other_once_it_is_published(client, cohort, pia):
    path, nia = reverse("mentorship:placement"), of("Nia").mentee.user
    assert "Nia Obi" not in page(client, path, pia.user)
    Cohort.objects.update(state="published", published_at=world.NOW)
    html = page(client, path)
    assert "As co-mentor" in html and "Nia Obi" in html and "Ben Roth" not in html
    assert "Co-mentoring: Pia Lund" in page(client, path, nia)
    assert "Co-mentoring: Pia Lund" in page(client, reverse("web:home"))


def test_the_export_and_the_erasure_know_a_co_mentor(client, cohort, pia):
    Cohort.objects.update(state="published", published_at=world.NOW)
    client.force_login(pia.user)
    told = json.loads(client.get(reverse("web:export")).content)
    assert [one["project__slug"] for one in told["co_mentor_of"]] == ["keel"]
    erase(pia, now=world.NOW)
    assert not CoMentor.objects.exists()


# -- who hides ---------------------------------------------------------------------------------


def seen_by(client, somebody) -> str:
    """All that a person reads and takes along of their places."""
    paths = [reverse(name) for name in ("mentorship:placement", "web:home", "mentorship:mentors")]
    return "".join(page(client, path, somebody.user) for path in (*paths, reverse("web:export")))


def test_whoever_hides_is_named_to_no_mentee_mentor_or_co_mentor(client, cohort, pia):
    Cohort.objects.update(state="published", published_at=world.NOW)
    nia, ada = of("Nia").mentee, of("Nia").mentor
    everybody = {one.name: one for one in (nia, ada, pia)}
    reads = {
        "Nia Obi": {"Ada Faure", "Pia Lund"},
        "Ada Faure": {"Nia Obi", "Pia Lund"},
        "Pia Lund": {"Nia Obi", "Ada Faure"},
    }
    for reader, others in reads.items():
        html = seen_by(client, everybody[reader])
        assert {name for name in others if name in html} == others
        assert "Keel" in html
        for name in others:
            hide(everybody[name], hidden=True)
        html = seen_by(client, everybody[reader])
        assert not {name for name in others if name in html}
        assert reader in html
        for name in others:
            hide(everybody[name], hidden=False)


def test_a_place_with_a_mentor_who_hides_is_still_told(client, cohort):
    Cohort.objects.update(state="published", published_at=world.NOW)
    hide(of("Nia").mentor, hidden=True)
    assert "You are placed in Keel." in page(client, reverse("web:home"), of("Nia").mentee.user)
    told = json.loads(client.get(reverse("web:export")).content)["placements"]
    assert [(one["mentee__name"], one["mentor__name"], one["project__slug"]) for one in told] == [
        ("Nia Obi", None, "keel")
    ]


def test_a_steward_still_reads_the_name_of_a_co_mentor_who_hides(client, steward, cohort, pia):
    hide(pia, hidden=True)
    assert "with Pia Lund" in text(client, "cohort", cohort.pk)
