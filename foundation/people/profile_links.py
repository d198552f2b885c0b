"""Addresses of the pages about a person."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from django.urls import reverse

from foundation.people.backing import NAMED
from foundation.people.models import Person
from foundation.projects.models import Project


def evidence_url(
    person: Person, project: Project, kind: str, name: str = "", reach: int | datetime | None = None
) -> str:
    """Where the changes behind a line of a profile are listed.

    ``reach`` is for how many days back, or since which moment; None for ever.
    """
    asked = {"project": project.slug, "kind": kind} | ({"name": name} if kind in NAMED else {})
    if isinstance(reach, datetime):
        asked["since"] = f"{reach.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    elif reach:
        asked["days"] = reach
    return f"{reverse('web:evidence', args=[person.public_id])}?{urlencode(asked)}"
