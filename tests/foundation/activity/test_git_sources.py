import os
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import CGIHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from foundation.activity.sources.git import Limits, SourceError, open_repository
from foundation.activity.sources.git_process import folder_bytes
from foundation.activity.sources.record import Who

BACKEND = Path("/usr/lib/git-core/git-http-backend")


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
    with pytest.raises(SourceError, match=message):
        open_repository(location.format(tmp=tmp_path), cache_dir=cache)


class GitOverHttp(CGIHTTPRequestHandler):
    """git's own server program behind Python's web server."""

    have_fork = True

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        self.server.asked.append(self.path)
        if self.server.redirect:
            self.send_response(301)
            self.send_header("Location", self.server.redirect + self.path)
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        given = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = subprocess.run(
            [BACKEND],
            input=given,
            stdout=subprocess.PIPE,
            env={
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(self.server.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(given)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            },
        )
        head, _, body = found.stdout.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        headers = dict(lines)
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *details):
        """Stay quiet."""


@contextmanager
def serving(root, redirect=""):
    with ThreadingHTTPServer(("127.0.0.1", 0), GitOverHttp) as server:
        server.root, server.redirect, server.asked = root, redirect, []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


needs_backend = pytest.mark.skipif(not BACKEND.exists(), reason="git-http-backend is missing")


@needs_backend
def test_an_address_becomes_a_blobless_clone_that_is_kept_up_to_date(history, cache, tmp_path):
    history.git("config", "uploadpack.allowFilter", "true")
    history.git("config", "uploadpack.allowAnySHA1InWant", "true")
    mailmap = history.git("hash-object", "-w", "--stdin", given=b"Ann <ann@one.example> <a@b>\n")
    history.tree([b".mailmap"], mailmap)
    history.commit(b"One\n", paths=[b"a.py"], author=b"Odd <a@b> 99999999999 +9999")
    with serving(tmp_path) as (server, root):
        url = f"{root}/project.git"
        repository = open_repository(url, cache_dir=cache, allow_private=True)
        assert subjects(repository) == ["One"]
        assert (repository.name, repository.branch, repository.origin) == (
            "project",
            "main",
            url[:-4],
        )
        assert repository.mailmap() == [(Who("Ann", "ann@one.example"), Who("", "a@b"))]
        objects = subprocess.run(
            ["git", "--git-dir", repository.path, "cat-file", "--batch-all-objects"]
            + ["--batch-check=%(objecttype)"],
            stdout=subprocess.PIPE,
            check=True,
        )
        assert sorted(objects.stdout.split()) == [b"blob", b"commit", b"tree"]
        server.asked.clear()
        assert subjects(open_repository(url, cache_dir=cache, allow_private=True)) == ["One"]
        assert all("git-receive" not in path for path in server.asked)
        assert len(server.asked) <= 2
        history.commit(b"Other\n", parents=[])
        repository = open_repository(url, cache_dir=cache, allow_private=True)
        assert subjects(repository) == ["Other"]


@needs_backend
def test_an_address_in_the_private_network_is_never_called_unless_allowed(history, cache, tmp_path):
    history.commit()
    with serving(tmp_path) as (server, root):
        for url in (
            root,
            root.replace("127.0.0.1", "localhost"),
            root.replace("127.0.0.1", "0x7f.1"),
        ):
            with pytest.raises(SourceError, match="not a public address; allow it in the settings"):
                open_repository(f"{url}/project.git", cache_dir=cache)
        assert server.asked == []


@needs_backend
def test_git_calls_the_address_that_was_checked_and_no_other(history, cache, tmp_path):
    history.commit(b"One\n")
    with serving(tmp_path) as (server, root):
        url = root.replace("127.0.0.1", "no-such-host.invalid") + "/project.git"
        repository = open_repository(
            url, cache_dir=cache, allow_private=True, resolve=lambda host, port: ["127.0.0.1"]
        )
        assert subjects(repository) == ["One"]


@needs_backend
def test_a_redirect_is_not_followed(history, cache, tmp_path):
    history.commit()
    with (
        serving(tmp_path) as (target, target_root),
        serving(tmp_path, redirect=target_root) as (_, root),
    ):
        with pytest.raises(SourceError, match="it redirects: give the address it leads to"):
            open_repository(f"{root}/project.git", cache_dir=cache, allow_private=True)
        assert target.asked == []


@needs_backend
def test_an_empty_and_a_missing_remote_repository_are_told_apart(history, cache, tmp_path):
    with serving(tmp_path) as (_, root):
        empty = open_repository(f"{root}/project.git", cache_dir=cache, allow_private=True)
        assert empty.head is None
        with pytest.raises(SourceError, match="there is no repository: check the address"):
            open_repository(f"{root}/none.git", cache_dir=cache, allow_private=True)


@needs_backend
def test_a_clone_that_grows_too_large_is_stopped_and_removed(history, cache, tmp_path):
    history.commit(paths=[b"%d" % number for number in range(500)])
    with serving(tmp_path) as (_, root), pytest.raises(SourceError, match="larger than 100 bytes"):
        open_repository(
            f"{root}/project.git",
            cache_dir=cache,
            allow_private=True,
            limits=Limits(bytes=100),
        )
    assert not [place for place in cache.glob("*") if place.is_dir()]


def test_a_server_that_never_answers_is_given_up(cache):
    with ThreadingHTTPServer(("127.0.0.1", 0), None) as silent:
        began = time.monotonic()
        with pytest.raises(SourceError, match="did not answer in time: try again later"):
            open_repository(
                f"http://127.0.0.1:{silent.server_port}/r",
                cache_dir=cache,
                allow_private=True,
                limits=Limits(seconds=0.3),
            )
    assert time.monotonic() - began < 3


def test_ssh_is_called_at_the_checked_address_without_the_users_own_settings(
    cache, tmp_path, monkeypatch
):
    told = tmp_path / "told"
    ssh = tmp_path / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {told}\nexit 1\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}:{os.environ['PATH']}")
    with pytest.raises(SourceError, match="cannot be read; check the address and the network"):
        open_repository(
            "git@host.example:o/r.git",
            cache_dir=cache,
            resolve=lambda host, port: ["140.82.112.3"],
        )
    arguments = told.read_text().splitlines()
    assert arguments[:2] == ["-F", "/dev/null"]
    assert {"HostName=140.82.112.3", "HostKeyAlias=host.example"} <= set(arguments)
    assert arguments[-2:] == ["git@host.example", "git-upload-pack 'o/r.git'"]


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_bytes(b"123")
    assert folder_bytes(tmp_path) == 8
