"""From the spelling of a source to the row of an identity, made when it is new."""

from collections.abc import Iterable

from foundation.activity.sources.record import Who
from foundation.activity.tombstones import digests_of
from foundation.people.addresses import fold, read_address
from foundation.people.bots import classify
from foundation.people.declared import declared
from foundation.people.models import Identity, Tombstone

ERASED_KEY = "erased:"
BATCH = 500


def key_of(who: Who, space: str) -> str:
    """The folded spelling that makes an identity unique.

    ``space`` says where a bare handle belongs: ``github`` or ``handle`` (a review tool's).
    """
    if who.email:
        return f"git:{who.name}<{fold(who.email)}>"[:600]
    if who.login:
        number = f"#{who.github_id}" if who.github_id else ""
        return f"{space}:{who.login.casefold()}{number}"[:600]
    return f"name:{who.name.casefold()}"[:600]


class IdentityRegister:
    """Identity ids by spelling, for one intake; unknown spellings become rows in ``learn``."""

    def __init__(self):
        self._id_of: dict[tuple[Who, str], int] = {}
        self._has_tombstones = False
        self._declared = declared()
        self.made = 0

    def __getitem__(self, spelling: tuple[Who, str]) -> int:
        return self._id_of[spelling]

    def learn(self, spellings: Iterable[tuple[Who, str]]) -> None:
        """Make sure that every spelling has an identity."""
        fresh = [spelling for spelling in spellings if spelling not in self._id_of]
        if not fresh:
            return
        # Asked until there is one: somebody may be erased while a long history is read.
        self._has_tombstones = self._has_tombstones or Tombstone.objects.exists()
        keys = {spelling: self._standing_key(key_of(*spelling), spelling[0]) for spelling in fresh}
        known = self._ids(keys.values())
        wanted = {key: spelling for spelling, key in keys.items() if key not in known}
        if wanted:
            rows = [self._row(key, *spelling) for key, spelling in wanted.items()]
            # Another intake may make the same one at the same moment: then theirs stands.
            Identity.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
            known |= self._ids(wanted)
            self.made += len(rows)
        self._id_of.update({spelling: known[key] for spelling, key in keys.items()})

    def _standing_key(self, key: str, who: Who) -> str:
        if not self._has_tombstones:
            return key
        digests = digests_of(key, who.email, who.login, who.github_id)
        erased = Tombstone.objects.filter(digest__in=digests).exists()
        return ERASED_KEY if erased else key

    def _ids(self, keys: Iterable[str]) -> dict[str, int]:
        keys, found = list(set(keys)), {}
        for start in range(0, len(keys), BATCH):
            rows = Identity.objects.filter(key__in=keys[start : start + BATCH])
            found.update(rows.values_list("key", "pk"))
        return found

    def _row(self, key: str, who: Who, space: str) -> Identity:
        if key == ERASED_KEY:
            return Identity(key=key, source="erased", kind=Identity.Kind.SERVICE, is_locked=True)
        kind, reason = classify(who.name, who.email, who.login, declared=self._declared)
        if not (who.name or who.email or who.login):  # whoever leaves no name is nobody's person
            kind, reason = Identity.Kind.SERVICE, "nameless"
        address = read_address(who.email) if who.email else None
        return Identity(
            key=key,
            source="git" if who.email else space if who.login else "name",
            name=who.name[:200],
            email=fold(who.email)[:254],
            login=(who.login or (address.login if address else "") or "")[:100],
            github_id=who.github_id or (address.github_id if address else None),
            kind=kind,
            kind_reason=reason,
        )
