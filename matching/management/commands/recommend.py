"""``recommend <person> --project <slug>``: who could mentor this person, and why.

Where a refresh has made a list for the person, it is that one, as on the pages: it was made beside
the lists of others, whose load it minds. For anybody else, and when asked to, one is made now.
"""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from foundation.people.models import Person
from foundation.projects.models import Project
from matching.community import community_at
from matching.lists.limits import limits_of
from matching.lists.suggest import SHOWN, Mentee, mentee_of, requests_in, suggest
from matching.registry import shelf
from mentorship.models import Match, MentorRequest
from mentorship.reasons import match_reasons
from mentorship.shortlist import hidden_of, matches_of

MADE_NOW = (
    "This list was made now, by itself: a refresh makes those of the pages one after the other, "
    "so that they share the load of the mentors."
)


class Command(BaseCommand):
    help = "Print the mentors that suit a person best in a project."

    def add_arguments(self, parser):
        parser.add_argument("person", help="e-mail address, login, name or public id")
        parser.add_argument("--project", required=True, help="short name")
        parser.add_argument("--top", type=int, default=10)
        parser.add_argument(
            "--anew", action="store_true", help="make a list now, even if pages show one"
        )

    def handle(self, *, person, project, top, anew=False, **options):
        if not 1 <= top <= 100:
            raise CommandError(f"--top {top}: ask for 1 to 100 mentors.")
        asked_in = Project.objects.called(project)
        if asked_in is None:
            raise CommandError(f"There is no project “{project}”.")
        asker, now = find_person(person), timezone.now()
        listed = [] if anew or top > SHOWN else _on_the_pages(asker, asked_in, now)
        matches = listed[:top] or _made_now(asker, asked_in, now, top)
        for rank, match in enumerate(matches, start=1):
            self._print(rank, match)
        if listed:
            self.stdout.write(f"     This is the list of the pages: {_age(listed[0])}.")
        elif matches:
            self.stdout.write(f"     {MADE_NOW}")
        how = f"by {matches[0].method}" if matches else "nobody is known there yet"
        mentors = "1 mentor" if len(matches) == 1 else f"{len(matches)} mentors"
        self.stdout.write(f"{mentors} for {person} in {asked_in.slug}: {how}")

    def _print(self, rank: int, match: Match) -> None:
        self.stdout.write(f"{rank:>3}. {match.mentor}")
        key = (match.project_id, match.mentor_id)
        for reason in match_reasons(match, hidden_of([key])[key])[:4]:
            self.stdout.write(f"       – {reason.text}")


def _on_the_pages(asker: Person, project: Project, now: datetime) -> list[Match]:
    return list(matches_of(asker, now=now).filter(project=project).order_by("rank"))


def _age(match: Match) -> str:
    return f"made from data up to {match.as_of:%Y-%m-%d %H:%M} UTC; --anew makes one now"


def _made_now(asker: Person, project: Project, now: datetime, top: int) -> list[Match]:
    """The list that would be made now, as rows that are not kept."""
    asking = [request.person_id for request in requests_in(project)]
    community = community_at(now).around(project.slug, [*asking, asker.pk])
    _, served = shelf.serving_mentors(community)
    limits = limits_of(project, community, [asker.pk])
    mentee = _mentee(asker, project)
    found = suggest(mentee, project.slug, community, served, limits=limits, count=top)
    mentors = Person.objects.in_bulk([one.mentor for one in found])
    return [
        Match(
            mentee=asker,
            mentor=mentors[one.mentor],
            project=project,
            rank=one.rank,
            reasons=one.reasons,
            method=one.method,
        )
        for one in found
    ]


def find_person(text: str) -> Person:
    """The one person that the words mean. CommandError when it is nobody, or several."""
    if not text.strip():
        raise CommandError("Name somebody: by an e-mail address, login, name or public id.")
    wanted = (
        Q(identities__email__iexact=text)
        | Q(identities__login__iexact=text)
        | Q(name__iexact=text)
        | Q(user__email__iexact=text)
    )
    with suppress(ValueError):
        wanted |= Q(public_id=UUID(text))
    found = list(Person.objects.filter(wanted, erased_at=None).distinct().order_by("pk")[:5])
    if not found:
        raise CommandError(f"Nobody is known as “{text}”: give an e-mail address, login or name.")
    if len(found) > 1:
        ids = ", ".join(f"{one.public_id} ({_known_as(one)})" for one in found)
        raise CommandError(f"Several people are known as “{text}”; name one by its id: {ids}")
    return found[0]


def _known_as(person: Person) -> str:
    identity = person.identities.order_by("pk").first()
    return str(identity) if identity else str(person)


def _mentee(person: Person, project: Project) -> Mentee:
    request = MentorRequest.objects.open().filter(person=person, project=project).first()
    return mentee_of(request) if request else Mentee(person.pk, Match.Kind.SUGGESTED)
