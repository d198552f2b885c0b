"""The plain records that the rules of resolution read and write."""

from collections.abc import Iterable
from typing import NamedTuple

# From certain to weak; where two merges exclude each other, the stronger one stands.
RULES = (
    "verified-claim",  # the same account proved to own both
    "steward",  # a human decided
    "github-id",  # equal numeric GitHub id
    "mailmap",  # the repository's own .mailmap says so
    "api-author",  # GitHub names the account as author of a commit
    "same-email",  # and no two unlike names on it
    "noreply-login",  # equal GitHub login where one side has no number
    "handle-localpart",  # a review-tool handle is the local part of a company address
    "company-alias",  # the same local part at two domains of one company
    "handle-nickname",  # a company account signs its commits with a handle of the review tool
    "handle-login",  # a review-tool handle is a GitHub login
    "handle-name",  # a handle is what somebody calls themselves in commits
    "same-name-domain",  # same full name, same mail domain, same repository
    "same-name-repository",  # same full name, same repository
)
STRENGTH = {rule: strength for strength, rule in enumerate(RULES)}
ABSOLUTE = frozenset({"verified-claim", "steward"})
MERGE, SUGGEST = "merge", "suggest"


class IdentityFacts(NamedTuple):
    """One spelling of somebody, as one kind of source has it; every text may be empty.

    Parameters
    ----------
    source : "git", "github", or any other word for a review tool's space of handles
    github_id : the account's number where this identity itself carries it
    api_github_id : ``author.id`` that GitHub gives for a commit of this identity
    claimed_by : the account that proved to own this identity
    repositories : ids of the repositories it was seen in
    first_seen, last_seen : seconds UTC, None when unknown
    kind : a kind of ``foundation.people.bots``
    locked : a human decided about it; no rule may move it
    """

    id: int
    source: str
    name: str = ""
    email: str = ""
    login: str = ""
    github_id: int | None = None
    api_github_id: int | None = None
    claimed_by: int | None = None
    repositories: frozenset[int] = frozenset()
    first_seen: int | None = None
    last_seen: int | None = None
    kind: str = "human"
    locked: bool = False


class LinkProposal(NamedTuple):
    """Two identities that one rule takes for the same person.

    ``evidence`` holds codes and numbers, never a name or an address: what is erased from the
    identities is then erased everywhere.
    """

    left_id: int  # the lower id
    right_id: int
    rule: str
    verdict: str  # MERGE or SUGGEST
    evidence: dict

    @property
    def pair(self) -> tuple[int, int]:
        return self.left_id, self.right_id

    @property
    def order(self) -> tuple[int, int, int]:
        """Sort key: strongest rule first, then ids. Rules that are no more come last."""
        return STRENGTH.get(self.rule, len(RULES)), self.left_id, self.right_id


def told_evidence(told_by: Iterable[int], canonical: int | None) -> dict:
    """The evidence of a link that .mailmap files tell, in codes and numbers."""
    told = {"told_by": sorted(told_by)} if told_by else {}
    return told | ({"canonical": canonical} if canonical is not None else {})
