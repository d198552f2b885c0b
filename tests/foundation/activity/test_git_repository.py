import subprocess
import time

import pytest

from foundation.activity.sources.errors import SourceError
from foundation.activity.sources.git_log import Reach
from foundation.activity.sources.git_process import Limits
from foundation.activity.sources.git_repository import GitRepository
from foundation.activity.sources.record import Deed, Who

ANN = Who("Ann Lee", "ann@one.example")


def changes(history, **options):
    repository = GitRepository(history.path)
    return list(repository.changes(repository.require_head(), **options))


def only_change(history):
    (change,) = changes(history)
    return change


def test_a_history_is_read_newest_first_with_who_when_where_and_to_whom(history):
    first = history.commit(b"Begin\n", paths=[b"src/a.py", b"README.md"])
    second = history.commit(
        b"Go on\nand on (#12)\n\nReviewed-by: Bob Ray <bob@two.example>\n",
        paths=[b"src/b.py"],
        committer=b"GitHub <noreply@github.com> 1600000100 -0700",
    )
    newest, oldest = changes(history)
    assert (oldest.external_id, oldest.paths) == (first, ("README.md", "src/a.py"))
    assert newest.external_id == second
    assert (newest.author, newest.committer, newest.subject) == (ANN, None, "Go on and on (#12)")
    assert (newest.authored_at, newest.author_offset) == (1_600_000_000, 120)
    assert (newest.committed_at, newest.committer_offset) == (1_600_000_100, -420)
    assert (newest.paths, newest.pull_request) == (("src/b.py",), 12)
    assert newest.deeds == (Deed("reviewed", Who("Bob Ray", "bob@two.example")),)


def test_paths_are_told_as_they_are_whatever_they_hold(history):
    names = [b'"q"\t.py', b" lead", b"-dash", b"new\nline", "é/ü.md".encode()]
    history.commit(paths=names)
    assert sorted(only_change(history).paths) == sorted(name.decode() for name in names)


def test_a_rename_touches_both_names(history):
    history.commit(paths=[b"old.py"])
    history.git("update-index", "--index-info", given=b"0 " + b"0" * 40 + b"\told.py\n")
    history.commit(paths=[b"new.py"])
    assert changes(history)[0].paths == ("new.py", "old.py")


def test_a_merge_is_known_as_such_and_its_paths_are_not(history):
    root = history.commit(paths=[b"a"])
    side = history.commit(paths=[b"b"])
    history.commit(paths=[b"c"], parents=[root])
    history.commit(b"Merge pull request #5 from o/side\n", parents=[history.tip, side])
    merge = changes(history)[0]
    assert (merge.is_merge, merge.paths, merge.path_count) == (True, None, 0)
    assert (merge.pull_request, merge.oddities) == (5, ())


def test_an_empty_commit_touches_nothing(history):
    history.commit(b"")
    assert (only_change(history).paths, only_change(history).subject) == ((), "")


@pytest.mark.parametrize(
    ("author", "told", "oddities"),
    [
        (b"A B <a@b> 0 +0000", (None, 0), ("date-before-1990",)),
        (b"A B <a@b> 600000000 +0000", (None, 0), ("date-before-1990",)),
        (b"A B <a@b> 4102444800 +0000", (None, 0), ("date-in-future",)),
        (b"A B <a@b> -5000 +0000", (None, None), ("date-unreadable",)),
        (b"A B <a@b>", (None, None), ("date-unreadable",)),
        (b"A B <a@b> 1600000000 +9999", (1_600_000_000, None), ("timezone-odd",)),
        (b"A B <a@b> 1600000000 -1234567", (1_600_000_000, None), ("timezone-odd",)),
        (b" <a@b> 1600000000 +0000", (1_600_000_000, 0), ("empty-name",)),
        (b"A B <> 1600000000 +0000", (1_600_000_000, 0), ("empty-name",)),
        (b"J\xf6rg <a@b> 1600000000 +0000", (1_600_000_000, 0), ("bad-encoding",)),
        (b"<<A>> <a@b> 1600000000 +0000", (1_600_000_000, 0), ("empty-name",)),
    ],
)
def test_an_odd_author_is_survived_and_said_to_be_odd(history, author, told, oddities):
    history.commit(author=author, committer=b"C D <c@d> 1600000000 +0000")
    change = only_change(history)
    assert (change.authored_at, change.author_offset) == told
    assert change.oddities == oddities


