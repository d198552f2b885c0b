"""The sample community: what was planted stands in the git histories as git tells them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.sample.community import build

ENDS_ON = date(2026, 6, 1)
END = datetime(2026, 6, 1, tzinfo=UTC)


def touches(commit, prefixes):
    return any(path.startswith(prefixes) for path in commit.paths)


def test_the_sizes_are_those_of_a_small_foundation(community, logs):
    assert [project.slug for project in community.projects] == [
        "keel", "sextant", "tidewater", "gangway", "logbook", "foghorn",
    ]  # fmt: skip
    assert len(community.people) == 80
    assert len(community.bots) == 5
    assert 8_000 <= sum(len(log) for log in logs.values()) <= 12_000
    assert 20 <= len(logs["foghorn"]) <= 60


def test_everybody_but_the_silent_newcomer_has_contributed(community, logs, humans):
    authors = {commit.author for log in logs.values() for commit in log}
    silent = community.personas["silent"].person
    assert humans - authors == {silent}
    assert {bot.key for bot in community.bots} - authors == {"mergebot"}


def test_all_commits_lie_in_the_three_years_before_the_end(community, logs):
    moments = [
        moment for log in logs.values() for c in log for moment in (c.authored_at, c.landed_at)
    ]
    assert community.starts_on == date(2023, 6, 1)
    assert END - timedelta(days=1096) <= min(moments)
    assert END - timedelta(days=2) < max(moments) < END


def test_no_change_lands_before_it_was_written(logs):
    assert [c.hash for log in logs.values() for c in log if c.landed_at < c.authored_at] == []


def test_the_repositories_are_sound(community, git):
    for project in community.projects:
        assert git(project.repository, "fsck", "--strict", "--no-progress") == ""


def test_the_planted_mentor_reviewed_most_of_what_others_did_in_the_area(community, logs):
    since = END - timedelta(days=365)
    tops = {}
    for (slug, area), mentor in community.mentors.items():
        prefixes = community.project(slug).areas[area]
        changes = [
            commit
            for commit in logs[slug]
            if commit.landed_at >= since
            and commit.reviewers
            and commit.author != mentor
            and len(commit.paths) <= 8
            and touches(commit, prefixes)
        ]
        counts = Counter(key for commit in changes for key in commit.reviewers)
        (top, count), *_ = counts.most_common()
        tops[slug, area] = top
        assert count >= 0.45 * len(changes), (slug, area)
    assert tops == community.mentors


def test_each_area_has_a_mentor(community):
    areas = {(project.slug, area) for project in community.projects for area in project.areas}
    assert set(community.mentors) == areas


def test_the_core_wrote_four_fifths_of_the_last_year_and_no_smaller_set_did(
    community, logs, humans
):
    since = END - timedelta(days=365)
    for slug, core in community.core.items():
        counts = Counter(
            commit.author
            for commit in logs[slug]
            if commit.landed_at >= since and commit.author in humans and len(commit.parents) == 1
        )
        with_all = sum(counts[key] for key in core) / counts.total()
        assert with_all == pytest.approx(0.8, abs=0.01) or with_all > 0.8, slug
        assert with_all - counts[core[-1]] / counts.total() < 0.81, slug


def test_mentors_are_core(community):
    missing = {m for (slug, _), m in community.mentors.items() if m not in community.core[slug]}
    assert missing == set()


def test_rising_leaders_do_more_and_review_more_than_half_a_year_ago(community, logs):
    recent, before = END - timedelta(days=182), END - timedelta(days=365)
    for slug, keys in community.rising.items():
        for key in keys:
            log = logs[slug]
            done = [c.landed_at for c in log if c.author == key]
            given = [c.landed_at for c in log if key in c.reviewers]
            for moments in (done, given):
                assert in_span(moments, recent, END) > in_span(moments, before, recent), key
            assert key not in community.core[slug]


def in_span(moments, since, until):
    return sum(since <= moment < until for moment in moments)


def test_every_old_project_has_a_rising_leader(community):
    old = {project.slug for project in community.projects if project.shape != "young"}
    assert set(community.rising) == old


def test_people_have_risen_to_the_core_in_each_year(logs, humans):
    risen = Counter()
    for log in logs.values():
        cores = [core_at(log, humans, END - timedelta(days=days)) for days in (730, 365, 0)]
        risen["second year"] += len(cores[1] - cores[0])
        risen["third year"] += len(cores[2] - cores[1])
    assert min(risen["second year"], risen["third year"]) >= 4, risen


def core_at(log, humans, moment):
    since = moment - timedelta(days=365)
    counts = Counter(c.author for c in log if since <= c.landed_at < moment and c.author in humans)
    core = set()
    for key, _ in counts.most_common():
        if sum(counts[k] for k in core) >= 0.8 * counts.total():
            break
        core.add(key)
    return core


def test_the_newcomers_are_all_who_began_in_the_last_90_days(community, logs, humans):
    first = {}
    for commit in sorted((c for log in logs.values() for c in log), key=lambda c: c.landed_at):
        first.setdefault(commit.author, commit.landed_at)
    late = {key for key in first if first[key] >= END - timedelta(days=90)} & humans
    assert late == {newcomer.person for newcomer in community.newcomers}


def test_newcomers_work_in_their_area_and_their_mentor_is_not_the_only_one_who_answers(
    community, logs
):
    by_mentor = reviewed = 0
    for newcomer in community.newcomers:
        prefixes = community.project(newcomer.project).areas[newcomer.area]
        own = [c for c in logs[newcomer.project] if c.author == newcomer.person]
        assert sum(touches(c, prefixes) for c in own) >= 0.8 * len(own), newcomer
        reviewed += sum(bool(c.reviewers) for c in own)
        by_mentor += sum(newcomer.mentor in c.reviewers for c in own)
    assert 0.5 < by_mentor / reviewed < 0.9


def test_one_project_is_a_star_and_the_others_are_divided(community, logs):
    largest = {slug: largest_share(log) for slug, log in logs.items()}
    assert min(largest["logbook"], largest["foghorn"]) > 0.7
    assert max(largest[slug] for slug in ("keel", "sextant", "tidewater", "gangway")) < 0.45


def largest_share(log):
    """The largest share that one person has in the review of all changes of others."""
    reviewed = [commit for commit in log if commit.reviewers]
    counts = Counter(key for commit in reviewed for key in commit.reviewers)
    own = Counter(commit.author for commit in reviewed)
    return max(counts[key] / (len(reviewed) - own[key]) for key in counts)


def test_the_same_arguments_give_the_same_hashes_even_after_an_interrupted_build(
    community, git, tmp_path
):
    (tmp_path / "again" / "keel.git" / "objects").mkdir(parents=True)
    (tmp_path / "again" / "events.part").write_text("{")
    again = build(tmp_path / "again", ends_on=ENDS_ON)
    heads = [
        [git(p.repository, "rev-parse", "main") for p in c.projects] for c in (community, again)
    ]
    assert heads[0] == heads[1]
    assert community.events_path.read_bytes() == again.events_path.read_bytes()
    assert community.people == again.people


def test_a_directory_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="is not empty"):
        build(tmp_path, ends_on=ENDS_ON)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("people", [10, 5_000])
def test_too_few_or_too_many_people_are_refused(tmp_path, people):
    with pytest.raises(ValueError, match="people must be between"):
        build(tmp_path / "sample", people=people)
    assert list(tmp_path.iterdir()) == []
