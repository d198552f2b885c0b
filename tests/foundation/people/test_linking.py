"""What joins two spellings, what only asks, and what says nothing."""

from foundation.people.linking import LinkIndex, LinkPolicy, propose_links
from foundation.people.mailmap import parse_mailmap
from tests.foundation.people.spellings import (
    COMPANY,
    THERE,
    YEAR,
    git,
    github,
    handle,
    links,
    people,
)


def test_a_verified_claim_joins_whatever_it_claims():
    ada = git(1, "Ada Lovelace", "7+ada@users.noreply.github.com", claimed_by=5)
    other = git(2, "Countess", "8+countess@users.noreply.github.com", claimed_by=5)
    assert people(ada, other) == [{1, 2}]


def test_one_github_number_is_one_person_through_a_rename():
    assert links(
        git(1, "Ada Lovelace", "7+ada@users.noreply.github.com"),
        git(2, "A. King", "7+countess@users.noreply.github.com"),
        github(3, "ada-king", github_id=7),
    ) == [(1, 2, "github-id", "merge"), (1, 3, "github-id", "merge")]


def test_the_author_that_github_names_joins():
    assert links(
        git(1, "Ada Lovelace", "7+ada@users.noreply.github.com"),
        git(2, "ada", "ada@example.net", api_github_id=7),
    ) == [(1, 2, "api-author", "merge")]


def test_a_mailmap_joins_in_its_own_repository_only():
    entries = parse_mailmap("Ada Lovelace <ada@example.net> <ada@old.example>", repository=1)
    policy = LinkPolicy(mailmap=tuple(entries))
    assert links(
        git(1, "Ada Lovelace", "ada@example.net"),
        git(2, "countess", "ada@old.example"),
        git(3, "stranger", "ada@old.example", where=THERE),
        policy=policy,
    ) == [(1, 2, "mailmap", "merge"), (2, 3, "same-email", "merge")]


def test_one_address_joins_names_that_can_be_one_persons():
    assert links(
        git(1, "Ada Lovelace", "ada@example.net"),
        git(2, "Ada King", "ADA@example.net"),
        git(3, "countess", "ada@example.net"),
        git(4, "", "ada@example.net"),
    ) == [(1, other, "same-email", "merge") for other in (2, 3, 4)]


def test_two_unlike_names_on_one_address_are_one_person_who_spells_it_in_two_ways():
    assert links(
        git(1, "Ada Lovelace", "ada@example.net"), git(2, "Countess King", "ada@example.net")
    ) == [(1, 2, "same-email", "merge")]


def test_two_unlike_names_hang_together_by_one_link_that_says_so():
    members = [
        git(1, "ada", "ada@example.net"),
        git(2, "Ada Lovelace", "ada@example.net"),
        git(3, "Countess King", "ada@example.net"),
        git(4, "Countess A. King", "ada@example.net"),
    ]
    assert links(*members) == [
        (pair) + ("same-email", "merge") for pair in ((1, 2), (2, 3), (3, 4))
    ]
    doubted = [one.pair for one in propose_links(members) if "unlike_names" in one.evidence]
    assert doubted == [(2, 3)]


def test_three_unlike_names_on_one_address_are_a_question_and_so_is_a_handle_between_them():
    assert links(
        git(1, "Ada Lovelace", "engine@example.net"),
        git(2, "Charles Babbage", "engine@example.net"),
        git(3, "Mary Somerville", "engine@example.net"),
        git(4, "engineer", "engine@example.net"),
    ) == [(1, other, "same-email", "suggest") for other in (2, 3, 4)]


def test_titles_and_accents_do_not_make_names_unlike_or_alike():
    unlike = (
        git(1, "Dr. Ada Lovelace", "a@example.net"),
        git(2, "Dr. Zoë Fox", "a@example.net"),
        git(3, "Dr. Mary Somerville", "a@example.net"),
    )
    assert {verdict for *_, verdict in links(*unlike)} == {"suggest"}
    alike = git(1, "Zoe Fox", "a@example.net"), git(2, "Zoë Füchs", "a@example.net")
    assert links(*alike) == [(1, 2, "same-email", "merge")]


def test_an_old_noreply_address_joins_the_number_that_had_the_login_then():
    old = git(1, "ada", "ada@users.noreply.github.com", at=0)
    new = git(2, "Ada Lovelace", "7+ada@users.noreply.github.com", at=YEAR)
    assert links(old, new) == [(1, 2, "noreply-login", "merge")]


def test_a_login_that_came_up_again_years_later_is_a_question():
    old = git(1, "Charles Babbage", "ada@users.noreply.github.com", at=0)
    new = git(2, "Ada Lovelace", "7+ada@users.noreply.github.com", at=3 * YEAR)
    assert links(old, new) == [(1, 2, "noreply-login", "suggest")]


def test_years_later_a_login_needs_the_same_full_name_and_not_one_word_of_it():
    def asked(name, at):
        new = git(2, "Ada Lovelace", "7+ada@users.noreply.github.com", at=at)
        old = git(1, name, "ada@users.noreply.github.com", at=0)
        return [verdict for *_, rule, verdict in links(old, new) if rule == "noreply-login"]

    years_later = [asked(name, 10 * YEAR) for name in ("Bea Lovelace", "ada", "Ada M. Lovelace")]
    assert years_later == [["suggest"], ["suggest"], ["merge"]]
    assert asked("Bea Lovelace", YEAR) == ["merge"]


def test_a_login_that_two_numbers_had_is_a_question_unless_one_fits():
    first = git(1, "Ada Lovelace", "7+ada@users.noreply.github.com", at=0)
    second = git(2, "Charles Babbage", "8+ada@users.noreply.github.com", at=5 * YEAR)
    late, between = github(3, "ada", at=5 * YEAR), github(3, "ada", at=2 * YEAR)
    assert links(first, second, late) == [(2, 3, "noreply-login", "merge")]
    assert links(first, second, between) == [
        (1, 3, "noreply-login", "suggest"),
        (2, 3, "noreply-login", "suggest"),
    ]


