"""Redis goes away for a while: pages answer, and the work goes on by itself when it is back."""

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest
import redis

from tests.matching.crew import Crew, populated, until

REDIS_SERVER = shutil.which("redis-server")
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
PROJECTS = [f"p{number}" for number in range(6)]
LOGIN = "/accounts/login/"
AWAY_SECONDS = 4
PAGE_SECONDS = 3

pytestmark = pytest.mark.skipif(REDIS_SERVER is None, reason="redis-server is not on the PATH")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Redis:
    """A server of the test's own that keeps nothing: what was sent is lost when it ends."""

    def __init__(self, folder):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        command = [REDIS_SERVER, "--port", str(self.port), "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(self.answers, what="redis-server")

    def answers(self):
        try:
            with redis.Redis.from_url(self.url) as client:
                return client.ping()
        except redis.ConnectionError:
            return False

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path):
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def crew(embedded, tmp_path, server, django_db_blocker):
    crew = Crew(tmp_path, **embedded, redis_url=server.url, DEBUG="1", SLOWNESS="0.5")
    with django_db_blocker.unblock(), populated(crew, projects=PROJECTS, people=3):
        yield crew


@pytest.fixture
def site(crew):
    """The address of a web process of the crew."""
    bind = f"127.0.0.1:{free_port()}"
    crew.start("-m", "gunicorn", "foundation.wsgi", "-k", "gthread", "--bind", bind)
    until(lambda: is_open(bind), what="the web process")
    return f"http://{bind}"


def is_open(bind):
    host, _, port = bind.partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


class Visitor:
    """Somebody with a browser: cookies, and no patience."""

    def __init__(self, site):
        self.site, self.cookies = site, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, path, **form):
        """The status of the page; a form is sent with the token of the page before."""
        token = {cookie.name: cookie.value for cookie in self.cookies}.get("csrftoken")
        data = urlencode(form | {"csrfmiddlewaretoken": token}).encode() if form else None
        try:
            with self.opener.open(self.site + path, data, timeout=PAGE_SECONDS) as response:
                return response.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.status


def begin(crew):
    crew.manage("refresh", "--background", "--as-of", f"{AS_OF:%Y-%m-%d}")


def test_pages_answer_while_redis_is_away_and_the_work_goes_on_when_it_is_back(crew, server, site):
    crew.start_worker()
    begin(crew)
    until(lambda: crew.runs.filter(state="done").count() > 2, what="some work")

    server.stop()
    begin(crew)
    began, visitor, statuses = time.monotonic(), Visitor(site), set()
    while time.monotonic() - began < AWAY_SECONDS:
        statuses.add(visitor.open(LOGIN))
    assert statuses == {200}
    assert not crew.is_done()

    server.start()
    back = time.monotonic()
    until(crew.is_done, what="all work after the return")
    print(f"all done {time.monotonic() - back:.1f} s after the return")
    assert set(crew.runs.values_list("state", "error")) == {("done", "")}


def test_somebody_can_sign_in_while_redis_is_away(server, site):
    server.stop()
    visitor = Visitor(site)
    assert visitor.open(LOGIN) == 200
    assert visitor.open(LOGIN, login="nobody@example.org", password="wrong") == 200
