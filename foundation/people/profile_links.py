"""Addresses of the pages about a person."""

from urllib.parse import urlencode

from django.urls import reverse

from foundation.people.backing import NAMED
from foundation.people.models import Person
from foundation.projects.models import Project


def evidence_url(
    person: Person, project: Project, kind: str, name: str = "", days: int | None = None
) -> str:
    """Where the changes behind a line of a profile are listed, of the last ``days`` if given."""
    asked = {"project": project.slug, "kind": kind} | ({"name": name} if kind in NAMED else {})
    asked |= {"days": days} if days else {}
    return f"{reverse('web:evidence', args=[person.public_id])}?{urlencode(asked)}"
