"""Which co-authors are programs: coding assistants stay an attribute of a change, never a person.

A name alone convicts nobody whose parents liked it (Claude, Devin, Jules): such a name counts
only beside a product's word (Claude Code), without any address, or with one of the product's own.
"""

import re
from functools import lru_cache

from foundation.activity.sources.record import Who

ACCOUNTS = {  # GitHub logins without "[bot]"
    "amazon-q-developer": "amazon-q",
    "chatgpt-codex-connector": "codex",
    "claude": "claude",
    "coderabbitai": "coderabbit",
    "copilot": "copilot",
    "copilot-swe-agent": "copilot",
    "cursoragent": "cursor",
    "devin-ai-integration": "devin",
    "gemini-cli": "gemini",
    "gemini-code-assist": "gemini",
    "google-labs-jules": "jules",
    "openhands-agent": "openhands",
    "sourcery-ai": "sourcery",
}
DOMAIN_OWNERS = {  # the label before an address's top-level domain
    "aider": "aider",
    "all-hands": "openhands",
    "ampcode": "amp",
    "anthropic": "claude",
    "cognition": "devin",
    "cursor": "cursor",
    "devin": "devin",
    "openai": "codex",
    "opencode": "opencode",
    "warp": "warp",
    "windsurf": "windsurf",
}
MACHINE_BOX = re.compile(  # people work at these companies too, so their own mailboxes stay theirs
    r"(no-?reply|agent|bot|assistant|aider|amp|claude|codex|copilot|cursor|cursoragent|devin|"
    r"opencode|openhands|windsurf)(\+.*)?"
)
PRODUCT_NAME = re.compile(  # no person is called so
    r"(?:(?:github|microsoft) )?(copilot)\b.*"
    r"|(?:openai )?(codex|chatgpt)(?:[ -].*)?"
    r"|(aider|codeium|coderabbit|cursor|opencode|openhands|tabnine|windsurf)"
    r"(?:[ -]?(?:agent|ai|bot|cli|code|\(.*\)))?"
    r"|(amp|claude|devin|gemini|gpt|grok|jules|qwen)[ -]?(?:ai|agent|bot|cli|code|coder|fable|flash"
    r"|haiku|mythos|opus|pro|sonnet|v?[0-9][0-9a-z.]*|\(.*\))\b.*"
)
FIRST_NAMES = frozenset({"amp", "claude", "devin", "gemini", "grok", "jules", "qwen"})


@lru_cache(maxsize=4096)
def assistant(who: Who) -> str:
    """Return the lower-case product name of a coding assistant, "" for anybody else."""
    return (
        ACCOUNTS.get(who.login.lower().removesuffix("[bot]"), "")
        or by_address(who.email.lower())
        or by_name((who.name or who.login).lower(), alone=not who.email)
    )


def by_address(email: str) -> str:
    """Return the product whose mailbox this is: ``noreply@anthropic.com`` is ``claude``."""
    if email == "copilot@github.com":
        return "copilot"
    box, _, domain = email.rpartition("@")
    owner = DOMAIN_OWNERS.get(domain.rpartition(".")[0], "")
    return owner if owner and MACHINE_BOX.fullmatch(box) else ""


def by_name(name: str, *, alone: bool) -> str:
    """Return the product called `name`; a first name counts only `alone`, without an address."""
    found = PRODUCT_NAME.fullmatch(name[:100])
    if found:
        return next(group for group in found.groups() if group)
    return name if alone and name in FIRST_NAMES else ""
