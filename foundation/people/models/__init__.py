from foundation.people.models.consent import Consent, SignalView
from foundation.people.models.identity import Identity, IdentityLink, Tombstone
from foundation.people.models.leader import LeaderSignal
from foundation.people.models.person import Affiliation, Person
from foundation.people.models.profile import Expertise, Profile

__all__ = [
    "Affiliation",
    "Consent",
    "Expertise",
    "Identity",
    "IdentityLink",
    "LeaderSignal",
    "Person",
    "Profile",
    "SignalView",
    "Tombstone",
]
