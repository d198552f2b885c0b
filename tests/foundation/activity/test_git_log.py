import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.activity.sources import git_log
from foundation.activity.sources.errors import SourceError
from foundation.activity.sources.git_log import read_changes, split_commits
from foundation.activity.sources.record import ChangeRecord, Who

NOW = 1_700_000_000
FIELD = st.binary(max_size=12).map(lambda data: data.translate(None, b"\0\n"))
PATH = st.binary(min_size=1, max_size=12).map(lambda data: data.replace(b"\0", b"x"))
TEXT = st.binary(max_size=40).map(lambda data: data.replace(b"\0", b""))


@st.composite
def commits(draw):
    """One commit as git writes it: (hash, its paths, the bytes of the stream)."""
    hash_ = draw(st.integers(0, 16**40 - 1).map("{:040x}".format))
    paths = draw(st.lists(PATH, max_size=5))
    fields = [hash_.encode(), b"", *(draw(FIELD) for _ in range(6)), draw(TEXT)]
    files = b"\n" + b"".join(path + b"\0" for path in paths) if paths else b""
    return hash_, paths, b"\0" + b"\n".join(fields) + b"\0" + files


def pieces(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


@settings(max_examples=150)
@given(st.lists(commits(), max_size=6), st.integers(1, 50))
def test_no_commit_is_lost_however_the_stream_is_cut(written, size):
    stream = b"".join(data for _, _, data in written)
    told = list(read_changes(pieces(stream, size), "here", now=NOW))
    assert [change.external_id for change in told] == [hash_ for hash_, _, _ in written]
    assert [change.path_count for change in told] == [len(paths) for _, paths, _ in written]
    assert [change.paths for change in told] == [
        tuple(path.decode(errors="replace") for path in paths) for _, paths, _ in written
    ]


@settings(max_examples=100)
@given(st.binary(max_size=300), st.integers(1, 50))
def test_what_is_no_log_is_refused_and_nothing_else_raised(data, size):
    try:
        list(read_changes(pieces(data, size), "here"))
    except SourceError as error:
        assert str(error).startswith("Cannot read here: git's output is not as expected")


@settings(max_examples=100)
@given(commits(), commits(), st.integers(1, 40), st.integers(30, 120))
def test_an_overlong_commit_is_cut_but_its_paths_are_counted(first, second, size, largest):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(git_log, "LARGEST_COMMIT", largest)
        told = list(split_commits(pieces(first[2] + second[2], size)))
    counts = [data.count(b"\0") + surplus for data, surplus in told]
    assert counts == [len(first[1]), len(second[1])]
    assert [data[: min(15, largest // 2 - 1)] for data, _ in told] == [
        commit[2][1 : 1 + min(15, largest // 2 - 1)] for commit in (first, second)
    ]


def test_a_commit_becomes_a_record():
    fields = ["0" * 40, "1" * 40, "Ann", "ann@x.example", "1600000000 +0200"]
    fields += ["GitHub", "noreply@github.com", "1600000060 -0700", "Fix it (#7)\n\nBecause.\n"]
    stream = b"\0" + "\n".join(fields).encode() + b"\0\na.py\0d/\xc3\xa9.md\0"
    assert list(read_changes([stream], "here", now=NOW)) == [
        ChangeRecord(
            external_id="0" * 40,
            kind="commit",
            author=Who("Ann", "ann@x.example"),
            committer=None,
            authored_at=1_600_000_000,
            author_offset=120,
            committed_at=1_600_000_060,
            committer_offset=-420,
            subject="Fix it (#7)",
            paths=("a.py", "d/é.md"),
            path_count=2,
            pull_request=7,
        )
    ]
