"""From real repositories to matches: the planted mentors and leaders are found, twice alike."""

import json
from datetime import UTC, date, datetime
from itertools import pairwise
from math import exp

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import override_settings
from django.urls import reverse

from foundation.activity.models import Activity, Change
from foundation.people.leader_counts import COUNTS, Counting
from foundation.people.leader_reasons import leader_reasons
from foundation.people.models import Expertise, Identity, LeaderSignal, Person, Profile
from foundation.runs.models import Run, TrainedModel
from matching.lists.nudges import is_unflagged
from matching.refresh import SIGNAL_LASTS
from matching.registry.shipping import SHIPPED_FILE
from matching.sample import move_in
from mentorship.models import Exposure, Match, MentorOffer

ENDS_ON = date(2026, 6, 1)
AS_OF = ENDS_ON.isoformat()


@pytest.fixture(scope="module")
def community(tmp_path_factory, django_db_setup, django_db_blocker):
    """The sample community in the database, refreshed once; every test of this file reads it."""
    folder = tmp_path_factory.mktemp("sample")
    with django_db_blocker.unblock(), override_settings(MODELS_DIR=folder / "models"):
        community = move_in(folder / "it", ends_on=ENDS_ON, say=str)
        call_command("refresh", as_of=AS_OF, verbosity=0)
        yield community
        call_command("flush", interactive=False, verbosity=0)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("community")]


def person(community, key) -> Person:
    address = community.person(key).email
    return Person.objects.get(identities__email=address)


def spelled(match) -> set[str]:
    return set(match.mentor.identities.values_list("email", flat=True))


def addresses(community, key) -> set[str]:
    return {address.email for address in community.person(key).addresses}


def test_newcomers_find_the_planted_mentor_of_their_area_near_the_top(community):
    found = 0
    for newcomer in community.newcomers:
        mentors = Match.objects.filter(
            mentee__identities__email__in=addresses(community, newcomer.person),
            project__slug=newcomer.project,
            rank__lte=3,
        )
        expected = addresses(community, newcomer.mentor)
        found += any(spelled(match) & expected for match in mentors)
    assert found >= 0.6 * len(community.newcomers)


def test_every_match_has_at_least_three_reasons_and_says_where_it_comes_from(community):
    matches = list(Match.objects.select_related("project"))
    assert matches
    assert min(len(match.reasons) for match in matches) >= 3
    assert {match.as_of.date() for match in matches} == {ENDS_ON}
    assert all((match.method == "model") == (match.model_id is not None) for match in matches)


def test_a_project_with_too_little_history_is_ranked_by_the_shipped_model_and_says_so(community):
    matches = Match.objects.filter(project__slug="foghorn")
    assert set(matches.values_list("method", flat=True)) <= {"shipped"}
    assert TrainedModel.objects.get(task="mentors").card["sources"]["foghorn"] == "shipped"


def test_the_first_models_serve_and_say_how_they_did_on_what_they_had_not_seen(community):
    mentors, leaders = (TrainedModel.objects.get(task=task) for task in ("mentors", "leaders"))
    simple = {"recency", "affinity", "path_overlap", "hybrid"}
    assert mentors.trial["marks"].keys() == simple | {"shipped", "challenger"}
    assert leaders.trial == {}  # years are missing
    for row in (mentors, leaders):
        assert list(row.events.values_list("kind", "by", "note")) == [
            ("promoted", None, "There was no champion to compare with.")
        ]
        assert row.is_serving


def test_base_and_contributions_of_every_row_add_up_to_its_score(community):
    methods = set()
    for match in Match.objects.all():
        methods.add(match.method)
        total = match.base + sum(reason["contribution"] for reason in match.reasons)
        assert total == pytest.approx(match.score, abs=1e-12)
        assert 0 <= match.score <= 1
    assert {"model", "shipped"} <= methods


def test_base_and_contributions_of_every_signal_add_up_to_its_log_odds(community):
    signals = LeaderSignal.objects.all()
    assert {signal.horizon for signal in signals} == {1, 2}
    for signal in signals:
        total = signal.base + sum(reason["contribution"] for reason in signal.reasons)
        assert 1 / (1 + exp(-total)) == pytest.approx(signal.probability, rel=1e-9)


def test_every_counted_reason_of_a_leader_says_as_much_as_its_page_lists(community):
    signals = LeaderSignal.objects.select_related("person", "project")
    counted = 0
    for signal in signals:
        counting = Counting(signal.person, signal.project, signal.as_of)
        for reason in signal.reasons:
            if reason["feature"] in COUNTS and reason["contribution"] > 0:
                assert reason["evidence"]["listed"] == counting.of(reason["feature"])
                counted += 1
        assert all(spoken.url for spoken in leader_reasons(signal)[:2])
    assert counted > len(signals)


def test_the_scores_of_a_list_fall_with_its_ranks(community):
    rows = list(Match.objects.order_by("mentee", "project", "rank"))
    falls = [
        one.score >= other.score
        for one, other in pairwise(rows)
        if (one.mentee_id, one.project_id) == (other.mentee_id, other.project_id)
    ]
    assert falls and all(falls)


