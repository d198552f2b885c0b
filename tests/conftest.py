"""What every test shares: quick passwords, plain static files, an empty cache."""

import os

import pytest
from django.core.cache import cache
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as search

from foundation.celery import app
from tests import apart, world

# In a hook, or between the steps of a rebase, git names its own repository to all that it starts:
# tests would commit into it.
for name in [name for name in os.environ if name.startswith("GIT_")]:
    del os.environ[name]

# How long an example takes says how busy the machine is, and no more.
search.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
search.load_profile("untimed")


@pytest.fixture(autouse=True)
def quick_house(settings):
    """No manifest of static files is collected for tests, and nobody cracks their passwords."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.STATIC_ROOT = settings.BASE_DIR / "foundation" / "web" / "static"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_process(settings):
    """A test's rows are seen by nobody else: no further process helps with its refreshes."""
    settings.REFRESH_PROCESSES = 1


@pytest.fixture(autouse=True)
def own_language():
    """The language in which a test read a page is not the next one's."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_history(settings, tmp_path):
    """No test meets facts that another one wrote down."""
    settings.HISTORY_DIR = tmp_path / "history"


@pytest.fixture(autouse=True)
def own_messages(tmp_path):
    """No test meets a message that another one has sent, nor one that somebody's worker left."""
    shared = app.conf.broker_transport_options
    if "data_folder_in" in shared:
        own = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
        own["control_folder"] = str(tmp_path / "control")
    else:
        own = {"global_keyprefix": apart.message_prefix()}
    app.conf.broker_transport_options = shared | own
    yield
    app.conf.broker_transport_options = shared


@pytest.fixture
def empty_cache(db):
    """A cache that outlives the test's transaction (Redis) must not carry figures over."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def at_now():
    """Time stands still at the moment around which the cast lives."""
    with world.at_now():
        yield
