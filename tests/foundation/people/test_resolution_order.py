"""Resolution answers alike whatever the order, gives back what was before, and is quick."""

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.people.identities import IdentityFacts
from foundation.people.linking import LinkIndex
from foundation.people.resolution import components, reassign, resolve
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


@settings(max_examples=150, deadline=None)
@given(communities(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(identities, chance):
    shuffled = identities[:]
    chance.shuffle(shuffled)
    assert resolve(shuffled, COMPANY) == resolve(identities, COMPANY)


@settings(max_examples=150, deadline=None)
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


@settings(max_examples=100, deadline=None)
@given(communities(), st.integers(1, 9))
def test_new_identities_change_only_what_they_touch(identities, number):
    index = LinkIndex(COMPANY)
    index.add(identities[:number])
    before = {proposal.pair for proposal in index.proposals()}
    index.add(identities)
    new = {facts.id for facts in identities[number:]}
    touched = index.proposals(touching=new)
    everything = index.proposals()
    about_new = [one for one in everything if new & set(one.pair)]
    assert {one.pair for one in about_new} <= {one.pair for one in touched}
    assert {one.pair for one in everything} <= before | {one.pair for one in touched}


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


def test_six_thousand_spellings_take_less_than_a_second():
    chance = random.Random(7)
    identities = [
        git(n, f"Name{n // 3} Family{n // 5}", f"user{chance.randrange(3000)}@meta.example")
        for n in range(1, 5001)
    ] + [handle(n, f"user{n % 3000}") for n in range(5001, 6001)]
    started = time.perf_counter()
    assert len(resolve(identities).component) == 6000
    assert time.perf_counter() - started < 1
