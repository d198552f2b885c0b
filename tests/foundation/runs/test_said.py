"""Verdicts and errors are kept with their gaps open and read in the reader's language."""

import copy
import pickle

import pytest
from django.urls import reverse
from django.utils import translation

from foundation.activity.sources.addresses import parse_remote
from foundation.activity.sources.errors import SourceError
from foundation.runs import ledger
from foundation.runs.said_words import said_words
from foundation.said import Said, keep
from tests import world
from tests.reading import page

pytestmark = pytest.mark.django_db


def french(kept, otherwise="") -> str:
    with translation.override("fr"):
        return said_words(kept, otherwise)


def test_a_sentence_is_read_in_the_reader_s_language():
    kept = keep(
        Said("It was not worse than the serving model."), Said("The serving model is pinned.")
    )
    assert said_words(kept) == (
        "It was not worse than the serving model. The serving model is pinned."
    )
    assert french(kept) == (
        "Il ne faisait pas moins bien que le modèle en service. Le modèle en service est épinglé."
    )


def test_a_sentence_within_a_sentence_and_a_number_are_read_so_as_well():
    with pytest.raises(SourceError) as refused:
        parse_remote("gopher://old.example/keel")
    assert french(keep(refused.value.said)) == (
        "L’adresse gopher://old.example/keel est refusée\u00a0: "
        "seules les adresses https, http et ssh sans mot de passe sont lues."
    )
    too_large = SourceError(
        "%(place)s holds more than %(bytes)s bytes; split it and ingest the parts one by one.",
        place="a.json",
        bytes=1_000_000,
    )
    assert "1,000,000 bytes" in str(too_large)
    assert "1\u202f000\u202f000 octets" in french(keep(too_large.said)).replace("\xa0", "\u202f")


def over_the_wire(error):
    return pickle.loads(pickle.dumps(error))


@pytest.mark.parametrize("again", [over_the_wire, copy.copy, copy.deepcopy])
def test_an_error_says_the_same_in_another_process_and_as_a_copy(again):
    error = SourceError("%(place)s does not exist; check the path.", place="keel.bundle")
    error.tried = 3
    same = again(error)
    assert (type(same), str(same), same.said, same.args, same.tried) == (
        SourceError,
        "keel.bundle does not exist; check the path.",
        error.said,
        error.args,
        3,
    )


@pytest.mark.parametrize("kept", [[], [{"text": "%(gone)s"}], [{}], ["x"], [None]])
def test_a_row_of_before_or_of_another_version_stays_readable(kept):
    assert french(kept, "It was better.") in ("It was better.", "%(gone)s")


def test_a_failed_run_tells_its_error_in_french_without_a_password(client):
    run = world.run("ingest", state="running", token="t", lease_until=world.NOW)
    secret = "https://ada:hush@forge.example/keel"
    error = SourceError("%(place)s does not exist; check the path.", place=secret)
    ledger.fail(run, error, retry=False)
    run.refresh_from_db()
    assert (run.state, run.error) == (
        "failed",
        "https://…@forge.example/keel does not exist; check the path.",
    )
    client.cookies["django_language"] = "fr"
    html = page(client, reverse("web:runs"), world.steward())
    assert "https://…@forge.example/keel n’existe pas\u202f; vérifiez le chemin." in html


def test_an_error_that_knows_only_english_takes_the_place_of_the_one_before():
    run = world.run("ingest", state="running", token="t", lease_until=world.NOW)
    ledger.fail(run, SourceError("Git is not installed; install it and try again."))
    run.refresh_from_db()
    run.state, run.token = "running", "t"
    run.save()
    ledger.fail(run, ValueError("Something else broke."), retry=False)
    run.refresh_from_db()
    assert french(run.result["said"], run.error) == "Something else broke."
