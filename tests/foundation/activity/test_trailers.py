import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.activity.sources.record import Deed, Who
from foundation.activity.sources.trailers import Message, MessageReader, people

ANN = Who("Ann Lee", "ann@one.example")
BOB = Who("Bob Ray", "bob@two.example")


def read(body, author=ANN, subject="Change something"):
    return MessageReader().read(f"{subject}\n\n{body}", author, subject)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("Reviewed-by", "reviewed"),
        ("Reviewed By", "reviewed"),
        ("REVIEWED-BY", "reviewed"),
        ("Approved by", "reviewed"),
        ("Approved-by", "reviewed"),
        ("Acked-by", "acked"),
        ("Tested-by", "tested"),
        ("Helped-by", "helped"),
        ("Mentored-by", "mentored"),
        ("Reported-by", "reported"),
        ("Suggested-by", "suggested"),
        ("Co-authored-by", "coauthored"),
        ("Co-Authored-By", "coauthored"),
        ("Signed-off-by", "signed_off"),
        ("Pulled By", "landed"),
    ],
)
def test_every_spelling_of_a_people_trailer_is_its_deed(key, kind):
    told = read(f"{key}: Bob Ray <bob@two.example>")
    assert told == Message(deeds=(Deed(kind, BOB),))


@pytest.mark.parametrize(
    ("value", "whos"),
    [
        ("Bob Ray <bob@two.example>", [BOB]),
        ("Bob Ray <bob@two.example> # v2", [BOB]),
        ('"Bob Ray" <bob@two.example>', [BOB]),
        ("Ray, Bob <bob@two.example>", [Who("Ray, Bob", "bob@two.example")]),
        ("<bob@two.example>", [Who("", "bob@two.example")]),
        ("bob@two.example", [Who("", "bob@two.example")]),
        ("Bob Ray bob@two.example", [BOB]),
        ("Bob Ray <bob@two.example>, Cy <cy@x.example>", [BOB, Who("Cy", "cy@x.example")]),
        ("kebu881", [Who(login="kebu881")]),
        ("kebu881, maki8699", [Who(login="kebu881"), Who(login="maki8699")]),
        ("@kebu881 @maki8699", [Who(login="kebu881"), Who(login="maki8699")]),
        ("a-b, c_d and e.f", [Who(login="a-b"), Who(login="c_d"), Who(login="e.f")]),
        ("https://github.com/bob", [Who(login="bob")]),
        (
            "https://github.com/bob, https://github.com/cy/",
            [Who(login="bob"), Who(login="cy")],
        ),
        ("https://github.com/bob https://github.com/cy", [Who(login="bob"), Who(login="cy")]),
        ("[Bob](https://github.com/bob)", [Who(login="bob")]),
        ("Bob Ray (bob)", [Who("Bob Ray", login="bob")]),
        ("Bob Ray (@bob)", [Who("Bob Ray", login="bob")]),
        ("Bob Ray", [Who("Bob Ray")]),
        ("bob <>", [Who(login="bob")]),
        ("Bob Ray <>", [Who("Bob Ray")]),
        ("斎藤 くみ子 <kumi@three.example>", [Who("斎藤 くみ子", "kumi@three.example")]),
        (
            "Bob Ray <123+bob@users.noreply.github.com>",
            [Who("Bob Ray", "123+bob@users.noreply.github.com", "bob", 123)],
        ),
        (
            "Bob <bob@users.noreply.github.com>",
            [Who("Bob", "bob@users.noreply.github.com", "bob")],
        ),
        (
            "app[bot] <9+app[bot]@users.noreply.github.com>",
            [Who("app[bot]", "9+app[bot]@users.noreply.github.com", "app[bot]", 9)],
        ),
        ("#some-team", []),
        ("none", []),
        ("N/A", []),
        ("", []),
        (",,;", []),
        ("running the whole suite twice", []),
    ],
)
def test_a_trailer_names_people_in_many_ways(value, whos):
    assert list(people(value)) == whos


@pytest.mark.parametrize(
    "prose", ["Tested by: hand", "Reported by: lint", "Suggested by: Some Users"]
)
def test_prose_that_looks_like_a_trailer_names_nobody(prose):
    assert read(prose) == Message()


def test_a_folded_trailer_is_read_to_its_end():
    told = read("Reviewed By: bob,\n  cy,\n  dee\n\nReviewed-by:\n Eve Fox\n <eve@x.example>")
    whos = [Who(login="bob"), Who(login="cy"), Who(login="dee"), Who("Eve Fox", "eve@x.example")]
    assert told.deeds == tuple(Deed("reviewed", who) for who in whos)


def test_indented_trailers_are_each_their_own():
    told = read("  Reviewed-by: bob\n  Acked-by: cy")
    assert told.deeds == (Deed("reviewed", Who(login="bob")), Deed("acked", Who(login="cy")))


def test_a_deed_is_told_once_and_the_subject_is_no_trailer():
    told = MessageReader().read("Reviewed-by: cy\n\nReviewed-by: bob\nReviewed-by: bob", ANN)
    assert told.deeds == (Deed("reviewed", Who(login="bob")),)


@pytest.mark.parametrize(
    ("line", "oddities"),
    [
        ("Reviewed-by: Ann Lee <ann@one.example>", ("self-review",)),
        ("Reviewed-by: ANN LEE <ann@other.example>", ("self-review",)),
        ("Reviewed By: ann", ("self-review",)),
        ("Co-authored-by: A. <Ann@One.example>", ("self-coauthor",)),
        ("Signed-off-by: Ann Lee <ann@one.example>", ()),
    ],
)
def test_nobody_reviews_or_helps_their_own_change(line, oddities):
    assert read(line) == Message(oddities=oddities)