def test_broken_bytes_are_replaced_and_declared_encodings_are_read(history):
    history.commit("Grüße\n".encode("latin-1"), header=b"encoding ISO-8859-1\n")
    history.commit("Grüße\n".encode("latin-1"), paths=[b"\xff.py"])
    history.commit(b"Gr\xfc\xdfe\n", header=b"encoding no-such-thing\n")
    told = [(change.subject, change.oddities) for change in changes(history)]
    assert told == [
        ("Gr��e", ("bad-encoding",)),
        ("Gr��e", ("bad-encoding",)),
        ("Grüße", ()),
    ]
    assert changes(history)[1].paths == ("�.py",)


def test_an_endless_subject_is_cut(history):
    history.commit(b"x" * 1_000_000)
    change = only_change(history)
    assert (len(change.subject), change.oddities) == (300, ("long-subject",))


def test_a_commit_of_100_000_files_is_capped_and_counted(history):
    history.commit(paths=[b"d%d/f%d" % (number % 100, number) for number in range(100_000)])
    change = only_change(history)
    assert (len(change.paths), change.path_count) == (2_000, 100_000)
    assert change.oddities == ("huge-change",)


def test_reading_goes_on_from_where_it_ended(history):
    hashes = [history.commit(b"%d\n" % number) for number in range(5)]
    repository = GitRepository(history.path)
    head = repository.head
    assert repository.hashes(head) == hashes[::-1]
    assert repository.hashes(head, since=hashes[2]) == [hashes[4], hashes[3]]
    assert (repository.count(head), repository.count(head, since=hashes[2])) == (5, 2)
    later = [change.external_id for change in repository.changes(head, since=hashes[2])]
    assert later == [hashes[4], hashes[3]]
    wanted = [hashes[1], hashes[4], hashes[0]]
    assert [change.external_id for change in repository.changes(head, only=wanted)] == wanted
    assert list(repository.changes(head, only=[])) == []


def test_a_forced_push_is_seen(history):
    root = history.commit(b"root\n")
    old = history.commit(b"old\n")
    new = history.commit(b"new\n", parents=[root])
    repository = GitRepository(history.path)
    assert repository.head == new
    assert repository.is_ancestor(root, new)
    assert not repository.is_ancestor(old, new)
    assert not repository.is_ancestor("12" * 20, new)
    assert repository.hashes(new) == [new, root]


def test_what_is_read_tells_whether_it_follows_a_commit(history):
    root = history.commit(b"root\n")
    side = history.commit(b"side\n")
    main = history.commit(b"main\n", parents=[root])
    history.commit(b"merge\n", parents=[main, side])
    repository = GitRepository(history.path)
    for commit, is_met in ((main, True), (side, True), ("12" * 20, False)):
        reach = Reach(commit)
        assert len(list(repository.changes(repository.head, since=root, reach=reach))) == 3
        assert reach.is_met is is_met


def test_the_edge_of_a_shallow_clone_does_not_touch_the_whole_tree(history, tmp_path):
    history.commit(paths=[b"a", b"b"])
    edge = history.commit(paths=[b"c"])
    history.commit(paths=[b"d"])
    place = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--no-checkout", "--depth=2", f"file://{history.path}", place],
        check=True,
    )
    repository = GitRepository(place)
    told = list(repository.changes(repository.head))
    assert repository.is_shallow
    assert [(change.paths, change.path_count) for change in told] == [(("d",), 1), (None, 0)]
    assert (told[1].external_id, told[1].oddities) == (edge, ("shallow-edge",))