def test_every_place_on_a_list_is_logged(community):
    place = ("mentee", "mentor", "project", "rank", "method")
    log = Exposure.objects.standing()
    assert sorted(log.values_list(*place)) == sorted(Match.objects.values_list(*place))
    unflagged = dict(log.values_list("mentee", "is_unflagged"))
    assert unflagged == {mentee: is_unflagged(mentee, 0.1) for mentee in unflagged}


def test_somebody_without_any_activity_is_matched_by_what_they_said(community):
    silent = community.personas["silent"]
    matches = Match.objects.filter(mentee__user__email=silent.email, kind=Match.Kind.ASKED)
    assert list(matches.values_list("rank", flat=True)) == list(range(1, 11))


def test_no_bot_mentors_leads_or_has_a_profile(community):
    bots = {bot.name for bot in community.bots}
    assert not bots & set(Person.objects.values_list("name", flat=True))
    assert not Profile.objects.filter(person__identities__kind="bot").exists()


def test_some_of_the_rising_leaders_are_invited_and_no_sweeper_is(community):
    invited = set(LeaderSignal.objects.values_list("person__identities__email", flat=True))
    rising = [key for keys in community.rising.values() for key in keys]
    found = [key for key in rising if addresses(community, key) & invited]
    assert len(found) >= len(rising) / 2
    assert not addresses(community, community.oddities.sweeper) & invited


def rows():
    """What a refresh leaves, without the ids of rows."""
    matches = Match.objects.order_by("mentee", "project", "rank").values_list(
        "mentee", "project", "mentor", "rank", "score", "kind", "method", "reasons", "as_of"
    )
    signals = LeaderSignal.objects.order_by("person", "project", "horizon").values_list(
        "person", "project", "horizon", "probability", "low", "high", "reasons", "as_of"
    )
    lines = Expertise.objects.order_by("person", "project", "kind", "name").values_list(
        "person", "project", "kind", "name", "changes", "reviews", "last_at"
    )
    log = Exposure.objects.order_by("pk").values_list()
    return list(matches), list(signals), list(lines), list(log)


def test_a_second_refresh_of_the_same_facts_ends_in_the_same_rows(community, monkeypatch):
    monkeypatch.setattr("matching.community._LATEST", {})
    monkeypatch.setattr("matching.community.PairFeatures", None)  # no event need be filed for it
    before = rows()
    call_command("refresh", as_of=AS_OF, verbosity=0)
    assert rows() == before
    assert set(Run.objects.values_list("state", flat=True)) == {"done"}


def test_hourly_refreshes_renew_the_signals_of_a_quiet_project_each_day(community):
    kept = list(LeaderSignal.objects.filter(project__slug="keel").values_list("pk", flat=True))
    for hour, is_renewed in (("2026-06-01 20:00", False), ("2026-06-02 10:00", True)):
        call_command("refresh", as_of=hour, project="keel", verbosity=0)
        signals = LeaderSignal.objects.filter(project__slug="keel")
        assert kept and signals.filter(pk__in=kept).exists() is not is_renewed
    ends = datetime(2026, 6, 2, 10, tzinfo=UTC) + SIGNAL_LASTS
    assert set(signals.values_list("expires_at", flat=True)) == {ends}


def by_mentee(project):
    found = {}
    for row in Match.objects.filter(project__slug=project).order_by("mentee", "rank"):
        found.setdefault(row.mentee_id, []).append((row.pk, row.mentor_id, row.score, row.reasons))
    return found


def test_what_new_facts_do_not_touch_is_left_as_it_stands(community):
    kept = Match.objects.filter(kind="suggested", project__slug="keel").order_by("mentee")
    mentee, other = list(dict.fromkeys(kept.values_list("mentee", flat=True)))[:2]
    change = Change.objects.filter(repository__project__slug="keel", kind="commit").latest("pk")
    Activity.objects.create(
        change=change,
        identity=Identity.objects.filter(person=mentee)[0],
        kind="reviewed",
        at=change.landed_at,
    )
    before = by_mentee("keel")
    call_command("refresh", as_of=AS_OF, verbosity=0)
    after = by_mentee("keel")
    assert after[other] == before[other]
    assert {row[0] for row in after[mentee]}.isdisjoint(row[0] for row in before[mentee])
    Run.objects.filter(task="matches").delete()  # nobody remembers: all is written anew
    call_command("refresh", as_of=AS_OF, verbosity=0)
    anew = by_mentee("keel")
    assert anew.keys() == after.keys()
    assert anew[other][0][0] != after[other][0][0]


def test_a_paused_mentor_and_a_hidden_person_are_suggested_to_nobody(community):
    first, second = Match.objects.filter(rank=1).values_list("mentor", flat=True).distinct()[:2]
    MentorOffer.objects.create(person_id=first, never=True)
    Person.objects.filter(pk=second).update(is_hidden=True)
    call_command("refresh", as_of=AS_OF, verbosity=0)
    assert not Match.objects.filter(mentor__in=[first, second]).exists()
    assert not LeaderSignal.objects.filter(person=second).exists()


