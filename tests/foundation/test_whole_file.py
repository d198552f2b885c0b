"""Files written whole, or not at all."""

import os
import stat

import pytest

from foundation.whole_file import replacing
from tests.full_disk import full_disk


def content(folder) -> dict:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_until_the_file_is_whole_the_former_one_is_read(tmp_path):
    path = tmp_path / "told"
    path.write_bytes(b"before")
    with replacing(path) as file:
        file.write(b"after")
        file.flush()
        assert path.read_bytes() == b"before"
    assert content(tmp_path) == {"told": b"after"}


def test_a_full_disk_leaves_the_former_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "told"
    path.write_bytes(b"before")
    with full_disk(after=1_000), pytest.raises(OSError), replacing(path) as file:
        file.write(b"x" * 2_000)
    assert content(tmp_path) == {"told": b"before"}


def test_who_is_stopped_while_writing_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "told") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert content(tmp_path) == {}


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_who_may_read_a_file_is_for_the_umask_to_say(tmp_path, umask, mode):
    former = os.umask(umask)
    try:
        with replacing(tmp_path / "told") as file:
            file.write(b"all")
    finally:
        os.umask(former)
    assert stat.S_IMODE((tmp_path / "told").stat().st_mode) == mode
