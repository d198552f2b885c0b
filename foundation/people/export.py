"""Everything that is known of a person, for that person to take away."""

from django.forms.models import model_to_dict

from foundation.activity.models import Activity
from foundation.people.links import links_within
from foundation.people.models import Person, SignalView
from foundation.people.personal import export_upper_floors
from foundation.profiles.decay import decayed

FORMAT = 1


def export(person: Person, *, now) -> dict:
    """A JSON-ready record of the account, the identities, all that was derived, and the facts."""
    return {
        "format": FORMAT,
        "exported_at": now,
        "person": {
            "id": str(person.public_id),
            "name": person.name,
            "is_hidden": person.is_hidden,
            "known_since": person.created_at,
        },
        "account": _account(person.user),
        **_identities(person),
        "affiliations": list(
            person.affiliations.values("organisation", "since", "until", "is_declared")
        ),
        "profiles": _profiles(person),
        "expertise": _expertise(person, int(now.timestamp())),
        "leader_signals": _leader_signals(person),
        "leader_invitations": _leader_invitations(person),
        "lulls": list(
            person.lulls.values("last_on", "days", "usual_days", "chance", "as_of", "expires_at")
        ),
        "lull_pauses": list(person.lull_pauses.values("until")),
        "consents": list(person.consents.values("purpose", "granted_at", "withdrawn_at")),
        "looks_at_leader_evidence": list(
            SignalView.objects.filter(person=person).values(
                "viewer__email", "project__slug", "saw_number", "at"
            )
        ),
        **export_upper_floors(person),
        "activities": list(_activities(person)),
    }


def _account(user) -> dict | None:
    if user is None:
        return None
    fields = ["email", "first_name", "last_name", "time_zone", "is_steward"]
    return {**model_to_dict(user, fields=fields), "joined": user.date_joined}


def _identities(person: Person) -> dict:
    identities = person.identities.order_by("pk").values(
        "source", "name", "email", "login", "github_id", "kind", "kind_reason", "machine_signs"
    )
    links = [
        {
            "identities": [str(link.left), str(link.right)],
            "rule": link.rule,
            "evidence": link.evidence,
            "state": link.state,
        }
        for link in links_within(person)
    ]
    return {"identities": list(identities), "identity_links": links}


def _profiles(person: Person) -> list[dict]:
    profiles = person.profiles.order_by("project__slug").values(
        "project__slug",
        "changes",
        "reviews_given",
        "reviews_received",
        "other_help",
        "newcomers_helped",
        "active_weeks",
        "weeks",
        "hours_utc",
        "first_at",
        "last_at",
    )
    return list(profiles)


def _expertise(person: Person, seconds: int) -> list[dict]:
    """Lines of expertise, their weights as they are worth at ``seconds``."""
    return [
        {
            "project": line.project.slug,
            "kind": line.kind,
            "name": line.name,
            "weight_of_changes": decayed(line.authored, seconds),
            "weight_of_reviews": decayed(line.reviewed, seconds),
            "changes": line.changes,
            "reviews": line.reviews,
            "last_at": line.last_at,
            "is_hidden": line.is_hidden,
        }
        for line in person.expertise.select_related("project").order_by("project", "kind", "name")
    ]


def _leader_signals(person: Person) -> list[dict]:
    signals = person.leader_signals.values(
        "project__slug",
        "horizon",
        "probability",
        "low",
        "high",
        "base",
        "reasons",
        "model__version",
        "as_of",
        "expires_at",
        "is_declined",
        "is_unflagged",
    )
    return list(signals)


def _leader_invitations(person: Person) -> list[dict]:
    invitations = person.invitations.order_by("offered_at", "pk").values(
        "project__slug",
        "horizon",
        "probability",
        "model_version",
        "is_unflagged",
        "offered_at",
        "ended_at",
    )
    return list(invitations)


def _activities(person: Person):
    return (
        Activity.objects.filter(identity__person=person)
        .order_by("at", "pk")
        .values(
            "kind",
            "at",
            "change__repository__name",
            "change__kind",
            "change__external_id",
            "change__subject",
        )
    )
