"""Telling machines from people by name, address and login.

The kind belongs to the identity, never to the person: ``pytorchbot <somebody@company>`` is a bot
under the address of an engineer who is none. Identities of unlike kinds are never merged.

``suspected`` is a question to a steward. Until it is answered the identity counts as no person:
a machine among the people distorts every figure, while a person who waits for one click is only
late. A steward's answer is kept by the caller and goes before this module's.
"""

import re
from typing import NamedTuple

from foundation.people.addresses import read_address

HUMAN, BOT, SERVICE, SUSPECTED, AI = "human", "bot", "service", "suspected", "ai"
COUNTED_KINDS = frozenset({HUMAN})


class Verdict(NamedTuple):
    kind: str
    reason: str  # a stable code; "" for an ordinary person


class Declared(NamedTuple):
    """Handles that a foundation declares: folded, with ``-`` for every separator."""

    bots: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()  # handles that look like a machine's and are a person's

    def union(self, other: "Declared") -> "Declared":
        """Return what either declares."""
        return Declared(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))


_COMMON_BOTS = """
    allcontributors codecov-io dependabot dependabot-preview github-actions greenkeeper imgbot
    k8s-ci-robot mergify pre-commit-ci pyup-bot renovate renovate-bot semantic-release-bot snyk-bot
    whitesource-bolt
"""
_PYTORCH_BOTS = """
    docusaurus-bot pyre-bot-jr pytorch-bot pytorch-mergebot pytorch-updatebot pytorchbot
    pytorchmergebot pytorchupdatebot torch-tensorrt-github-bot trtorch-github-bot
"""
_PYTORCH_SERVICES = """
    codemodservice-bot facebook-community-bot facebook-github-bot facebook-github-tools meta-cla
    meta-codesync
"""
_AI_TOOLS = """
    aider claude claude-code codex copilot copilot-swe-agent cursor cursor-agent cursoragent devin
    devin-ai devin-ai-integration gemini-code-assist google-labs-jules sweep-ai
"""
GENERIC = Declared(
    bots=frozenset(_COMMON_BOTS.split()), services=frozenset({"web-flow", "copybara-service"})
)
PYTORCH = GENERIC.union(
    Declared(bots=frozenset(_PYTORCH_BOTS.split()), services=frozenset(_PYTORCH_SERVICES.split()))
)

_AI_HANDLES = frozenset(_AI_TOOLS.split())
_ALSO_FIRST_NAMES = frozenset({"claude", "devin"})
_AI_VENDORS = frozenset(
    {"aider", "anthropic", "cognition", "cursor", "devin", "openai", "windsurf"}
)
_AI_MAILBOXES = _AI_HANDLES | {"noreply", "no-reply", "agent", "bot"}
_AI_NAME = re.compile(
    r"(claude|copilot|cursor|codex|devin|aider|gemini)[\s-]+\(?"
    r"(ai|agent|assistant|autofix|bot|cli|code|coding|fable|gpt|haiku|opus|pro|sonnet|swe|v?\d)\b.*",
    re.IGNORECASE,
)
_CARRIER = re.compile(r"(^|-)(codesync|copybara|git-?sync|importer|mirror|shipit)(-|$)")
_CAMEL_BOT = re.compile(r"[a-z]Bot(?=$|\s)")
_LONE_BOT = re.compile(r"(?<![^\W_])(?:ro)?bot(?![^\W_])", re.IGNORECASE)
# Family names; "jtalbot" is J. Talbot.
_SURNAME = re.compile(r"(abbot|barbot|cabot|chabot|corbot|talbot|thibot)$")
_SEPARATORS = re.compile(r"[\s._+-]+")


def classify(
    name: str = "",
    email: str = "",
    login: str = "",
    account_type: str | None = None,
    declared: Declared = PYTORCH,
) -> Verdict:
    """Return what kind of identity this is, and the code of the rule that says so.

    Parameters
    ----------
    account_type : GitHub's ``type`` of the account, where an API told it ("User", "Bot", …)
    declared : what the foundation has declared; goes before everything else but ``account_type``
    """
    handles = handles_of(name, email, login)
    if account_type and account_type.casefold() in ("bot", "app"):
        return _machine_of_type(handles)
    for kind, reason, is_so in (
        (HUMAN, "declared-person", lambda: handles & declared.people),
        (SERVICE, "declared-service", lambda: handles & declared.services),
        (SERVICE, "github-web", lambda: read_address(email)[:2] == ("noreply", "github.com")),
        (AI, "ai-tool", lambda: _is_ai(name, email, handles)),
        (BOT, "declared-bot", lambda: handles & declared.bots),
        (BOT, "bot-mark", lambda: _has_bot_mark(name, email, login)),
        (SERVICE, "carries-changes", lambda: any(map(_CARRIER.search, handles))),
        (SUSPECTED, "bot-word", lambda: _LONE_BOT.search(name) or _CAMEL_BOT.search(name)),
        (SUSPECTED, "bot-suffix", lambda: _has_bot_suffix(name, handles)),
    ):
        if is_so():
            return Verdict(kind, reason)
    return Verdict(HUMAN, "")


def _machine_of_type(handles: frozenset[str]) -> Verdict:
    return Verdict(AI if handles & _AI_HANDLES else BOT, "account-type")


def fold_handle(text: str) -> str:
    """Return the spelling under which handles are compared: no ``[bot]``, ``-`` as separator."""
    return _SEPARATORS.sub("-", text.casefold().strip().removesuffix("[bot]").strip()).strip("-")


def handles_of(name: str, email: str, login: str) -> frozenset[str]:
    """Return every handle in sight, folded."""
    address = read_address(email)
    spellings = (name, login, address.login or address.local)
    return frozenset(fold_handle(text) for text in spellings if text)


def _has_bot_mark(name: str, email: str, login: str) -> bool:
    address = read_address(email)
    spellings = (name, login, address.login or address.local)
    return any(text.casefold().rstrip().endswith("[bot]") for text in spellings)


def _is_ai(name: str, email: str, handles: frozenset[str]) -> bool:
    """Tell an AI tool from Claude Dupont and from those who work for a vendor of such tools."""
    address = read_address(email)
    vendor = address.domain.partition(".")[0]
    if vendor in _AI_VENDORS:
        return address.local in _AI_MAILBOXES
    if _AI_NAME.fullmatch(name.strip()):
        return True
    tools = handles & _AI_HANDLES
    if not email or _has_bot_mark(name, email, ""):
        return bool(tools)
    return bool(tools - _ALSO_FIRST_NAMES) or bool(address.login and address.login in tools)


def _has_bot_suffix(name: str, handles: frozenset[str]) -> bool:
    """Say whether a handle ends in ``bot``, unless a family name does ("Jane Talbot", jtalbot)."""
    words = name.casefold().split()
    own = tuple(word for word in words if len(words) > 1 and word.endswith("bot"))
    for handle in handles:
        if not handle.endswith("bot") or handle.endswith(own) or _SURNAME.search(handle):
            continue
        return True
    return False
