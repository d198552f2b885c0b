"""The whole way of one source into the house: open, take in, resolve people. Web, tasks and
commands call these verbs."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db import transaction

from foundation.activity.event_intake import EventIntake, take_in_events
from foundation.activity.intake import Intake, take_in_git
from foundation.activity.models import Activity, Change
from foundation.activity.sources.addresses import refusal
from foundation.activity.sources.errors import SourceError
from foundation.activity.sources.git import Limits, located, open_repository
from foundation.activity.sources.git_repository import GitRepository
from foundation.activity.sources.github_events import open_events, read_events
from foundation.bulk import count_anew
from foundation.people.mailmap import MailmapEntry
from foundation.people.merging import Resolution, resolution_is_due, resolve_people
from foundation.people.models import Identity, IdentityLink, Person, Sighting
from foundation.projects.models import Foundation, Project, Repository
from foundation.said import Said

HOUSE_NAME = "Foundation"
FILLED = (Change, Activity, Identity, Sighting, Person, IdentityLink)
GROWN = 0.1  # the share of new rows from which on a table's rows are counted anew
LONGEST_NAME = Repository._meta.get_field("name").max_length
LONGEST_LOCATION = Repository._meta.get_field("location").max_length


def project_called(slug: str) -> Project:
    """The project with this short name; made in the first foundation when it is new."""
    project = Project.objects.called(slug)
    if project:
        return project
    home = Foundation.objects.order_by("pk").first()
    # Another process may be making the same ones.
    home = home or Foundation.objects.get_or_create(name=HOUSE_NAME)[0]
    new = {"foundation": home, "name": slug}
    return Project.objects.get_or_create(slug=slug.lower(), defaults=new)[0]


def open_source(location: str | Path) -> GitRepository:
    """Open a path, bundle or URL under the settings' limits. Raises SourceError."""
    place = located(location)
    if len(str(place)) > LONGEST_LOCATION:
        raise refusal(str(place), Said("it is too long to be kept"))
    return open_repository(
        place,
        cache_dir=settings.REPOSITORIES_DIR,
        allow_private=settings.ALLOW_PRIVATE_ADDRESSES,
        limits=Limits(seconds=settings.GIT_MAX_SECONDS, bytes=settings.GIT_MAX_BYTES),
    )


def repository_for(project: Project, source: GitRepository) -> Repository:
    """The row of a history in a project: the same place, or the same history at a new place.

    Another repository of the same name is another one: it is told apart by its folder's.
    """
    known = project.repositories.filter(location=source.location).first()
    return known or _repository_at_new_place(project, source)


@transaction.atomic
def _repository_at_new_place(project: Project, source: GitRepository) -> Repository:
    github = source.origin.partition("github.com/")[2].removesuffix(".git").strip("/")
    # One process at a time gives out the names of a project. SQLite has one writer anyway.
    Project.objects.select_for_update().get(pk=project.pk)
    for name in _names(source):
        namesake = project.repositories.filter(name=name).first()
        if namesake is None:
            return project.repositories.create(name=name, location=source.location, github=github)
        if _is_moved(namesake, source, github):
            namesake.location = source.location
            namesake.save(update_fields=["location"])
            return namesake
    raise AssertionError("names never end")


def _names(source: GitRepository) -> Iterator[str]:
    """``core``, ``team-core``, ``git-team-core``, … and, when no folder is left, ``core-2``, …."""
    *folders, _ = re.split(r"[/:]+", source.location.rstrip("/").removesuffix("/.git"))
    name = source.name
    yield name[:LONGEST_NAME]
    for folder in filter(None, reversed(folders)):
        name = f"{folder}-{name}"
        if len(name) > LONGEST_NAME:
            break
        yield name
    for number in count(2):
        mark = f"-{number}"
        yield source.name[: LONGEST_NAME - len(mark)] + mark


def _is_moved(namesake: Repository, source: GitRepository, github: str) -> bool:
    if namesake.location == source.location or (github and namesake.github == github):
        return True
    if not namesake.head:  # known from events only, or an intake of it was killed
        return not namesake.location
    return source.head is not None and source.is_ancestor(namesake.head, source.head)


def ingest_git(
    repository: Repository,
    source: GitRepository,
    *,
    progress: Callable[[int], object] = lambda count: None,
    on_wait: Callable[[], object] = lambda: None,
) -> tuple[Intake, Resolution | None]:
    """Take in what is new and let people follow. Raises SourceError."""
    with _saying_what_stays(progress, Said("commits")) as counted:
        intake = take_in_git(repository, source, progress=counted, on_wait=on_wait)
    return intake, follow({repository: source})


def follow(sources: Mapping[Repository, GitRepository]) -> Resolution | None:
    """Let people follow what came in, if anything did; an intake that was killed may have left it.

    A ``.mailmap`` that changed is news as well.
    """
    news = {row: source for row, source in sources.items() if row.mailmap != _mailmap_id(source)}
    if not news and not resolution_is_due():
        return None
    resolution = settle_people(news)
    count_anew(*FILLED, grown_by=GROWN)
    return resolution


@transaction.atomic
def settle_people(sources: Mapping[Repository, GitRepository]) -> Resolution:
    """Resolve identities with the help of the .mailmap files of sources."""
    entries = [
        MailmapEntry(good.name, good.email, bad.name, bad.email, repository.pk)
        for repository, source in sources.items()
        for good, bad in source.mailmap()
    ]
    for repository, source in sources.items():
        repository.mailmap = _mailmap_id(source)
        repository.save(update_fields=["mailmap"])
    return resolve_people(mailmap=entries, read_again=[row.pk for row in sources])


def _mailmap_id(source: GitRepository) -> str:
    return source.mailmap_blob or ""


def ingest_events(
    place: str, *, project: Project | None = None, progress=lambda count: None
) -> tuple[EventIntake, Resolution]:
    """Take in a file of GitHub events, or "-" for standard input. Raises SourceError.

    ``project`` may be a lazy one: it is asked for when the first repository joins it.
    """
    with (
        open_events(place, max_bytes=settings.EVENTS_MAX_BYTES) as stream,
        _saying_what_stays(progress, Said("records")) as counted,
    ):
        intake = take_in_events(read_events(stream), project=project, progress=counted)
    resolution = resolve_people()
    count_anew(*FILLED, grown_by=GROWN)
    return intake, resolution


@contextmanager
def _saying_what_stays(progress, things: Said) -> Iterator[Callable[[int], None]]:
    """Yield a ``progress`` that counts; a source that fails half-way says what was kept of it."""
    kept = 0

    def counted(count: int) -> None:
        nonlocal kept
        kept += count
        progress(count)

    try:
        yield counted
    except SourceError as error:
        if not kept:
            raise
        raise SourceError(
            "%(error)s The %(count)s %(things)s read before that were kept and are not taken in "
            "twice.",
            error=error.said,
            count=kept,
            things=things,
        ) from error
