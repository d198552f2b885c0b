"""Which accounts the foundation declares to be bots; a new word is for those already here, too."""

from django.conf import settings

from foundation.people.bots import PYTORCH, Declared, classify, fold_handle, handles_of
from foundation.people.models import DeclaredBot, Identity
from foundation.people.persons import make_nobody

# What a source told of the account itself, or the lack of any name; no list speaks against it.
TOLD = ("account-type", "github-type", "nameless")


def declared() -> Declared:
    """The lists of this house, with what the setting adds."""
    return PYTORCH.union(Declared(bots=_declared_bots()))


def declarations_changed() -> bool:
    """Does the setting say something else than when everybody was judged?"""
    return _declared_bots() != _noted()


def judge_anew() -> set[int]:
    """Follow the setting: identities that a changed word names become nobody, or people again.

    What a human decided stays. Returns those that changed; they are unsettled.
    """
    now, before = _declared_bots(), _noted()
    if now == before:
        return set()
    changed = _of_another_kind(now ^ before)
    make_nobody(one.pk for one in changed if one.kind != Identity.Kind.HUMAN)
    Identity.objects.bulk_update(changed, ["kind", "kind_reason", "is_settled"], batch_size=500)
    DeclaredBot.objects.exclude(handle__in=now).delete()
    DeclaredBot.objects.bulk_create(
        [DeclaredBot(handle=handle) for handle in sorted(now - before)], ignore_conflicts=True
    )
    return {one.pk for one in changed}


def _declared_bots() -> frozenset[str]:
    return frozenset(fold_handle(word)[:200] for word in settings.DECLARED_BOTS) - {""}


def _noted() -> frozenset[str]:
    return frozenset(DeclaredBot.objects.values_list("handle", flat=True))


def _of_another_kind(words: frozenset[str]) -> list[Identity]:
    """Whoever one of these words names and who is judged otherwise now; not saved yet."""
    lists, found = declared(), []
    asked = Identity.objects.filter(is_locked=False).exclude(kind_reason__in=TOLD)
    for one in asked.only("name", "email", "login", "kind", "kind_reason").iterator():
        if words.isdisjoint(handles_of(one.name, one.email, one.login)):
            continue
        verdict = classify(one.name, one.email, one.login, declared=lists)
        if verdict != (one.kind, one.kind_reason):
            one.kind, one.kind_reason = verdict
            one.is_settled = False
            found.append(one)
    return found
