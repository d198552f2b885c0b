"""The sample's hard cases: who hides behind which address, programs, sweeps, trailers, events."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

END = datetime(2026, 6, 1, tzinfo=UTC)
NOREPLY = re.compile(r"^(\d+)\+([^@]+)@users\.noreply\.github\.com$")


def bodies(logs):
    return "\n".join(commit.message for log in logs.values() for commit in log)


def test_no_address_login_number_or_handle_belongs_to_two_people(community):
    for values in (
        [a.email for p in community.people for a in p.addresses],
        [p.login for p in community.people],
        [p.github_id for p in community.people],
        [h for p in community.people if (h := p.handle(community.ends_on))],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_noreply_addresses_carry_the_number_and_the_login_of_their_person(community):
    for person in community.people:
        found = {NOREPLY.match(a.email).groups() for a in person.addresses if "noreply" in a.email}
        assert found <= {(str(person.github_id), person.login)}


def test_someone_commits_under_three_addresses(community, logs):
    person = community.person(community.oddities.many_addresses)
    used = {c.email for log in logs.values() for c in log if c.author == person.key}
    assert used == {address.email for address in person.addresses}
    assert len(used) == 3
    assert any(NOREPLY.match(email) for email in used)


def test_two_people_share_a_name_and_nothing_else(community, logs):
    first, second = (community.person(key) for key in community.oddities.namesakes)
    assert first.name == second.name
    assert not {a.email for a in first.addresses} & {a.email for a in second.addresses}
    for person in (first, second):
        assert sum(c.author == person.key for log in logs.values() for c in log) > 20


def test_a_person_has_a_login_that_begins_like_a_bots(community, logs):
    key = community.oddities.botlike
    assert community.person(key).login.startswith("bot")
    assert key in community.core["keel"]


def test_a_bot_commits_under_the_address_of_a_person(community, logs):
    (bot,) = [bot for bot in community.bots if bot.borrowed_from]
    lender = community.person(bot.borrowed_from)
    assert bot.email in {address.email for address in lender.addresses}
    authors = {c.author for c in logs["keel"] if c.email == bot.email}
    assert authors == {bot.key, lender.key}


def test_nobody_signs_with_a_company_address_before_or_after_the_job(community, logs):
    moved = community.person(community.oddities.moved)
    domains = {c.email.partition("@")[2]: [] for log in logs.values() for c in log}
    for log in logs.values():
        for commit in log:
            if commit.author == moved.key:
                domains[commit.email.partition("@")[2]].append(commit.authored_at.date())
    old, new = moved.affiliations[1], moved.affiliations[0]
    assert old.until == new.since
    assert max(domains[old.domain]) < old.until <= min(domains[new.domain])


def test_the_mailmap_of_one_repository_joins_what_a_person_signed_under(community, git):
    holders = [p for p in community.projects if ".mailmap" in git(p.repository, "ls-tree", "main")]
    assert [project.slug for project in holders] == ["sextant"]
    person = community.person(community.oddities.mailmapped)
    lines = git(holders[0].repository, "show", "main:.mailmap").splitlines()
    first, *others = person.addresses
    assert [line for line in lines if line.startswith(f"{first} ")] == [
        f"{first} {other}" for other in others
    ]


def test_the_returned_were_away_for_months_and_work_again(community, logs):
    key = community.oddities.returned
    days = sorted(c.authored_at for c in logs["gangway"] if c.author == key)
    gaps = [later - earlier for earlier, later in zip(days, days[1:], strict=False)]
    assert max(gaps) > timedelta(days=180)
    assert days[-1] > END - timedelta(days=30)


def test_the_sweeper_touched_nearly_every_file_and_leads_nothing(community, logs, git):
    key = community.oddities.sweeper
    for slug in ("keel", "sextant", "tidewater", "gangway", "logbook"):
        own = [commit for commit in logs[slug] if commit.author == key]
        swept = {path for commit in own for path in commit.paths}
        names = git(community.project(slug).repository, "ls-tree", "-r", "--name-only", "main")
        files = set(names.split()) - {".mailmap"}
        assert len(swept & files) >= 0.9 * len(files), slug
        assert key not in community.core[slug]
    assert not any(key in commit.reviewers for log in logs.values() for commit in log)
    assert key not in community.mentors.values()


def test_interns_did_much_in_a_season_and_left(community, logs):
    for key in community.oddities.interns:
        days = sorted(c.authored_at for log in logs.values() for c in log if c.author == key)
        assert len(days) >= 20
        assert days[-1] - days[0] < timedelta(days=120)
        assert days[-1] < END - timedelta(days=300)


def test_people_commit_at_their_own_offset_and_mostly_in_the_day(community, logs):
    hours = Counter(
        commit.authored_at.hour
        for log in logs.values()
        for commit in log
        if commit.author not in {bot.key for bot in community.bots}
    )
    assert sum(hours[hour] for hour in range(0, 6)) < 0.01 * hours.total()
    offsets = {commit.authored_at.utcoffset() for log in logs.values() for commit in log}
    assert len(offsets) >= 12


def test_every_login_that_approved_is_known_from_an_address(community, logs):
    approved = set(re.findall(r"https://github\.com/([\w-]+)(?:,|$)", bodies(logs), re.MULTILINE))
    emails = {c.email for log in logs.values() for c in log}
    known = {match[2] for email in emails if (match := NOREPLY.match(email))}
    assert approved - known == set()


def test_all_kinds_of_trailers_and_marks_occur(logs):
    text = bodies(logs)
    for mark in (
        "Reviewed-by", "Reviewed By", "Approved by", "Mentored-by", "Signed-off-by", "Tested-by",
        "Acked-by", "Reported-by", "Suggested-by", "Helped-by", "Co-authored-by",
        "Pull Request resolved", "Differential Revision", "ghstack-source-id",
    ):  # fmt: skip
        assert len(re.findall(rf"^{mark}: \S", text, re.MULTILINE)) >= 10, mark
    assert "Co-authored-by: Claude <noreply@anthropic.com>" in text
    assert len(re.findall(r"\(#\d+\)$", text, re.MULTILINE)) > 5_000


def test_some_changes_of_one_project_came_by_merge_commits(logs):
    merges = {slug: sum(len(c.parents) > 1 for c in log) for slug, log in logs.items()}
    assert merges.pop("gangway") > 40
    assert set(merges.values()) == {0}


def test_subjects_are_varied(logs):
    subjects = [
        re.sub(r" \(#\d+\)$", "", commit.message.partition("\n")[0])
        for log in logs.values()
        for commit in log
    ]
    assert len(set(subjects)) > 0.5 * len(subjects)


def test_events_tell_of_people_and_commits_that_exist(community, logs):
    lines = community.events_path.read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    assert 300 <= len(events) <= 1_500
    assert {event["type"] for event in events} == {
        "PullRequestEvent", "PullRequestReviewEvent", "IssueCommentEvent", "IssuesEvent",
    }  # fmt: skip
    accounts = {(p.github_id, p.login) for p in community.people}
    accounts |= {(bot.github_id, bot.login) for bot in community.bots}
    assert {(e["actor"]["id"], e["actor"]["login"]) for e in events} <= accounts
    assert {e["repo"]["name"] for e in events} <= {p.github for p in community.projects}
    pulls = [e["payload"].get("pull_request", {}) for e in events]
    shas = {pull["merge_commit_sha"] for pull in pulls if "merge_commit_sha" in pull}
    assert len(shas) > 50
    assert shas <= {commit.hash for log in logs.values() for commit in log}


def test_events_lie_in_the_last_weeks_in_order_of_time(community):
    lines = community.events_path.read_text(encoding="utf-8").splitlines()
    moments = [datetime.fromisoformat(json.loads(line)["created_at"]) for line in lines]
    assert moments == sorted(moments)
    assert END - timedelta(days=64) < moments[0] < moments[-1] < END


def test_the_young_projects_newcomer_has_a_mentor_too(community):
    (newcomer,) = [n for n in community.newcomers if n.project == "foghorn"]
    assert newcomer.mentor == community.mentors["foghorn", newcomer.area]


def test_the_personas_are_who_they_say(community, logs):
    personas = community.personas
    assert set(personas) == {"newcomer", "silent", "mentor", "rising", "steward"}
    assert personas["newcomer"].person in {n.person for n in community.newcomers}
    assert personas["mentor"].person in community.mentors.values()
    assert personas["rising"].person in community.rising["keel"]
    assert community.person(personas["silent"].person).skills
    emails = {commit.email for log in logs.values() for commit in log}
    assert {p.role for p in personas.values() if p.email not in emails} == {"silent"}
