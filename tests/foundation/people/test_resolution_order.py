"""Resolution answers alike whatever the order, gives back what was before, and is quick."""

import random
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.people.area import area_of
from foundation.people.identities import IdentityFacts
from foundation.people.linking import NO_POLICY, LinkIndex
from foundation.people.resolution import components, reassign, resolve, settle
from foundation.people.spelling import account_number
from tests.foundation.people.spellings import COMPANY, HERE, THERE, YEAR, git, handle

NAMES = ["Ada Lovelace", "Ada King", "Charles Babbage", "ada", "kebu881", ""]
EMAILS = ["a@x.example", "kebu881@meta.example", "kebu881@fb.example", "root@x.example", ""]
NOREPLY = ["7+ada@users.noreply.github.com", "8+ada@users.noreply.github.com"]
OLD_NOREPLY = ["ada@users.noreply.github.com", "kebu881@users.noreply.github.com"]
fact_fields = st.tuples(
    st.sampled_from(["git", "github", "handle"]),
    st.sampled_from(NAMES),
    st.sampled_from(EMAILS + NOREPLY + OLD_NOREPLY),
    st.sampled_from(["", "ada", "kebu881"]),
    st.sampled_from([None, None, 7]),
    st.sampled_from([None, None, 8]),
    st.sampled_from([None, None, None, 1, 2]),
    st.sampled_from([HERE, THERE, HERE | THERE]),
    st.sampled_from([0, YEAR, 4 * YEAR]),
    st.sampled_from(["human", "human", "human", "bot"]),
    st.booleans(),
)


@st.composite
def communities(draw):
    rows = draw(st.lists(fact_fields, min_size=2, max_size=9))
    return [
        IdentityFacts(n, *row[:8], row[8], row[8], kind=row[9], locked=row[10] and n % 4 == 0)
        for n, row in enumerate(rows, 1)
    ]


