import os
import subprocess

import pytest

from foundation.activity.sources.git import SourceError, open_repository
from foundation.activity.sources.git_process import folder_bytes


def subjects(repository):
    return [change.subject for change in repository.changes(repository.require_head())]


def bundle(history, path, *references):
    history.git("bundle", "create", "-q", str(path), *(references or ("--all",)))
    return path


def test_a_folder_is_opened_where_it_is(history, cache, tmp_path):
    history.commit(b"One\n")
    work = tmp_path / "work"
    subprocess.run(["git", "clone", "-q", "--no-checkout", history.path, work], check=True)
    for place in (history.path, work):
        repository = open_repository(place, cache_dir=cache)
        assert (subjects(repository), repository.branch) == (["One"], "main")
    assert not cache.exists()


def test_a_folder_inside_a_clone_is_not_taken_for_the_clone(history, cache, tmp_path):
    work = tmp_path / "work"
    subprocess.run(["git", "init", "-q", work], check=True)
    (work / "inner").mkdir()
    with pytest.raises(SourceError, match="inner is no git repository; give the folder"):
        open_repository(work / "inner", cache_dir=cache)


def test_a_bundle_is_fetched_once_and_again_when_it_has_changed(history, cache, tmp_path):
    history.commit(b"One\n")
    path = bundle(history, tmp_path / "project.bundle", "HEAD", "main")
    repository = open_repository(path, cache_dir=cache)
    assert (subjects(repository), repository.name, repository.branch) == (
        ["One"],
        "project",
        "main",
    )
    state = repository.path / "fetched"
    fetched_at = state.stat().st_mtime_ns
    assert subjects(open_repository(path, cache_dir=cache)) == ["One"]
    assert state.stat().st_mtime_ns == fetched_at
    history.commit(b"Two\n")
    bundle(history, path)
    assert subjects(open_repository(path, cache_dir=cache)) == ["Two", "One"]
    history.commit(b"Other\n", parents=[])
    bundle(history, path)
    assert subjects(open_repository(path, cache_dir=cache)) == ["Other"]


def test_a_clone_that_was_killed_is_made_anew(history, cache, tmp_path):
    history.commit(b"One\n")
    path = bundle(history, tmp_path / "project.bundle")
    repository = open_repository(path, cache_dir=cache)
    half = repository.path.with_suffix(".new")
    repository.path.rename(half)
    (half / "objects").rename(half / "gone")
    assert subjects(open_repository(path, cache_dir=cache)) == ["One"]


def test_locks_of_a_killed_fetch_do_not_stop_the_next_one(history, cache, tmp_path):
    history.commit(b"One\n")
    path = bundle(history, tmp_path / "project.bundle")
    repository = open_repository(path, cache_dir=cache)
    for name in ("HEAD.lock", "packed-refs.lock", "refs/heads/main.lock"):
        (repository.path / name).touch()
    history.commit(b"Two\n")
    bundle(history, path)
    assert subjects(open_repository(path, cache_dir=cache)) == ["Two", "One"]


def test_a_blobless_bundle_is_read(history, cache, tmp_path):
    history.commit(b"One\n", paths=[b"a.py"])
    path = tmp_path / "project.bundle"
    bundle(history, path, "--all", "--filter=blob:none")
    (change,) = open_repository(path, cache_dir=cache).changes(history.tip)
    assert change.paths == ("a.py",)


def cut(path):
    path.write_bytes(path.read_bytes()[:-30])


def behead(path):
    path.write_bytes(path.read_bytes()[:40])


@pytest.mark.parametrize(
    ("damage", "message"),
    [(cut, "Cannot read the bundle"), (behead, "is damaged or cut short; make it again with")],
)
def test_a_damaged_bundle_is_told_and_leaves_nothing(history, cache, tmp_path, damage, message):
    history.commit()
    path = bundle(history, tmp_path / "project.bundle")
    damage(path)
    with pytest.raises(SourceError, match=message):
        open_repository(path, cache_dir=cache)
    assert not [place for place in cache.glob("*") if place.is_dir()]


def test_a_bundle_of_a_part_of_history_is_refused_with_the_cure(history, cache, tmp_path):
    history.commit()
    history.commit()
    path = bundle(history, tmp_path / "part.bundle", "main", "^main~1")
    with pytest.raises(SourceError, match="only a part of the history; make a full one with"):
        open_repository(path, cache_dir=cache)


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("{tmp}/nowhere", "nowhere does not exist; check the path"),
        ("{tmp}/file", "file is neither a folder nor a git bundle; give the folder"),
        ("{tmp}", "is no git repository; give the folder of a clone"),
        ("~nosuchuser/x", "~nosuchuser/x cannot be read: there is no such home"),
        ("x" * 300, "xxx cannot be read: File name too long"),
        ("/proc/self/mem", "/proc/[0-9]+/mem cannot be read: Input/output error"),
        ("{tmp}/pipe", "pipe is neither a folder nor a git bundle; give the folder"),
        ("http://0x/foo", "The host of http://0x/foo was not found; check its spelling"),
        ("http://256.256.256.256/a/b", "was not found; check its spelling"),
        ("https://999999999999/a", "was not found; check its spelling"),
        ("", "neither a path nor an address"),
        ("--upload-pack=touch x", "neither a path nor an address"),
        ("-oProxyCommand=id", "neither a path nor an address"),
        ("a\nb", "neither a path nor an address"),
        ("ext::sh -c id", "only https, http and ssh"),
        ("file:///etc", "only https, http and ssh"),
        ("git://host.example/r", "only https, http and ssh"),
        ("http://127.0.0.1/r", "not a public address"),
        ("git@127.0.0.1:r", "not a public address"),
    ],
)
def test_a_wrong_place_is_told_in_one_sentence(cache, tmp_path, location, message):
    (tmp_path / "file").write_text("text")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match=message):
        open_repository(location.format(tmp=tmp_path), cache_dir=cache)


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_bytes(b"123")
    assert folder_bytes(tmp_path) == 8
