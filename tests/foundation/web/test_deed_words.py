"""Whatever a source can tell of somebody is said in words on the page that it backs."""

import json
from itertools import product
from types import SimpleNamespace

import pytest
from django.utils import translation

from foundation.activity.models import Activity, Change
from foundation.activity.sources.github_events import ACTIONS, read_event
from foundation.activity.sources.record import EventRecord
from foundation.activity.sources.trailers import KINDS as TRAILERS
from foundation.people.models import Identity
from foundation.web.templatetags.people import deed_words

BY_COMMITS = {"authored", "merged", *filter(None, TRAILERS.values())}


def told_by_events() -> set[str]:
    """The kinds of every event that is read: all types and actions, whatever was merged."""
    actions = [(type_, action) for type_, known in ACTIONS.items() for action in known]
    events = (
        read_event(line(*one, is_pull_request=pull, is_merged=merged), 1, latest=2_000_000_000)
        for one, pull, merged in product(actions, (True, False), (True, False))
    )
    return {event.kind for event in events if isinstance(event, EventRecord)}


def line(type_: str, action: str | None, *, is_pull_request: bool, is_merged: bool) -> bytes:
    thread = {"number": 7, "merged": is_merged, "pull_request": {} if is_pull_request else None}
    payload = {"action": action, "pull_request" if is_pull_request else "issue": thread}
    event = {"id": 1, "type": type_, "actor": {"login": "ann"}, "repo": {"name": "o/r"}}
    return json.dumps(event | {"created_at": "2026-01-01T00:00:00Z", "payload": payload}).encode()


def test_the_kinds_of_events_are_those_that_a_record_names():
    assert told_by_events() == {
        *("opened_pull_request", "closed_pull_request", "merged_pull_request"),
        *("reopened_pull_request", "opened_issue", "closed_issue", "reopened_issue"),
        *("labeled", "reviewed", "review_comment", "commented", "released", "pushed"),
    }


def said(kind: str, language: str = "en") -> str:
    """How a page of somebody says what they did about a change without a known author."""
    who = Identity(person_id=1)
    with translation.override(language):
        activity = Activity(kind=kind, identity=who, change=Change())
        return deed_words(activity, SimpleNamespace(pk=1))


@pytest.mark.parametrize("kind", sorted(told_by_events() | BY_COMMITS))
def test_every_kind_that_a_source_can_yield_has_words_of_its_own_in_both_languages(kind):
    english, french = said(kind), said(kind, "fr")
    unknown = {said("juggled"), said("juggled", "fr")}
    assert len({english, french} | unknown) == 4
    assert not [text for text in (english, french) if "_" in text or "(" in text]


def test_a_kind_that_nobody_foresaw_is_told_without_its_code():
    assert [said("juggled"), said("juggled", "fr")] == ["took part in it", "y a pris part"]
