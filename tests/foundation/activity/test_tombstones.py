"""An erased spelling stays away, whichever process meets it, whatever else is set."""

import os
import subprocess
import sys

from django.conf import settings

DIGEST = """
import django; django.setup()
from foundation.activity.tombstones import tombstone_digest
print(tombstone_digest("git:Erin Gone<erin@river.example>"))
"""


def digest_in_a_process(folder, **keys: str) -> str:
    env = {"DJANGO_SETTINGS_MODULE": "foundation.settings", "VAR_DIR": str(folder)}
    keys = {"SECRET_KEY": "", "TOMBSTONE_KEY": ""} | keys
    run = [sys.executable, "-c", DIGEST]
    done = subprocess.run(
        run, cwd=settings.BASE_DIR, env=os.environ | env | keys, check=True, capture_output=True
    )
    return done.stdout.decode()


def test_without_any_key_every_process_knows_the_same_spellings(tmp_path):
    first, second = (digest_in_a_process(tmp_path) for _ in range(2))
    assert first == second
    assert (tmp_path / "tombstone.key").stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    other.mkdir()
    assert digest_in_a_process(other) != first


def test_erasures_outlive_a_change_of_the_secret_key(tmp_path):
    asked = ({"SECRET_KEY": "old"}, {"SECRET_KEY": "new"}, {"TOMBSTONE_KEY": "old"})
    first, *others = [digest_in_a_process(tmp_path, **keys) for keys in asked]
    assert others == [first, first]
