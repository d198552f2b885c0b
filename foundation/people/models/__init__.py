from foundation.people.models.consent import Consent, SignalView
from foundation.people.models.identity import (
    CompanyDomain,
    DeclaredBot,
    Identity,
    IdentityBucket,
    IdentityLink,
    Sighting,
    Tombstone,
)
from foundation.people.models.invitation import Invitation
from foundation.people.models.leader import LeaderSignal
from foundation.people.models.lull import Lull, LullPause
from foundation.people.models.person import Affiliation, Person
from foundation.people.models.profile import Expertise, Profile, StaleProfile

__all__ = [
    "Affiliation",
    "CompanyDomain",
    "Consent",
    "DeclaredBot",
    "Expertise",
    "Identity",
    "IdentityBucket",
    "IdentityLink",
    "Invitation",
    "LeaderSignal",
    "Lull",
    "LullPause",
    "Person",
    "Profile",
    "Sighting",
    "SignalView",
    "StaleProfile",
    "Tombstone",
]
