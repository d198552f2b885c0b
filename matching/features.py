"""The only module of this floor that reads facts: rows of the database become a ``History``.

Everything takes ``as_of``: facts that landed at or after that moment are not read. Facts that
were read once lie in a file beside the database; only what is new is read from the tables.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Count, Max, Min

from foundation.activity.models import Activity, Change
from foundation.people.models import Identity
from foundation.profiles.affiliations import organisation_of
from foundation.profiles.evidence import language_of_path
from foundation.projects.models import Repository
from matching.arrays import fact_file
from matching.arrays.array_file import packed, unpacked
from matching.arrays.assembly import People, history_of
from matching.arrays.facts import NAMED, NOBODY, Facts
from matching.arrays.facts_builder import Columns, FactsBuilder
from matching.arrays.history import History
from matching.arrays.history_builder import Names
from matching.arrays.memory import give_back

logger = logging.getLogger("releve.facts")
# What an author does by making a change is in the change; a second telling would count it twice.
TOLD_BY_CHANGE = ("authored", "merged", "signed_off", "pushed")
CHUNK = 5_000
MUCH = 500_000
"""Changes read at once after which memory is worth being put in order."""
PROBES = 64
"""So many rows are compared to see that a file was read from these very tables."""


def load_history(as_of: datetime, projects: Iterable[str] | None = None) -> History:
    """Facts known before ``as_of``, of some projects or of all; people are ``Person`` keys."""
    wanted = Repository.objects.order_by("pk")
    if projects is not None:
        wanted = wanted.filter(project__slug__in=projects)
    facts = known_facts()
    gone = Change.objects.withdrawn().order_by("pk")
    return history_of(
        facts,
        int(as_of.timestamp()) if not as_of.microsecond else int(as_of.timestamp()) + 1,
        _people(),
        dict(wanted.values_list("pk", "project__slug")),
        np.array(list(gone.values_list("pk", flat=True)), np.int64),
    )


def known_facts() -> Facts:
    """All facts of the tables: those of the file, and what came since, which joins the file."""
    path = _path()
    with fact_file.turn(path):  # whoever comes second finds what the first has read
        # Before anything is read: a row that comes meanwhile, whatever its key, is not counted
        # and makes the tables others than those of the file the next time.
        about = _about(_ends())
        facts, known = fact_file.load(path) or (None, None)
        if known == about:
            return facts
        if known is None or not _is_of_these_tables(known):
            facts, known = None, {"ends": (0, 0)}
        fresh = read_facts(known["ends"], about["ends"])
        facts = fresh if facts is None else facts + fresh
        _keep(path, facts, about)
        if len(fresh.key) > MUCH:
            del fresh
            facts = _put_in_order(facts)
        return facts


def _keep(path: Path, facts: Facts, about: dict) -> None:
    """Write the file, if that is possible: without it the same is read again, that is all."""
    try:
        fact_file.save(path, facts, about)
    except OSError as error:
        logger.warning("The facts could not be kept in %s (%s).", path, error)


def _put_in_order(facts: Facts) -> Facts:
    """The same facts in less memory.

    Names that were read row by row lie scattered, and hold on to what was freed between them.
    """
    facts = replace(
        facts, **{name: tuple(unpacked(packed(getattr(facts, name)))) for name in NAMED}
    )
    give_back()
    return facts


def read_facts(after: Sequence[int], until: Sequence[int]) -> Facts:
    """The facts between two ends, each the last keys of activities and of changes."""
    builder = FactsBuilder()
    changes = Change.objects.filter(pk__gt=after[1], pk__lte=until[1])
    for row in changes.order_by("pk").values_list(*_CHANGE).iterator(CHUNK):
        builder.add_change(*_change(*row))
    done = Activity.objects.filter(pk__gt=after[0], pk__lte=until[0])
    told = done.exclude(kind__in=TOLD_BY_CHANGE).order_by("pk").values_list(*_ACTIVITY)
    for key, change, by, kind, at in told.iterator(CHUNK):
        builder.add_activity(key, change, by, kind, None if at is None else int(at.timestamp()))
    return builder.build()


_CHANGE = (
    "pk",
    "repository",
    "kind",
    "author",
    "landed_at",
    "paths",
    "subject",
    "is_merge",
    "author_offset",
    "pull_request",
    "path_count",
)
_ACTIVITY = ("pk", "change", "identity", "kind", "at")
_language_of = lru_cache(maxsize=200_000)(language_of_path)


def _change(
    pk, repository, kind, author, at, paths, subject, is_merge, offset, number, count
) -> tuple:
    touched = paths.split("\n") if paths else []
    languages = filter(None, map(_language_of, touched))
    at = None if at is None else int(at.timestamp())
    about = subject, is_merge, offset, number, languages, count
    return pk, repository, kind, author, at, touched, *about


def _people() -> People:
    organisation = lru_cache(maxsize=None)(organisation_of)
    columns, names = Columns(_PERSON), Names()
    names.number("")
    rows = Identity.objects.order_by("pk").values_list("pk", "person", "email")
    for pk, person, email in rows.iterator(CHUNK):
        named = names.number(organisation(email or ""))
        columns.add((pk, NOBODY if person is None else person, named))
    found = columns.arrays()
    in_order, place = names.in_order()
    return People(found["identity"], found["person"], place[found["organisation"]], in_order)


_PERSON = {"identity": np.int64, "person": np.int64, "organisation": np.int32}


def _path() -> Path:
    """A file for each database: one of the same name on another server has another one."""
    given = settings.DATABASES["default"]
    place = [str(given[part]) for part in ("HOST", "PORT", "NAME") if given.get(part)]
    return settings.HISTORY_DIR / f"facts-{sha256(':'.join(place).encode()).hexdigest()[:12]}.npz"


def _ends() -> tuple[int, int]:
    """The last keys. Activities first: whatever change they are about has a key by then."""
    done, changes = (
        model.objects.aggregate(last=Max("pk"))["last"] for model in (Activity, Change)
    )
    return done or 0, changes or 0


def _about(ends: tuple[int, int]) -> dict:
    """What must still be true of the tables for a file to hold what they hold."""
    spans = [_span(model, end) for model, end in zip((Activity, Change), ends, strict=True)]
    return {"ends": list(ends), "spans": spans, "probes": _probes(spans, ends)}


def _is_of_these_tables(about: dict) -> bool:
    return about == _about(tuple(about["ends"]))


def _span(model: type[Activity] | type[Change], end: int) -> list[int | None]:
    """The first key and the number of rows: deleted and late ones change them."""
    found = model.objects.filter(pk__lte=end).aggregate(first=Min("pk"), count=Count("pk"))
    return [found["first"], found["count"]]


def _probes(spans: list[list[int | None]], ends: tuple[int, int]) -> list[list]:
    """A few rows of each table, spread evenly over the keys that it has."""
    done, changes = (
        sorted({end - (end - (first or 0)) * n // (PROBES - 1) for n in range(PROBES)})
        for (first, _count), end in zip(spans, ends, strict=True)
    )
    told = Activity.objects.filter(pk__in=done).order_by("pk")
    known = Change.objects.filter(pk__in=changes).order_by("pk")
    return [
        [list(row) for row in told.values_list("pk", "change", "identity", "kind")],
        [list(row) for row in known.values_list("pk", "repository", "external_id")],
    ]
