"""How fresh each figure is, and what was odd about what was read."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from foundation.activity.models import Change
from foundation.people.models import Identity, IdentityLink
from foundation.projects.models import Project, Repository
from foundation.runs import backtest_words
from foundation.runs.models import Run

TASK_WORDS = {
    "ingest": _("Reading"),
    "profiles": _("Profiles"),
    "draw_pairs": _("Choosing what to learn from, a part of it"),
    "train_part": _("Learning who mentors, a part of it"),
    "train_mentors": _("Learning who mentors"),
    "train_leaders": _("Learning who leads"),
    "lulls": _("Looking after people"),
    "matches": _("Matches"),
    "leaders": _("Emerging leaders"),
    "backtest": _("Backtest"),
    "assign": _("Assigning a cohort"),
}
PART_WORDS = {"sources": _("which ranking suits which project")}
PROJECT_TASKS = ("profiles", "matches", "leaders")
PART_TASKS = ("draw_pairs", "train_part")
HOUSE_TASKS = ("train_mentors", "train_leaders", "lulls")

ODDITY_WORDS = {
    "date-before-1990": _("dated before 1990"),
    "date-in-future": _("dated in the future"),
    "date-unreadable": _("with an unreadable date"),
    "timezone-odd": _("with an impossible time zone"),
    "bad-encoding": _("with broken encoding"),
    "empty-name": _("without an author’s name or address"),
    "huge-change": _("touching more than 2,000 files"),
    "long-subject": _("with a subject that was cut"),
    "newline-in-path": _("with a line break in the name of a file"),
    "shallow-edge": _("at the edge of a shallow clone"),
    "people-cut": _("naming more people in a line than are read"),
    "self-review": _("reviewed by their own author, which is not counted"),
}


def task_words(task: str) -> str:
    return gettext(TASK_WORDS[task]) if task in TASK_WORDS else task


def oddity_words(oddity: str) -> str:
    return gettext(ODDITY_WORDS[oddity]) if oddity in ODDITY_WORDS else oddity


def part_words(part: str) -> str:
    """A part of one piece of work, which its tasks number from 0."""
    if part in PART_WORDS:
        return gettext(PART_WORDS[part])
    number = part.rpartition("-")[2]
    return gettext("part %(number)s") % {"number": int(number) + 1} if number.isdecimal() else part


def name_scopes(runs: Iterable[Run]) -> list[Run]:
    """The runs with ``scope_name``: what they were for, as people call it."""
    runs = list(runs)
    repositories = {
        str(repository.pk): str(repository) for repository in Repository.objects.order_by("pk")
    }
    projects = dict(Project.objects.values_list("slug", "name"))
    named = {"ingest": repositories, "backtest": backtest_words.words_of_tasks()}
    for run in runs:
        if run.task in PART_TASKS:
            run.scope_name = part_words(run.scope)
            continue
        names = named.get(run.task, projects)
        run.scope_name = names.get(run.scope) or run.result.get("scope_name", run.scope)
    return runs


@dataclass(frozen=True)
class Fresh:
    """One figure of one project: when it was last computed, from data up to when."""

    task: str
    done_at: datetime | None
    as_of: datetime | None


@dataclass
class ProjectFreshness:
    project: Project
    read_at: datetime | None
    figures: list[Fresh] = field(default_factory=list)


def freshness() -> tuple[list[ProjectFreshness], list[Fresh]]:
    """For every project its figures, and those that are learned once for all projects."""
    done = Run.objects.filter(state=Run.State.DONE).values("task", "scope")
    latest = {
        (row["task"], row["scope"]): (row["at"], row["as_of"])
        for row in done.annotate(at=Max("finished_at"), as_of=Max("as_of"))
    }

    def fresh(task: str, scope: str) -> Fresh:
        return Fresh(task_words(task), *latest.get((task, scope), (None, None)))

    projects = Project.objects.annotate(read_at=Max("repositories__read_at")).order_by("name")
    rows = [
        ProjectFreshness(project, project.read_at, [fresh(t, project.slug) for t in PROJECT_TASKS])
        for project in projects
    ]
    return rows, [fresh(task, "") for task in HOUSE_TASKS]


@dataclass(frozen=True)
class Odd:
    code: str
    words: str
    count: int


@dataclass(frozen=True)
class OddRepository:
    repository: Repository
    oddities: tuple[Odd, ...]
    withdrawn: int


def odd_repositories() -> list[OddRepository]:
    """Repositories of which something was survived, with how often."""
    counts: dict[int, Counter] = defaultdict(Counter)
    rows = Change.objects.exclude(oddities="").values("repository", "oddities")
    for row in rows.annotate(count=Count("pk")).order_by():
        for code in row["oddities"].split(","):
            counts[row["repository"]][code] += row["count"]
    gone = Change.objects.filter(withdrawn_at__isnull=False).order_by().values("repository")
    withdrawn = dict(gone.annotate(count=Count("pk")).values_list("repository", "count"))
    repositories = Repository.objects.select_related("project").order_by("project__name", "name")
    return [
        OddRepository(
            repository,
            tuple(
                Odd(code, oddity_words(code), count)
                for code, count in sorted(counts[repository.pk].items())
            ),
            withdrawn.get(repository.pk, 0),
        )
        for repository in repositories
        if repository.is_shallow or repository.pk in withdrawn or repository.pk in counts
    ]


def odd_changes(repository: Repository, oddity: str) -> QuerySet[Change]:
    """The changes of a repository that carry an oddity; "withdrawn" asks for those that left."""
    changes = Change.objects.filter(repository=repository).order_by("-landed_at", "-pk")
    if oddity == "withdrawn":
        return changes.filter(withdrawn_at__isnull=False)
    return changes.filter(oddities__contains=oddity)


@dataclass(frozen=True)
class Waiting:
    """What waits for a steward's decision."""

    suggestions: int
    suspected: int
    machinelike: int
    failed: int = 0
    doubtful: int = 0

    @property
    def questions(self) -> int:
        return self.suggestions + self.doubtful + self.suspected + self.machinelike

    @property
    def total(self) -> int:
        return self.questions + self.failed


def waiting() -> Waiting:
    return Waiting(
        IdentityLink.objects.filter(state=IdentityLink.State.SUGGESTED).count(),
        Identity.objects.waiting_for_a_steward().count(),
        Identity.objects.behaving_like_machines().count(),
        Run.objects.filter(state=Run.State.FAILED).count(),
        IdentityLink.objects.doubtful().count(),
    )
