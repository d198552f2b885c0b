"""The sample community moves in: real repositories are built, read, and given a few accounts."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from foundation.accounts.models import User
from foundation.activity.event_intake import take_in_events
from foundation.activity.intake import take_in_git
from foundation.activity.reading import open_source, settle_people
from foundation.activity.sources.github_events import open_events, read_events
from foundation.people.claims import claim_by_verified_email, make_person
from foundation.people.known import declare_companies
from foundation.people.merging import decide_all
from foundation.people.models import Identity, IdentityLink, Person
from foundation.projects.models import Foundation, Project, Repository, Role
from foundation.sample.community import Community, build
from foundation.sample.truth import Persona
from mentorship.models import MentorRequest

PASSWORD = "releve-sample-2026"  # printed, for a community that is invented

Say = Callable[[str], object]


def move_in(directory: Path, *, seed: int = 7, ends_on: date | None = None, say: Say = print):
    """Build the repositories, take them in, and open an account for each persona.

    Returns the community; its repositories stay in ``directory``, which is emptied before.
    """
    shutil.rmtree(directory, ignore_errors=True)
    community = build(directory, seed=seed, ends_on=ends_on or timezone.now().date())
    say(f"Built {len(community.projects)} repositories of {len(community.people)} people.")
    home, _ = Foundation.objects.get_or_create(name=community.foundation)
    sources = dict(_take_in(home, planted, say) for planted in community.projects)
    with open_events(community.events_path) as stream:
        take_in_events(read_events(stream))
    companies = {a.domain for person in community.people for a in person.affiliations}
    declare_companies(companies)
    resolution = settle_people(sources)
    decided = _decide_what_is_known(community)
    people = Person.objects.filter(identities__isnull=False).distinct().count()
    say(
        f"{resolution.identities} identities are {people} people; "
        f"{decided} questions were answered as a steward would."
    )
    for role, persona in community.personas.items():
        _open_account(community, role, persona)
    return community


def _take_in(home: Foundation, planted, say: Say):
    project, _ = Project.objects.update_or_create(
        slug=planted.slug,
        defaults={"foundation": home, "name": planted.name, "description": planted.description},
    )
    repository, _ = Repository.objects.update_or_create(
        project=project,
        name=planted.slug,
        defaults={"location": str(planted.repository), "github": planted.github},
    )
    source = open_source(planted.repository)
    intake = take_in_git(repository, source)
    say(f"  {planted.name}: {intake.changes} changes, {intake.activities} activities")
    return repository, source


def _decide_what_is_known(community: Community) -> int:
    """Answer the questions about one person's spellings; namesakes stay questions."""
    owner_of = {}
    for person in community.people:
        spellings = {address.email for address in person.addresses} | {person.login}
        handles = {person.handle(day) for day in (community.starts_on, community.ends_on)}
        owner_of |= dict.fromkeys((spellings | handles) - {""}, person.key)

    def owner(identity: Identity) -> str | None:
        return owner_of.get(identity.email) or owner_of.get(identity.login)

    asked = IdentityLink.objects.filter(state=IdentityLink.State.SUGGESTED)
    true = [
        link
        for link in asked.select_related("left", "right")
        if owner(link.left) and owner(link.left) == owner(link.right)
    ]
    decide_all(true, applied=True, by=None)
    return len(true)


@transaction.atomic
def _open_account(community: Community, role: str, persona: Persona) -> None:
    user = User.objects.filter(email=persona.email).first() or User(email=persona.email)
    user.first_name, _, user.last_name = persona.name.partition(" ")
    user.set_password(PASSWORD)
    user.is_steward = user.is_staff = user.is_superuser = role == "steward"
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=persona.email, defaults={"verified": True, "primary": True}
    )
    person = claim_by_verified_email(user) or make_person(user, name=persona.name)
    if role in {"newcomer", "silent"}:
        _ask(community, persona, person)
    if role == "steward" and persona.project:
        project = Project.objects.get(slug=persona.project)
        Role.objects.get_or_create(
            user=user,
            project=project,
            kind=Role.Kind.PROGRAM_ADMIN,
            defaults={"since": community.starts_on},
        )


def _ask(community: Community, persona: Persona, person) -> None:
    planted = community.person(persona.person)
    MentorRequest.objects.get_or_create(
        person=person,
        project=Project.objects.get(slug=persona.project),
        closed_at=None,
        defaults={
            "skills": ", ".join(planted.skills),
            "interests": ", ".join(planted.interests),
        },
    )
