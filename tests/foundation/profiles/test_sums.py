"""What is added up as arrays, in parts, is what a plain loop comes to, to the last bit."""

from collections import Counter, defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.profiles import evidence, grouped
from foundation.profiles.decay import stored_weight
from foundation.profiles.deeds import NOBODY, SORT_OF, UNDATED, Deeds, Sort
from foundation.profiles.evidence import language_of_path
from foundation.profiles.grouped import Grouped
from foundation.profiles.names import Names
from foundation.profiles.sums import Sums
from foundation.profiles.tallies import FIRST_MONDAY, WEEK, Tally

SWEEP = "\n".join(f"part{number}/{'x' * 230}/{number % 2}/file.py" for number in range(40))
CHANGES = [
    ("[warp] Tighten the thread", "loom/warp/thread.py\nloom/weft/thread.c\ndocs/guide.md", 3),
    ("Fix everything", "loom/warp/thread.py", 900),
    ("docs: say how", "docs/guide.md", 0),
    ("Nothing is known of it", "", 0),
    (
        "Fold",
        "\n".join(f"part{number}/{'x' * 230}/{number % 2}/file.py" for number in range(40)),
        0,
    ),
]
PEOPLE = st.integers(NOBODY, 4)
DEED = st.tuples(
    PEOPLE,
    PEOPLE,
    st.one_of(st.just(UNDATED), st.integers(-WEEK * 9, 1_800_000_000)),
    st.integers(0, len(CHANGES) - 1),
    st.sampled_from([*SORT_OF, "answered"]),
)


def as_arrays(deeds: list[tuple], first: int) -> Deeds:
    """Deeds (who, for whom, when, row of the change, what) whose keys begin with ``first``."""
    person, counterpart, at, change, kind = (
        np.array(column) for column in zip(*deeds, strict=True)
    )
    subject, paths, count = zip(*(CHANGES[row] for row in change), strict=True)
    return Deeds(
        key=np.arange(first, first + len(deeds)),
        person=person,
        counterpart=counterpart,
        author=change % 5,
        at=at,
        change=change,
        path_count=np.array(count),
        sort=np.array([SORT_OF.get(one, Sort.OTHER) for one in kind], np.int8),
        subject=np.array(subject, object),
        paths=np.array(paths, object),
    )


