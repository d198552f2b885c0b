"""``recommend <person> --project <slug>``: who could mentor this person, and why."""

from contextlib import suppress
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from foundation.people.models import Person
from foundation.projects.models import Project
from matching import shelf
from matching.community import community_at
from matching.limits import limits_of
from matching.suggest import Mentee, mentee_of, suggest
from mentorship.models import Match, MentorRequest
from mentorship.reasons import match_reasons


class Command(BaseCommand):
    help = "Print the mentors that suit a person best in a project."

    def add_arguments(self, parser):
        parser.add_argument("person", help="e-mail address, login, name or public id")
        parser.add_argument("--project", required=True, help="short name")
        parser.add_argument("--top", type=int, default=10)

    def handle(self, *, person, project, top, **options):
        if not 1 <= top <= 100:
            raise CommandError(f"--top {top}: ask for 1 to 100 mentors.")
        asked_in = Project.objects.called(project)
        if asked_in is None:
            raise CommandError(f"There is no project “{project}”.")
        asker = find_person(person)
        mentee = _mentee(asker, asked_in)
        now = timezone.now()
        community = community_at(now)
        _, served = shelf.serving_mentors(community)
        found = suggest(
            mentee,
            asked_in.slug,
            community,
            served,
            limits=limits_of(asked_in, community.history, [asker.pk], now=now),
            count=top,
        )
        names = Person.objects.in_bulk([one.mentor for one in found])
        for one in found:
            self._print(one, asker, names[one.mentor], asked_in)
        how = f"by {found[0].method}" if found else "nobody is known there yet"
        self.stdout.write(f"{len(found)} mentors for {person} in {asked_in.slug}: {how}")

    def _print(self, one, asker, mentor, project):
        self.stdout.write(f"{one.rank:>3}. {mentor}")
        match = Match(mentee=asker, mentor=mentor, project=project, reasons=one.reasons)
        for reason in match_reasons(match)[:4]:
            self.stdout.write(f"       – {reason.text}")


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