def test_the_author_who_lands_their_own_change_landed_it():
    assert read("Pulled By: ann").deeds == (Deed("landed", Who(login="ann")),)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Co-Authored-By: Claude <noreply@anthropic.com>", ("claude",)),
        ("Co-authored-by: Claude Opus 4.5 (1M context) <noreply@anthropic.com>", ("claude",)),
        ("Co-authored-by: Some Name <noreply@anthropic.example>", ("claude",)),
        ("Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>", ("copilot",)),
        ("Co-authored-by: GitHub Copilot <copilot@github.com>", ("copilot",)),
        ("Co-authored-by: copilot-swe-agent[bot] <1+x@users.noreply.github.com>", ("copilot",)),
        ("Co-authored-by: Cursor <cursoragent@cursor.com>", ("cursor",)),
        ("Co-authored-by: openai-codex <codex@openai.com>", ("codex",)),
        ("Co-authored-by: Codex <x@y.example>", ("codex",)),
        ("Co-authored-by: aider (gpt-4o) <noreply@aider.chat>", ("aider",)),
        (
            "Co-authored-by: Devin AI <1+devin-ai-integration[bot]@users.noreply.github.com>",
            ("devin",),
        ),
        (
            "Co-authored-by: g <1+gemini-code-assist[bot]@users.noreply.github.com>",
            ("gemini",),
        ),
        ("Assisted-by: Claude Code, Copilot", ("claude", "copilot")),
        ("Co-authored-by: claude", ("claude",)),
    ],
)
def test_an_assistant_is_an_attribute_of_the_change_and_no_person(line, names):
    assert read(line) == Message(ai_assistants=names)


@pytest.mark.parametrize(
    "name_and_mail",
    [
        "Claude Martin <claude.martin@x.example>",
        "Claude <claude@famille.example>",
        "Devin Smith <devin@x.example>",
        "Jules Verne <jules@x.example>",
        "Jane Doe <jane@anthropic.com>",
        "Cursor Lee <c@x.example>",
        "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
    ],
)
def test_people_with_an_assistants_name_or_employer_stay_people(name_and_mail):
    told = read(f"Co-authored-by: {name_and_mail}")
    assert (len(told.deeds), told.ai_assistants) == (1, ())


@pytest.mark.parametrize(
    ("subject", "body", "number"),
    [
        ("Fix it (#123)", "", 123),
        ("Fix it (#123) ", "x", 123),
        ("Fix it", "Pull Request resolved: https://github.com/o/r/pull/45", 45),
        ("Fix it", "Pull-Request: https://github.com/o/r/pull/45", 45),
        ("Fix it", "Pull Request resolved: #45", 45),
        ("Fix it (#9)", "Pull Request resolved: https://github.com/o/r/pull/45", 9),
        ("Merge pull request #77 from o/branch", "", 77),
        ("Fix it", "Stack:\n* #1\n* __->__ #2\nghstack-source-id: abc", 2),
        ('Revert "Fix it (#123)"', "", None),
        ("Fix issue #12", "Fixes #13", None),
        ("Fix (#123456789012)", "", None),
    ],
)
def test_the_pull_request_of_a_change_is_found(subject, body, number):
    assert read(body, subject=subject).pull_request == number


@pytest.mark.parametrize(
    ("value", "differential"),
    [
        ("D106106843", "D106106843"),
        ("[D12](https://our.internal.example/intern/diff/D12/)", "D12"),
        ("https://phabricator.example/D345", "D345"),
        ("pending", ""),
    ],
)
def test_an_imported_change_tells_its_differential(value, differential):
    told = read(f"Differential Revision: {value}")
    assert (told.differential, told.is_import) == (differential, bool(differential))


def test_of_several_differentials_the_last_one_is_the_changes_own():
    assert read("Differential Revision: D1\n\nDifferential Revision: D2").differential == "D2"


def test_the_authors_of_a_real_import_are_told_apart():
    body = (
        "Summary: X\nPull Request resolved: https://github.com/pytorch/glow/pull/12\n\n"
        "Test Plan: CI\n\nReviewed By: kebu881, maki8699\n\nDifferential Revision: D9\n\n"
        "Pulled By: cune217\n\nfbshipit-source-id: 1a2b"
    )
    deeds = [("reviewed", "kebu881"), ("reviewed", "maki8699"), ("landed", "cune217")]
    assert read(body) == Message(
        tuple(Deed(kind, Who(login=login)) for kind, login in deeds), 12, "D9", True
    )


LINES = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}: {}".format,
        st.sampled_from(["Reviewed-by", "Reviewed By", "Co-authored-by", "Differential Revision"]),
        st.one_of(st.text(max_size=60), st.text("<>@,;() \t.ab[]#", max_size=60)),
    ),
)


@settings(max_examples=150)
@given(st.lists(LINES, max_size=12), st.text(max_size=20), st.text(max_size=20))
def test_no_text_is_too_odd_to_be_read(lines, name, email):
    told = MessageReader().read("\n".join(lines), Who(name, email))
    assert all(deed.who != Who() for deed in told.deeds)


@pytest.mark.parametrize(
    "text",
    ["\nReviewed-by: " + "<" * 100_000, "\nReviewed-by: " + "a@" * 50_000]
    + ["\n" + "a-" * 50_000, "\n" + " " * 100_000, "\nReviewed-by:" + "\n x" * 30_000]
    + ["\nReviewed-by: " + "A b" * 33_000, "\nReviewed-by: " + "a (" * 33_000]
    + ["Reviewed by " * 9_000, "\nReviewed By: " + "a," * 50_000, "(#1) " * 20_000],
    ids=range(10),
)
def test_a_hostile_message_is_read_in_no_time(text):
    began = time.process_time()
    MessageReader().read("subject" + text, ANN, text)
    assert time.process_time() - began < 0.5
