"""What commits say: subjects by area, and now and then a paragraph below."""

from random import Random

from .projects import Area, Plan

# (kind, phrase); {thing} comes from the area, {case} from the project.
CODE_PHRASES = (
    ("fix", "Fix {thing} {case}"),
    ("fix", "Handle errors from {thing} {case}"),
    ("fix", "Correct the result of {thing} {case}"),
    ("fix", "Avoid a race in {thing}"),
    ("fix", "Do not crash in {thing} {case}"),
    ("feat", "Support {thing} {case}"),
    ("feat", "Add an option to {thing}"),
    ("feat", "Raise a clear error from {thing} {case}"),
    ("perf", "Speed up {thing} {case}"),
    ("perf", "Avoid a copy in {thing}"),
    ("refactor", "Refactor {thing}"),
    ("refactor", "Simplify {thing} {case}"),
    ("refactor", "Move {thing} out of the {stem} module"),
    ("refactor", "Remove dead code around {thing}"),
    ("test", "Test {thing} {case}"),
    ("test", "Make the test of {thing} deterministic"),
    ("docs", "Document {thing}"),
)
DOCS_PHRASES = (
    ("docs", "Explain {thing} {case}"),
    ("docs", "Rewrite {thing}"),
    ("docs", "Update {thing} {case}"),
    ("docs", "Fix broken links in {thing}"),
    ("docs", "Add a diagram to {thing}"),
    ("docs", "Clarify {thing} {case}"),
    ("docs", "Translate {thing} into French"),
    ("docs", "Shorten {thing}"),
    ("fix", "Correct a command in {thing}"),
    ("fix", "Fix {thing} {case}"),
)
FIRST_PHRASES = (
    ("docs", "Fix a typo in the comments on {thing}"),
    ("test", "Add a missing test for {thing}"),
    ("fix", "Improve the error message of {thing} {case}"),
)
REASONS = (
    "{thing} kept a reference to the old state, so a second call saw stale values.",
    "Users reported this on the forum; the smallest example is now a test.",
    "The old code assumed that this never happens {case}. It does.",
    "This is the first of two steps. The second one removes the old path.",
    "Measured on the nightly benchmark: no change in the median, a shorter tail.",
    "No behaviour changes; the next change needs the two parts to be apart.",
    "Found while reading the code with a newcomer in the weekly call.",
    "The fallback stays for one more release and warns.",
    "While here, name the two states in the log line, which were easy to confuse.",
)
DOCS_REASONS = (
    "A reader asked in the forum what this meant; the answer is now on the page.",
    "The old text described the release before last.",
    "Checked by following every step on a fresh machine.",
    "The French edition follows in the next change.",
    "Two newcomers stumbled over {thing} in the same week.",
    "Say first what to do, and then why.",
)
SWEEPS = (
    "Update the copyright year everywhere",
    "Reformat with the new formatter release",
    "Normalise line endings and trailing spaces",
    "Use the new licence header in all files",
    "Replace tabs with spaces",
    "Sort imports and includes",
    "Apply the spelling list to comments",
)
ASSISTANTS = (
    "Claude <noreply@anthropic.com>",
    "Copilot <198982749+Copilot@users.noreply.github.com>",
    "Cursor <cursoragent@cursor.com>",
)


def subject(plan: Plan, area: Area, stem: str, *, first: bool, rng: Random) -> tuple[str, str]:
    """A kind (fix, feat, docs, …) and a subject without marks; ``first`` for early changes."""
    phrases = DOCS_PHRASES if plan.habit == "docs" else CODE_PHRASES
    if first and rng.random() < 0.5:
        phrases = FIRST_PHRASES
    kind, phrase = rng.choice(phrases)
    thing, case = rng.choice(area.things), rng.choice(plan.cases)
    return kind, phrase.format(thing=thing, case=case, stem=stem.replace("_", " "))


def dressed(plan: Plan, area: Area, kind: str, text: str, rng: Random) -> str:
    """The subject as the project writes it: with an area in front, or without."""
    lower = text[0].lower() + text[1:]
    if plan.habit == "phabricator" and rng.random() < 0.6:
        return f"[{area.slug}] {text}"
    if plan.habit == "kernel":
        return f"{area.slug}: {lower}"
    if plan.habit == "mergebot" and rng.random() < 0.7:
        return f"{kind}({area.slug}): {lower}"
    return text


def paragraph(plan: Plan, area: Area, rng: Random) -> str:
    """A sentence or two on the why; empty for most changes."""
    if rng.random() < 0.6:
        return ""
    pool = DOCS_REASONS if plan.habit == "docs" else REASONS
    reasons = rng.sample(pool, rng.choice((1, 1, 2)))
    thing, case = rng.choice(area.things), rng.choice(plan.cases)
    text = "\n".join(reason.format(thing=thing, case=case) for reason in reasons)
    return text[0].upper() + text[1:]


def comment(rng: Random) -> str:
    """What somebody writes below an issue or a pull request."""
    return rng.choice(
        (
            "Thanks! Could you add a test for the empty case?",
            "I can reproduce this on main.",
            "Looks good to me, one question about the naming.",
            "Happy to take this one if nobody has started.",
            "Which version do you see this with?",
            "Good first change. The file to look at is the one with the tests.",
            "Rebased and addressed the comments.",
        )
    )
