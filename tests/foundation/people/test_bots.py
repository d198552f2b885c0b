"""Machines are told from people by name, address, login and rhythm; doubts go to a steward."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.people.bots import GENERIC, Declared, Verdict, classify
from foundation.people.rhythm import suspicious_rhythm


def kind_of(name="", email="", login="", **known):
    return classify(name, email, login, **known).kind


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Ada Lovelace", "ada@example.net"),
        ("botond", "botond@example.net"),
        ("bottler", "1234+bottler@users.noreply.github.com"),
        ("Botho Strauss", "botu7208@nxp.example"),
        ("Jane Abbot", "jane.abbot@example.net"),
        ("Jane Talbot", "jtalbot@example.net"),
        ("Sébastien Cabot", "cabot@example.net"),
        ("Eric Rubot", "erubot@example.net"),
        ("jtalbot", "99+jtalbot@users.noreply.github.com"),
        ("Claude Dupont", "claude.dupont@example.net"),
        ("Claude", "claude@example.net"),
        ("Devin", "devin@school.example"),
        ("Ada Lovelace", "ada@anthropic.com"),
        ("Ada Lovelace", "ada@github.com"),
        ("", ""),
    ],
)
def test_people_are_people(name, email):
    assert classify(name, email) == Verdict("human", "")


@pytest.mark.parametrize(
    ("name", "email", "verdict"),
    [
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", "declared-bot"),
        ("some-app[bot]", "1+some-app[bot]@users.noreply.github.com", "bot-mark"),
        ("pytorchbot", "person@meta.example", "declared-bot"),
        ("PyTorch MergeBot", "pytorchmergebot@users.noreply.github.com", "declared-bot"),
        ("Torch-TensorRT Github Bot", "torch-tensorrt.github.bot@nvidia.example", "declared-bot"),
        ("Somebody Else", "1+renovate@users.noreply.github.com", "declared-bot"),
    ],
)
def test_marked_and_declared_machines_are_bots(name, email, verdict):
    assert classify(name, email) == Verdict("bot", verdict)


@pytest.mark.parametrize(
    ("name", "email", "reason"),
    [
        ("GitHub", "noreply@github.com", "github-web"),
        ("meta-codesync[bot]", "2+meta-codesync[bot]@users.noreply.github.com", "declared-service"),
        ("Facebook GitHub Bot", "facebook-github-bot@users.noreply.github.com", "declared-service"),
        ("web-flow", "", "declared-service"),
        ("acme-importer", "x@acme.example", "carries-changes"),
        ("kernel-mirror", "x@acme.example", "carries-changes"),
    ],
)
def test_those_that_only_carry_the_work_of_others_are_services(name, email, reason):
    assert classify(name, email) == Verdict("service", reason)


@pytest.mark.parametrize(
    ("name", "email", "reason"),
    [
        ("botbotbot", "ruli@gmail.example", "bot-suffix"),
        ("Ada Lovelace", "ada+bot@example.net", "bot-suffix"),
        ("Ada Lovelace", "ruff-bot@users.noreply.github.com", "bot-suffix"),
        ("Dead Code Bot", "", "bot-word"),
        ("CodemodService FBSourceBlackLinterBot", "", "bot-word"),
        ("bot", "x@example.net", "bot-word"),
    ],
)
def test_what_looks_like_a_machine_waits_for_a_steward(name, email, reason):
    assert classify(name, email) == Verdict("suspected", reason)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Claude", "noreply@anthropic.com"),
        ("Claude Opus 4.5", "noreply@anthropic.com"),
        ("Claude Code", "x@example.net"),
        ("Claude", ""),
        ("claude[bot]", "41898282+claude[bot]@users.noreply.github.com"),
        ("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com"),
        ("Copilot", "198982749+Copilot@users.noreply.github.com"),
        ("Cursor Agent", "cursoragent@cursor.com"),
        ("codex", "codex@openai.com"),
        ("Devin AI", "158243242+devin-ai-integration[bot]@users.noreply.github.com"),
    ],
)
def test_ai_tools_are_neither_people_nor_bots(name, email):
    assert classify(name, email) == Verdict("ai", "ai-tool")


def test_the_account_type_of_an_api_decides():
    assert [kind_of("Ada Lovelace", login="ada", account_type=t) for t in ("Bot", "User")] == [
        "bot",
        "human",
    ]


def test_a_foundation_declares_its_own_machines_and_people():
    declared = GENERIC.union(
        Declared(frozenset({"vvu"}), frozenset({"acme-ship"}), frozenset({"sladebot"}))
    )
    logins = ("VVU", "acme_ship", "sladebot", "otherbot", "dependabot")
    assert [kind_of(login=login, declared=declared) for login in logins] == [
        "bot",
        "service",
        "human",
        "suspected",
        "bot",
    ]


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_spelling_breaks_the_classification(name, email, login):
    assert kind_of(name, email, login) in {"human", "bot", "service", "suspected", "ai"}


OFFICE_HOURS = [0] * 9 + [60] * 8 + [5] * 7


def test_somebody_who_sleeps_is_not_suspicious_at_any_longitude():
    turned = [OFFICE_HOURS[hour:] + OFFICE_HOURS[:hour] for hour in range(24)]
    assert {suspicious_rhythm(hours) for hours in turned} == {()}


def test_somebody_who_never_sleeps_is_suspicious():
    assert suspicious_rhythm([10] * 24) == ("never-sleeps",)


def test_a_few_deeds_say_nothing_about_the_night():
    assert suspicious_rhythm([2] * 24) == ()


def test_floods_and_repetition_are_suspicious():
    signs = suspicious_rhythm(OFFICE_HOURS, most_comments_in_a_day=201, median_edit_distance=0.05)
    assert signs == ("too-many-comments", "repeats-itself")


def test_never_being_reviewed_counts_only_beside_another_sign():
    unreviewed = {"changes": 80, "reviews_received": 0}
    assert suspicious_rhythm(OFFICE_HOURS, **unreviewed) == ()
    assert suspicious_rhythm([10] * 24, **unreviewed) == ("never-sleeps", "never-reviewed")


def test_a_day_has_24_hours():
    with pytest.raises(ValueError, match="A day has 24 hours, not 7."):
        suspicious_rhythm([1] * 7)