@settings(max_examples=150)
@given(communities(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(identities, chance):
    shuffled = identities[:]
    chance.shuffle(shuffled)
    assert resolve(shuffled, COMPANY) == resolve(identities, COMPANY)


@settings(max_examples=150)
@given(communities())
def test_no_person_breaks_a_veto(identities):
    members = {}
    for identity, root in resolve(identities, COMPANY).component.items():
        members.setdefault(root, []).append(identities[identity - 1])
    for person in members.values():
        assert len({one.kind for one in person}) == 1
        assert len({one.claimed_by for one in person} - {None}) <= 1
        claimed = sum(one.claimed_by is not None for one in person)
        numbers = set(map(account_number, person)) - {None}
        assert len(numbers) <= 1 or claimed > 1


class House:
    """Settles area by area, as the facts come, and keeps what stands in between."""

    def __init__(self, policy):
        self.policy, self.index = policy, LinkIndex(policy)
        self.known, self.links, self.questions = {}, {}, {}
        self.companies = frozenset()

    def learn(self, identities):
        self.index.add(identities)
        self.known |= {facts.id: facts for facts in identities}
        touched = {facts.id for facts in identities}
        if self.index.company_domains() != self.companies:
            self.companies, touched = self.index.company_domains(), set(self.known)
        area = area_of(self.index, touched, components(self.known, self.links))
        settlement = settle(
            [self.known[id_] for id_ in area.inside | area.around],
            area.proposals,
            rejected_pairs=self.policy.rejected_pairs,
            joined=[pair for pair in self.links if area.around.issuperset(pair)],
        )
        self.links = self._outside(self.links, area) | {one.pair: one for one in settlement.links}
        asked = {one.pair: one for one in settlement.suggestions}
        self.questions = self._outside(self.questions, area) | asked

    @staticmethod
    def _outside(proposals, area):
        return {k: one for k, one in proposals.items() if area.inside.isdisjoint(k)}


def by_order(proposals):
    return sorted(proposals, key=lambda proposal: proposal.order)


@settings(max_examples=300)
@given(communities(), st.randoms(use_true_random=False), st.booleans())
def test_settling_bit_by_bit_in_any_order_is_settling_all_at_once(identities, chance, by_veto):
    rejected = {(1, len(identities))} if by_veto else set()
    policy = COMPANY._replace(rejected_pairs=frozenset(rejected))
    house, waiting = House(policy), identities[:]
    chance.shuffle(waiting)
    # Somebody may first be seen in one place only, and in others later.
    house.learn([one._replace(repositories=HERE, first_seen=0) for one in waiting[:2]])
    while waiting:
        size = chance.randint(1, 4)
        house.learn(waiting[:size])
        waiting = waiting[size:]
    at_once = resolve(identities, policy)
    assert components(house.known, house.links) == at_once.component
    assert by_order(house.links.values()) == at_once.links
    assert by_order(house.questions.values()) == at_once.suggestions


def test_a_merge_that_a_veto_held_up_is_made_when_the_veto_falls():
    """A third name on the mailbox parts Ada from Mary, whose number kept Ada's account away."""
    ada = IdentityFacts(1, "github", "Ada Lovelace", "mill@x.example", "ada", repositories=HERE)
    mary = git(2, "Mary Somerville", "mill@x.example", api_github_id=7)
    account = git(3, "Ada Lovelace", "8+ada@users.noreply.github.com")
    namesake = git(4, "Ada Lovelace", "ada@y.example")
    third = git(5, "Charles Babbage", "mill@x.example")
    house = House(NO_POLICY)
    house.learn([ada, mary, account, namesake])
    assert components(house.known, house.links) == {1: 1, 2: 1, 3: 3, 4: 4}
    house.learn([third])
    at_once = resolve([ada, mary, account, namesake, third])
    assert components(house.known, house.links) == at_once.component
    assert at_once.component == {1: 1, 2: 2, 3: 1, 4: 4, 5: 5}
    assert by_order(house.questions.values()) == at_once.suggestions


def test_the_area_of_one_newcomer_is_small():
    strangers = [git(n, f"Name{n} Family{n}", f"user{n}@x.example") for n in range(1, 500)]
    newcomer = git(500, "Name7 Family7", "user7@x.example")
    index = LinkIndex()
    index.add([*strangers, newcomer])
    area = area_of(index, {500}, {facts.id: facts.id for facts in [*strangers, newcomer]})
    assert (area.inside, area.around) == ({7, 500}, frozenset())
    assert [one[:4] for one in area.proposals] == [(7, 500, "same-email", "merge")]


pairs = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=15)


@given(pairs, st.tuples(st.integers(1, 12), st.integers(1, 12)))
def test_undoing_a_merge_gives_back_what_was_before(standing, extra):
    before = components(range(1, 13), standing)
    people_before = {identity: root * 100 for identity, root in before.items()}
    merged = reassign(people_before, components(range(1, 13), [*standing, extra]))
    assert len(merged.emptied) == (before[extra[0]] != before[extra[1]])
    after = dict(people_before)
    component = components(range(1, 13), [*standing, extra])
    after.update({id_: merged.person_of[component[id_]] for id_ in merged.moved})
    undone = components(range(1, 13), standing)
    assert undone == before
    restored = reassign(after, undone)
    assert {before[id_] for id_ in restored.moved} <= {before[end] for end in extra}
    assert restored.emptied == frozenset()


def spellings(count):
    """Spellings of a company: many share a name, an address or a handle with a few others."""
    chance, half, by_handle = random.Random(7), count // 2, count - count // 6
    return [
        git(n, f"Name{n // 3} Family{n // 5}", f"user{chance.randrange(half)}@meta.example")
        for n in range(1, by_handle + 1)
    ] + [handle(n, f"user{n % half}") for n in range(by_handle + 1, count + 1)]


def steps(work):
    """How many lines of Python are run: what time is made of, but the same on every machine."""
    count, before = 0, sys.gettrace()

    def trace(frame, event, argument):
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def test_twice_as_many_spellings_take_twice_the_steps():
    few, many = spellings(1500), spellings(3000)
    assert len(resolve(many).component) == 3000
    assert steps(lambda: resolve(many)) < 2.2 * steps(lambda: resolve(few))
