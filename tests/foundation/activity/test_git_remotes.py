"""Addresses are fetched over a real loopback web server, with git's own program behind it."""

import os
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from foundation.activity.sources.git import Limits, SourceError, open_repository
from foundation.activity.sources.record import Who

BACKEND = Path("/usr/lib/git-core/git-http-backend")


def subjects(repository):
    return [change.subject for change in repository.changes(repository.require_head())]


class GitOverHttp(BaseHTTPRequestHandler):
    """git's own server program behind Python's web server."""

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