def test_settings_of_the_repository_do_not_change_what_is_read(history, tmp_path):
    history.commit(b"One\n", paths=[b"a.py"])
    history.commit(b"Two\n", paths=[b"b.py"])
    plain = changes(history)
    ran = tmp_path / "ran"
    for setting in (
        "log.showRoot=false",
        "log.showSignature=true",
        "log.follow=true",
        "log.diffMerges=on",
        "diff.renames=copies",
        "diff.relative=true",
        "diff.noprefix=true",
        "color.ui=always",
        "core.quotePath=true",
        "i18n.logOutputEncoding=UTF-16",
        f"diff.external=touch {ran}",
        f"core.fsmonitor=touch {ran}",
        f"gpg.program=touch {ran}",
        f"core.pager=touch {ran}",
    ):
        history.git("config", *setting.split("=", 1))
    assert changes(history) == plain
    assert not ran.exists()


def test_replaced_commits_are_read_as_they_were(history):
    first = history.commit(b"true\n")
    false = history.commit(b"false\n", parents=[])
    history.git("replace", first, false)
    history.git("update-ref", "refs/heads/main", first)
    assert [change.subject for change in changes(history)] == ["true"]


def test_the_mailmap_of_the_head_is_read(history):
    blob = history.git(
        "hash-object", "-w", "--stdin", given=b"Ann Lee <ann@one.example> <ann@old.example>\n"
    )
    history.tree([b".mailmap"], blob)
    history.commit()
    assert GitRepository(history.path).mailmap() == [(ANN, Who("", "ann@old.example"))]


def test_no_mailmap_is_no_trouble(history):
    assert GitRepository(history.path).mailmap() == []
    history.commit()
    assert GitRepository(history.path).mailmap() == []


def test_an_empty_repository_opens_and_says_that_it_is_empty(history):
    repository = GitRepository(history.path)
    assert (repository.head, repository.branch) == (None, "main")
    with pytest.raises(SourceError, match="has no commits on its default branch yet"):
        repository.require_head()


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://me:secret@github.com/o/r.git", "https://github.com/o/r"),
        ("git@github.com:o/r.git", "https://github.com/o/r"),
        ("/srv/git/r.git", ""),
        ("ext::sh -c id", ""),
    ],
)
def test_the_web_page_of_a_clone_is_known_without_its_secrets(history, url, origin):
    history.git("config", "remote.origin.url", url)
    repository = GitRepository(history.path)
    assert (repository.name, repository.origin) == ("project", origin)


def test_a_git_that_dies_midway_is_no_end_of_history(history):
    history.commit(paths=[b"a"])
    broken = history.commit(paths=[b"b"])
    history.commit(paths=[b"c"])
    head = GitRepository(history.path).head
    (history.path / "objects" / broken[:2] / broken[2:]).unlink()
    told = []
    with pytest.raises(SourceError, match=r"Cannot read .*project\.git: .*; check the repository"):
        told.extend(GitRepository(history.path).changes(head))
    with pytest.raises(SourceError, match="bad object"):
        list(GitRepository(history.path).changes(head, only=["12" * 20]))


def test_only_full_hashes_reach_gits_command_line(history):
    history.commit()
    repository = GitRepository(history.path)
    for hostile in ("--output=/tmp/x", "main", "HEAD", ""):
        with pytest.raises(ValueError, match="not a full commit hash"):
            repository.hashes(hostile)
        with pytest.raises(ValueError, match="not a full commit hash"):
            list(repository.changes(repository.head, only=[hostile]))


def test_a_reader_that_leaves_early_leaves_no_git_behind(history):
    for number in range(3):
        history.commit(b"%d\n" % number)
    repository = GitRepository(history.path)
    told = repository.changes(repository.head)
    assert next(told).subject == "2"
    told.close()
    assert list(told) == []


def test_reading_that_takes_too_long_is_stopped_and_told(history):
    for number in range(3):
        history.commit(b"%d\n\n%s\n" % (number, b"word " * 40_000))
    repository = GitRepository(history.path, limits=Limits(seconds=0.3))
    told = repository.changes(repository.head)
    assert next(told).subject == "2"
    time.sleep(0.6)
    with pytest.raises(SourceError, match=r"Reading .*project\.git took longer than 0\.3 seconds"):
        list(told)