def test_a_handle_joins_the_company_address_with_that_local_part():
    assert links(
        handle(1, "kebu881"),
        git(2, "Ada Lovelace", "kebu881@meta.example", where=THERE),
        git(3, "Ada Lovelace", "kebu881@fb.example", where=THERE),
        policy=COMPANY,
    ) == [
        (1, 2, "handle-localpart", "merge"),
        (1, 3, "handle-localpart", "merge"),
        (2, 3, "same-name-repository", "suggest"),
    ]


def test_a_handle_is_never_joined_with_a_free_mail_address():
    assert links(handle(1, "kebu881"), git(2, "Ada King", "kebu881@gmail.example")) == [
        (1, 2, "handle-name", "suggest")
    ]


def test_a_company_is_known_by_handles_that_meet_its_local_parts_again_and_again():
    staff = [git(n, "", f"person{n}@acme.example", where=THERE) for n in range(1, 11)]
    reviewers = [handle(n + 20, f"person{n}") for n in range(1, 11)]
    index = LinkIndex()
    index.add([*staff, *reviewers[:9]])
    assert (index.company_domains(), index.proposals()) == (frozenset(), [])
    index.add(reviewers[9:])
    assert index.company_domains() == {"acme.example"}
    assert [proposal[:4] for proposal in index.proposals()] == [
        (n, n + 20, "handle-localpart", "merge") for n in range(1, 11)
    ]


def test_a_handle_joins_the_two_names_of_a_company_mailbox_but_not_three():
    ada = git(1, "Ada Lovelace", "kebu881@meta.example", at=0)
    king = git(2, "Countess King", "kebu881@meta.example", at=YEAR)
    third = git(3, "Mary Somerville", "kebu881@meta.example", at=YEAR)
    assert people(ada, king, handle(4, "kebu881"), policy=COMPANY) == [{1, 2, 4}]
    assert people(ada, king, third, policy=COMPANY) == [{1}, {2}, {3}]
    late = third._replace(first_seen=4 * YEAR, last_seen=4 * YEAR)
    assert {1} in people(ada, king, late, handle(4, "kebu881"), policy=COMPANY)


def test_one_local_part_at_two_domains_of_a_company_joins():
    assert links(
        git(1, "Ada Lovelace", "ada@meta.example", where=frozenset({1})),
        git(2, "Ada Lovelace", "ada@fb.example", where=THERE),
        git(3, "Ada Lovelace", "ada@other.example", where=frozenset({3})),
        policy=COMPANY,
    ) == [(1, 2, "company-alias", "merge")]


def test_a_handle_is_a_github_login_where_both_are_at_work_together():
    account = git(1, "Ada Lovelace", "7+kebu881@users.noreply.github.com")
    assert links(account, handle(2, "kebu881")) == [(1, 2, "handle-login", "merge")]
    for stranger in (handle(2, "kebu881", where=THERE), handle(2, "kebu881", at=3 * YEAR)):
        assert links(account, stranger) == [(1, 2, "handle-login", "suggest")]


def test_a_handle_is_no_github_login_if_the_company_has_another_person_of_that_word():
    assert links(
        git(1, "Ada Lovelace", "7+kebu881@users.noreply.github.com"),
        handle(2, "kebu881"),
        git(3, "Charles Babbage", "kebu881@meta.example"),
        policy=COMPANY,
    ) == [(2, 3, "handle-localpart", "merge"), (1, 2, "handle-login", "suggest")]


def test_a_company_account_that_signs_with_the_handle_joins_unless_others_do_so_too():
    signed, reviewer = git(1, "kebu881", "ada@meta.example"), handle(2, "kebu881")
    assert links(signed, reviewer, policy=COMPANY) == [(1, 2, "handle-nickname", "merge")]
    namesake = git(3, "kebu881", "charles@gmail.example")
    assert links(signed, reviewer, namesake, policy=COMPANY) == [
        (1, 2, "handle-name", "suggest"),
        (2, 3, "handle-name", "suggest"),
    ]


def test_a_name_is_never_more_than_a_question():
    ada = git(1, "Ada Lovelace", "ada@acme.example")
    assert links(ada, git(2, "Ada Lovelace", "lovelace@acme.example")) == [
        (1, 2, "same-name-domain", "suggest")
    ]
    assert links(ada, git(2, "Ada Lovelace", "al@other.example")) == [
        (1, 2, "same-name-repository", "suggest")
    ]
    assert links(ada, git(2, "Ada Lovelace", "lovelace@acme.example", where=THERE)) == []
    assert links(git(1, "ada", "ada@acme.example"), git(2, "ada", "ada@other.example")) == []


def test_evidence_holds_no_name_and_no_address():
    found = propose_links(
        [
            git(1, "Ada Lovelace", "kebu881@meta.example"),
            git(2, "Countess King", "kebu881@meta.example"),
            handle(3, "kebu881"),
        ],
        COMPANY,
    )
    values = [value for proposal in found for value in proposal.evidence.values()]
    assert values and all(isinstance(value, int) for value in values)


def test_a_mailmap_that_says_a_thing_twice_links_nobody_with_themselves():
    entries = parse_mailmap("Ada <ada@x.example> <old@x.example>\n" * 2)
    policy = LinkPolicy(mailmap=tuple(entries))
    old, new = git(1, "Ada", "old@x.example"), git(2, "Ada", "ada@x.example")
    assert links(old, new, policy=policy) == [(1, 2, "mailmap", "merge")]
    assert links(old, policy=policy) == []
