"""The whole way of one source into the house: open, take in, resolve people. Web, tasks and
commands call these verbs."""

from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.db import transaction

from foundation.activity.event_intake import EventIntake, settle_merges, take_in_events
from foundation.activity.intake import Intake, take_in_git
from foundation.activity.sources.git import Limits, open_repository
from foundation.activity.sources.git_repository import GitRepository
from foundation.activity.sources.github_events import open_events, read_events
from foundation.people.mailmap import MailmapEntry
from foundation.people.merging import Resolution, resolve_people
from foundation.people.models import Identity
from foundation.projects.models import Foundation, Project, Repository

HOUSE_NAME = "Foundation"


def project_called(slug: str) -> Project:
    """The project with this short name; made in the first foundation when it is new."""
    project = Project.objects.filter(slug__iexact=slug).first()
    if project:
        return project
    home = Foundation.objects.order_by("pk").first() or Foundation.objects.create(name=HOUSE_NAME)
    return Project.objects.create(foundation=home, slug=slug.lower(), name=slug)


def open_source(location: str | Path) -> GitRepository:
    """Open a path, bundle or URL under the settings' limits. Raises SourceError."""
    here = Path(location).expanduser()
    return open_repository(
        here.resolve() if str(location).strip() and here.exists() else location,
        cache_dir=settings.REPOSITORIES_DIR,
        allow_private=settings.ALLOW_PRIVATE_ADDRESSES,
        limits=Limits(seconds=settings.GIT_MAX_SECONDS, bytes=settings.GIT_MAX_BYTES),
    )


def repository_for(project: Project, source: GitRepository) -> Repository:
    """The row of a history in a project: the same place, or the same history at a new place.

    Another repository of the same name is another one: it is told apart by its folder's.
    """
    known = project.repositories.filter(location=source.location).first()
    if known:
        return known
    github = source.origin.partition("github.com/")[2].removesuffix(".git").strip("/")
    namesake = project.repositories.filter(name=source.name).first()
    if namesake is None:
        return project.repositories.create(
            name=source.name, location=source.location, github=github
        )
    if _is_moved(namesake, source, github):
        namesake.location = source.location
        namesake.save(update_fields=["location"])
        return namesake
    parent = source.location.rstrip("/").rpartition("/")[0].rpartition("/")[2]
    return project.repositories.get_or_create(
        name=f"{parent}-{source.name}", defaults={"location": source.location, "github": github}
    )[0]


def _is_moved(namesake: Repository, source: GitRepository, github: str) -> bool:
    if not namesake.head or (github and namesake.github == github):
        return True
    return source.head is not None and source.is_ancestor(namesake.head, source.head)


def ingest_git(
    repository: Repository,
    source: GitRepository,
    *,
    progress: Callable[[int], object] = lambda count: None,
) -> tuple[Intake, Resolution | None]:
    """Take in what is new and let people follow. Raises SourceError."""
    intake = take_in_git(repository, source, progress=progress)
    if intake.changes:
        settle_merges(repository)
    return intake, follow({repository: source})


def follow(sources: Mapping[Repository, GitRepository]) -> Resolution | None:
    """Let people follow what came in, if anything did; an intake that was killed may have left it.

    A ``.mailmap`` that changed is news as well.
    """
    news = {row: source for row, source in sources.items() if row.mailmap != _mailmap_id(source)}
    if news or Identity.objects.unsettled().exists():
        return settle_people(news)
    return None


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
    return resolve_people(mailmap=entries)


def _mailmap_id(source: GitRepository) -> str:
    return source.mailmap_blob or ""


def ingest_events(
    place: str, *, project: Project | None = None, progress=lambda count: None
) -> tuple[EventIntake, Resolution]:
    """Take in a file of GitHub events, or "-" for standard input. Raises SourceError."""
    with open_events(place, max_bytes=settings.EVENTS_MAX_BYTES) as stream:
        intake = take_in_events(read_events(stream), project=project, progress=progress)
    return intake, resolve_people()
