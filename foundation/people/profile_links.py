"""Addresses of the pages about a person."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from foundation.people.backing import NAMED
from foundation.people.models import Person
from foundation.projects.models import Project


def evidence_url(
    person: Person, project: Project, kind: str, name: str = "", reach: int | date | None = None
) -> str:
    """Where the changes behind a line of a profile are listed.

    ``reach`` is for how many days back, or since which day; None for ever.
    """
    asked = {"project": project.slug, "kind": kind} | ({"name": name} if kind in NAMED else {})
    if reach:
        asked["since" if isinstance(reach, date) else "days"] = reach
    return f"{reverse('web:evidence', args=[person.public_id])}?{urlencode(asked)}"
