"""From links to persons: which links stand together, who they make, and which rows move.

Identities that stand in one connected component of links are one person. A veto holds for whole
components: a merge that would bring two GitHub account numbers into one person, by however many
steps, is refused and becomes a suggestion. Stronger rules go first, then lower ids; so the answer
does not depend on the order of the input, and taking a link away gives back what was before it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from foundation.people.identities import ABSOLUTE, MERGE, SUGGEST, IdentityFacts, LinkProposal
from foundation.people.linking import NO_POLICY, LinkPolicy, propose_links
from foundation.people.spelling import account_number

Pairs = Iterable[tuple[int, int]]


class Settlement(NamedTuple):
    """``component`` maps every identity to the lowest id of its component."""

    links: list[LinkProposal]  # the merges that stand
    suggestions: list[LinkProposal]  # for a human; one for a pair of components
    component: dict[int, int]


class Reassignment(NamedTuple):
    person_of: dict[int, int | None]  # component → person; None: make a new one
    moved: list[int]  # identities whose person changes, sorted
    emptied: frozenset[int]  # persons who keep no identity


class _Forest:
    """Union-find; the root of a tree is the lowest id in it."""

    def __init__(self, ids: Iterable[int]):
        self._parent = {id_: id_ for id_ in ids}

    def root(self, id_: int) -> int:
        while (parent := self._parent[id_]) != id_:
            self._parent[id_] = id_ = self._parent[parent]
        return id_

    def unite(self, left: int, right: int) -> tuple[int, int]:
        """Join two trees; return (root that stays, root that is one no more)."""
        low, high = sorted((self.root(left), self.root(right)))
        self._parent[high] = low
        return low, high

    def component(self) -> dict[int, int]:
        return {id_: self.root(id_) for id_ in self._parent}


class _Traits:
    """What the members of one component bring along and may not bring twice."""

    __slots__ = ("claims", "foes", "frozen", "kind", "numbers")

    def __init__(self, facts: IdentityFacts, foes: set[int]):
        number = account_number(facts)
        self.numbers = set() if number is None else {number}
        self.claims = set() if facts.claimed_by is None else {facts.claimed_by}
        self.kind = facts.kind
        self.frozen = facts.locked
        self.foes = foes  # identities that a human said are somebody else

    def take_in(self, other: "_Traits") -> None:
        self.numbers |= other.numbers
        self.claims |= other.claims
        self.foes |= other.foes
        self.frozen |= other.frozen


class _Settler:
    """Components that grow link by link as long as no veto speaks against it."""

    def __init__(self, identities: Mapping[int, IdentityFacts], rejected_pairs: Pairs):
        foes: dict[int, set[int]] = {id_: set() for id_ in identities}
        for left, right in rejected_pairs:
            if left in foes and right in foes:
                foes[left].add(right)
                foes[right].add(left)
        self.forest = _Forest(identities)
        self._traits = {id_: _Traits(facts, foes[id_]) for id_, facts in identities.items()}

    def join(self, left: int, right: int) -> None:
        if self.forest.root(left) == self.forest.root(right):
            return
        stays, goes = self.forest.unite(left, right)
        self._traits[stays].take_in(self._traits.pop(goes))

    def veto(self, link: LinkProposal) -> str:
        """Return the code of what forbids the link, "" if nothing does."""
        roots = self.forest.root(link.left_id), self.forest.root(link.right_id)
        if roots[0] == roots[1]:
            return ""
        left, right = (self._traits[root] for root in roots)
        if left.kind != right.kind:
            return "different-kind"
        if any(self.forest.root(foe) == roots[1] for foe in left.foes):
            return "rejected-pair"
        if len(left.claims | right.claims) > 1:
            return "two-claims"
        if link.rule in ABSOLUTE:
            return ""
        if left.frozen or right.frozen:
            return "locked"
        if not (left.numbers <= right.numbers or right.numbers <= left.numbers):
            return "two-github-ids"
        return ""


def settle(
    identities: Iterable[IdentityFacts],
    proposals: Iterable[LinkProposal],
    *,
    rejected_pairs: Pairs = (),
    standing: Iterable[LinkProposal] = (),
    joined: Pairs = (),
) -> Settlement:
    """Decide which of the proposed merges stand together.

    Parameters
    ----------
    rejected_pairs : identities that a human said are two people, in either order
    standing : links in force; they matter where an identity is locked: its whole component then
        stays as it is, and only a claim or a steward adds to it
    joined : identities that are one already and are not asked about; they make no link
    """
    by_id = {facts.id: facts for facts in identities}
    settler = _Settler(by_id, rejected_pairs)
    kept = _frozen_links(by_id, standing)
    for pair in (*joined, *(link.pair for link in kept)):
        settler.join(*pair)
    known = {link.pair for link in kept}
    links, open_questions = list(kept), []
    for proposal in sorted(proposals, key=lambda proposal: proposal.order):
        if proposal.pair in known or not by_id.keys() >= set(proposal.pair):
            continue
        refusal = settler.veto(proposal)
        if proposal.verdict == MERGE and not refusal:
            settler.join(*proposal.pair)
            links.append(proposal)
            known.add(proposal.pair)
        else:
            open_questions.append(proposal)
    links.sort(key=lambda link: link.order)
    return Settlement(links, _questions(open_questions, settler), settler.forest.component())


def resolve(identities: Iterable[IdentityFacts], policy: LinkPolicy = NO_POLICY) -> Settlement:
    """Propose all links among the identities and settle them."""
    identities = list(identities)
    proposals = propose_links(identities, policy)
    return settle(identities, proposals, rejected_pairs=policy.rejected_pairs)


def components(identity_ids: Iterable[int], links: Iterable[tuple]) -> dict[int, int]:
    """Map every identity to the lowest id it is linked with, over links that all stand.

    Links are proposals or plain pairs; a link to an unknown identity is ignored.
    """
    forest = _Forest(identity_ids)
    known = forest._parent.keys()
    for left, right, *_ in links:
        if left in known and right in known and forest.root(left) != forest.root(right):
            forest.unite(left, right)
    return forest.component()


def reassign(
    current: Mapping[int, int | None],
    component: Mapping[int, int],
    anchored: frozenset[int] = frozenset(),
) -> Reassignment:
    """Give each component a person so that few rows move.

    A component keeps the person who holds most of its identities (of equals the lowest id), and a
    person stays with one component only; whoever has a login (``anchored``) is kept first.
    """
    shared = Counter(
        (current[id_], root) for id_, root in component.items() if current.get(id_) is not None
    )
    person_of: dict[int, int | None] = dict.fromkeys(sorted(set(component.values())))
    placed: set[int] = set()
    for person, root in sorted(
        shared, key=lambda pair: (pair[0] not in anchored, -shared[pair], pair)
    ):
        if person_of[root] is None and person not in placed:
            person_of[root] = person
            placed.add(person)
    moved = sorted(
        id_
        for id_, root in component.items()
        if person_of[root] is None or person_of[root] != current.get(id_)
    )
    emptied = frozenset(person for person, _ in shared) - placed
    return Reassignment(person_of, moved, emptied)


def _frozen_links(
    by_id: Mapping[int, IdentityFacts], standing: Iterable[LinkProposal]
) -> list[LinkProposal]:
    """Return the links in force of components that hold a locked identity."""
    standing = [link for link in standing if by_id.keys() >= set(link.pair)]
    component = components(by_id, standing)
    frozen = {component[id_] for id_, facts in by_id.items() if facts.locked}
    return [link for link in standing if component[link.left_id] in frozen]


def _questions(asked: list[LinkProposal], settler: _Settler) -> list[LinkProposal]:
    """Keep the strongest question about each two components, if a human may still answer it.

    A refused merge says what refused it; a mere suggestion that a veto speaks against is dropped.
    """
    questions: dict[frozenset[int], LinkProposal] = {}
    for proposal in asked:
        two = frozenset(map(settler.forest.root, proposal.pair))
        refusal = settler.veto(proposal)
        is_settled = len(two) < 2 or refusal in ("rejected-pair", "different-kind", "locked")
        if is_settled or (refusal and proposal.verdict == SUGGEST):
            continue
        evidence = proposal.evidence | ({"refused": refusal} if refusal else {})
        question = proposal._replace(verdict=SUGGEST, evidence=evidence)
        questions.setdefault(two, question)
    return sorted(questions.values(), key=lambda question: question.order)