def plain_sums(deeds: list[tuple], told_again: set[int]) -> tuple[dict, dict]:
    """The same by a loop: tallies by person, lines by person, kind and name."""
    tallies, lines = {}, {}
    for key, (person, counterpart, at, row, kind) in enumerate(deeds):
        sort = SORT_OF.get(kind, Sort.OTHER)
        if sort == Sort.SILENT or at == UNDATED:
            continue
        named = {person, counterpart if sort == Sort.REVIEW else NOBODY} - {NOBODY}
        for one in named:
            tallies.setdefault(one, [0, 0, 0, [], [], []])
        if person == NOBODY or key in told_again:
            continue
        own_review = sort == Sort.REVIEW and person == row % 5
        is_own = sort in (Sort.AUTHORED, Sort.COAUTHORED)
        tally = tallies[person]
        tally[0] += sort == Sort.AUTHORED
        tally[1] += sort == Sort.REVIEW and not own_review
        tally[2] += sort == Sort.HELP
        tally[3].append(at)
        tally[4].append((at - FIRST_MONDAY) // WEEK)
        tally[5] += [at % 86_400 // 3600] if is_own else []
        if not is_own and (sort != Sort.REVIEW or own_review):
            continue
        subject, paths, count = CHANGES[row]
        touched = paths.split("\n") if paths else []
        said = {
            "area": plain_shares(map(plain_areas, touched), touched, count),
            "language": plain_shares(
                ([language_of_path(path)] for path in touched), touched, count
            ),
            "topic": evidence.topics(subject, touched),
        }
        for what, names in said.items():
            for name, share in names.items():
                line = lines.setdefault((person, what, name), [0.0, 0.0, 0, 0, at])
                line[0 if is_own else 1] += stored_weight(at) * share
                line[2 if is_own else 3] += 1
                line[4] = max(line[4], at)
    return {person: as_tally(person, *tally) for person, tally in tallies.items()}, lines


def plain_areas(path: str) -> set[str]:
    """The three outermost folders that a path lies in, as long as a row holds them."""
    folders = path.split("/")[:-1][:3]
    return {"/".join(folders[:depth])[:200] for depth in range(1, len(folders) + 1)}


def plain_shares(told, touched: list[str], count: int) -> dict[str, float]:
    """Of the touched paths, how many told each name; the thirty that were told most often."""
    counts = Counter(name for names in told for name in sorted(names) if name)
    return {name: told / max(len(touched), count) for name, told in counts.most_common(30)}


def as_tally(person, changes, given, helped, times, weeks, hours) -> Tally:
    span = min(times, default=None), max(times, default=None)
    by_week = {week: weeks.count(week) for week in sorted(set(weeks))}
    return Tally(
        person, changes, given, helped, *span, by_week, [hours.count(hour) for hour in range(24)]
    )


@given(st.lists(DEED, min_size=1, max_size=40), st.sets(st.integers(0, 40)), st.integers(1, 7))
@settings(max_examples=150)
def test_sums_are_those_of_a_plain_loop(deeds, told_again, part):
    deeds.sort(key=lambda deed: deed[3])
    sums = Sums(np.array(sorted(told_again), np.int64))
    for start in range(0, len(deeds), part):
        sums.add(as_arrays(deeds[start : start + part], start))
    tallies, lines = plain_sums(deeds, told_again)
    assert {tally.person: tally for tally in sums.tallies.of(sums.tallies.people)} == tallies
    rows = [line for part in sums.lines.parts() for line in part]
    assert {line[:3]: [*line[3:]] for line in rows} == lines
    assert [line[:3] for line in rows] == sorted(lines)


@given(st.lists(DEED, min_size=1, max_size=40), st.sets(st.integers(1, 4)))
@settings(max_examples=50)
def test_of_some_people_only_theirs_is_added_up(deeds, some):
    deeds.sort(key=lambda deed: deed[3])
    sums = Sums(np.zeros(0, np.int64))
    sums.add(as_arrays(deeds, 0), only=np.array(sorted(some), np.int64))
    tallies, lines = plain_sums(deeds, set())
    assert {tally.person: tally for tally in sums.tallies.of(sums.tallies.people)} == {
        person: tally for person, tally in tallies.items() if person in some
    }
    rows = [line for part in sums.lines.parts() for line in part]
    assert {line[:3]: [*line[3:]] for line in rows} == {
        key: line for key, line in lines.items() if key[0] in some
    }


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1e16)), max_size=60), st.integers(0, 20))
@settings(max_examples=100)
def test_groups_settled_often_come_to_the_same_as_a_dict(rows, enough):
    sums, latest = defaultdict(float), {}
    with_parts = Grouped(total=np.add, most=np.maximum)
    before, grouped.ENOUGH = grouped.ENOUGH, enough
    try:
        for key, value in rows:
            sums[key] += value
            latest[key] = max(latest.get(key, 0), value)
            with_parts.add(np.array([key]), total=np.array([value]), most=np.array([value]))
    finally:
        grouped.ENOUGH = before
    keys = with_parts.keys.tolist()
    assert keys == sorted(sums)
    assert with_parts["total"].tolist() == [sums[key] for key in keys]
    assert with_parts["most"].tolist() == [latest[key] for key in keys]


def test_names_are_numbered_by_kind_and_told_once_where_a_row_cuts_them():
    names, long = Names(), "x" * 300
    subject = "loom: weave"
    lengths, numbers, _ = names.of(
        [(subject, "loom/a.py", 1), ("", f"{long}a/b.py", 1), ("", f"{long}b/c/d.py", 1)]
    )
    told = names.by_number()
    assert lengths.tolist() == [3, 2, 2]
    assert [told[number] for number in numbers] == [
        *(("area", "loom"), ("language", "Python"), ("topic", "loom")),
        *(("area", long[:200]), ("language", "Python")) * 2,
    ]
