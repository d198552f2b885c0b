"""The long way from rows to a ``History``: one at a time, all anew. What arrays must agree with."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.db.models import Q

from foundation.activity.models import Activity, Change
from foundation.profiles.affiliations import organisation_of
from foundation.profiles.evidence import language_of_path
from foundation.projects.models import Project
from matching.arrays.history import History
from matching.arrays.history_builder import HistoryBuilder

REVIEWS = {"reviewed": "reviewed", "acked": "acked", "mentored": "mentored"}
LINKS = {"coauthored": "co_authored", "landed": "sponsored", "helped": "helped", "tested": "tested"}
# What an author does by making a change is in the change; a second telling would count it twice.
TOLD_BY_CHANGE = ("authored", "merged", "signed_off", "pushed")
TOLD_TWICE = ("reviewed", "acked")
CHUNK = 5_000


def plain_history(as_of: datetime, projects: Iterable[str] | None = None) -> History:
    """Facts known before ``as_of``, of some projects or of all; people are ``Person`` keys."""
    wanted = (
        Project.objects.all() if projects is None else Project.objects.filter(slug__in=projects)
    )
    builder, known = HistoryBuilder(), set()
    landed = Change.objects.standing().filter(
        kind="commit", repository__project__in=wanted, landed_at__lt=as_of
    )
    for row in _changes(landed):
        builder.add_change(*row[:7], **row[7])
        known.add(row[0])
    commit_of = _commits_of_pull_requests(landed)
    about = Activity.objects.filter(
        identity__person__isnull=False,
        at__lt=as_of,
        change__repository__project__in=wanted,
        change__withdrawn_at__isnull=True,
    ).exclude(kind__in=TOLD_BY_CHANGE)
    told: set[tuple[int, int, str]] = set()
    rows = list(about.order_by("at", "pk").values_list(*_ABOUT))
    for row in _once(rows):
        _add_activity(builder, known, commit_of, told, *row)
    return builder.build()


def _once(rows: list[tuple]) -> Iterable[tuple]:
    """Leave out reviews of pull requests that were told before, or that a commit tells."""
    by_commit = {
        (repository, number, person)
        for _, person, kind, _, repository, number, change_kind, _ in rows
        if change_kind == "commit" and kind in TOLD_TWICE and number is not None
    }
    told = set()
    for row in rows:
        change, person, kind, _, repository, number, change_kind, _ = row
        if change_kind == "pull_request" and kind in TOLD_TWICE:
            if (change, person) in told or (repository, number, person) in by_commit:
                continue
            told.add((change, person))
        yield row


_ABOUT = (
    "change",
    "identity__person",
    "kind",
    "at",
    "change__repository",
    "change__pull_request",
    "change__kind",
    "change__repository__project__slug",
)


def _changes(landed) -> Iterable[tuple]:
    rows = landed.order_by("pk").values_list(
        "pk",
        "repository__project__slug",
        "author__person",
        "landed_at",
        "paths",
        "subject",
        "is_merge",
        "author_offset",
        "author__email",
        "path_count",
    )
    organisation = lru_cache(maxsize=None)(organisation_of)
    for pk, slug, author, at, paths, subject, is_merge, offset, email, count in rows.iterator(
        CHUNK
    ):
        touched = paths.split("\n") if paths else []
        more = {
            "organisation": organisation(email or ""),
            "offset_minutes": offset,
            "path_count": count,
            "languages": sorted(set(filter(None, map(language_of_path, touched)))),
        }
        yield pk, slug, author, int(at.timestamp()), touched, subject, is_merge, more


def _commits_of_pull_requests(landed) -> dict[tuple[int, int], int]:
    """(repository, pull request) → the commit that landed it: reviews are about that one."""
    named = landed.filter(Q(pull_request__isnull=False)).order_by("pk")
    rows = named.values_list("repository", "pull_request", "pk")
    return {(repository, number): pk for repository, number, pk in rows}


def _add_activity(builder, known, commit_of, told, change, person, kind, at, *of) -> None:
    repository, number, change_kind, slug = of
    seconds = int(at.timestamp())
    if change_kind == "pull_request":
        change = commit_of.get((repository, number), change)
    if (change, person, kind) in told:
        return  # a review on GitHub that a trailer of the commit tells as well
    if change in known:
        told.add((change, person, kind))
    if change in known and kind in REVIEWS:
        builder.add_review(change, person, REVIEWS[kind], seconds)
    elif change in known and kind in LINKS:
        builder.add_link(change, person, LINKS[kind], seconds)
    else:
        builder.add_activity(person, slug, seconds)