@pytest.mark.parametrize(("file", "answers"), [(SHIPPED_FILE, "shipped"), (None, "recency")])
def test_an_altered_model_file_is_refused_and_what_is_left_answers(
    community, settings, capsys, file, answers
):
    settings.SHIPPED_MODEL = file
    row = TrainedModel.objects.get(task="mentors")
    path = settings.MODELS_DIR / row.file
    kept = path.read_bytes()
    path.write_bytes(kept[:-10])
    TrainedModel.objects.filter(pk=row.pk).update(card=row.card | {"sha256": "0" * 64})
    try:
        call_command("recommend", "hseong@hanbit.example", project="keel", top=3)
    finally:
        path.write_bytes(kept)
        TrainedModel.objects.filter(pk=row.pk).update(card=row.card)
    assert capsys.readouterr().out.splitlines()[-1].endswith(f"in keel: by {answers}")
    row.refresh_from_db()
    assert row.refusal == "The model file is not the one that its card describes."


def test_the_command_prints_mentors_with_reasons(community, capsys):
    email = community.personas["newcomer"].email
    call_command("recommend", email, project="Keel", top=3)
    out = capsys.readouterr().out.splitlines()
    assert [line.split(".")[0].strip() for line in out if line[:3].strip().isdigit()] == list("123")
    assert sum(line.strip().startswith("–") for line in out) >= 9
    source = TrainedModel.objects.get(task="mentors").card["sources"]["keel"]
    assert source in {"model", "shipped"}
    assert out[-1] == f"3 mentors for {email} in keel: by {source}"
    call_command("recommend", email, project="keel", top=1)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"1 mentor for {email} in keel: by {source}"


def names_in(out: str) -> list[str]:
    rows = [line.partition(". ") for line in out.splitlines()]
    return [name for rank, _, name in rows if rank.strip().isdigit()]


def test_the_command_prints_the_list_of_the_pages(community, client, capsys):
    persona = community.personas["newcomer"]
    asker = Person.objects.get(user__email=persona.email)
    # The load that others put on a mentor may order the pages otherwise than fit alone would.
    rows = list(Match.objects.filter(mentee=asker, project__slug="keel").order_by("rank"))
    for rank, match in enumerate([rows[0], *rows[:0:-1]], start=1):
        Match.objects.filter(pk=match.pk).update(rank=100 + rank)
    Match.objects.filter(mentee=asker, rank__gt=100).update(rank=F("rank") - 100)
    client.force_login(asker.user)
    [listed] = [
        one
        for one in client.get(reverse("mentorship:mentors")).context["lists"]
        if one.project.slug == "keel"
    ]
    call_command("recommend", persona.email, project="keel")
    out = capsys.readouterr().out
    assert names_in(out) == [str(one.match.mentor) for one in listed.suggestions]
    assert f"the list of the pages: made from data up to {AS_OF} 00:00 UTC" in out
    call_command("recommend", persona.email, project="keel", anew=True)
    made = capsys.readouterr().out
    assert "This list was made now, by itself" in made
    assert names_in(made) != names_in(out)


def test_a_longer_list_than_the_pages_have_is_made_now(community, capsys):
    call_command("recommend", community.personas["newcomer"].email, project="keel", top=11)
    out = capsys.readouterr().out
    assert "This list was made now, by itself" in out and len(names_in(out)) == 11


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nobody@nowhere.example", "--project", "keel"], "Nobody is known as"),
        (["Hye-rin Seong", "--project", "nothing"], "There is no project “nothing”."),
        (["Hye-rin Seong", "--project", "keel", "--top", "0"], "ask for 1 to 100 mentors"),
    ],
)
def test_a_wrong_question_gets_one_sentence(community, words, says):
    with pytest.raises(CommandError, match=says):
        call_command("recommend", *words)


def test_the_backtest_prints_a_table_and_writes_the_whole_report(community, tmp_path, capsys):
    file, readable = tmp_path / "report.json", tmp_path / "report.html"
    two = {"projects": "Gangway, logbook"}
    call_command("backtest", "mentors", json=str(file), html=str(readable), **two)
    assert "what we show" in readable.read_text()
    report = json.loads(file.read_text())
    assert {"task", "projects", "data_hash", "methods"} <= report.keys()
    assert {"served", "recency", "review_count", "affinity", "path_overlap", "hybrid"} | {
        "logistic",
        "gradient_boosting",
        "shipped",
    } <= report["methods"].keys()
    served = report["methods"]["served"]["newcomers"]
    assert {"n", "mrr", "hit_at_1", "hit_at_3", "hit_at_5", "ndcg_at_5", "ci"} <= served.keys()
    assert served["mrr"] > report["methods"]["recency"]["newcomers"]["mrr"]
    assert "newcomers" in capsys.readouterr().out
