import gzip

import pytest

from foundation.activity.sources.errors import SourceError
from foundation.activity.sources.github_events import open_events, read_events

PUSH = (
    b'{"id":"1","type":"PushEvent","actor":{"login":"ann"},"repo":{"name":"o/r"},'
    b'"created_at":"2025-03-04T05:06:07Z"}\n'
)


def test_a_compressed_file_is_known_by_its_content(tmp_path):
    line = PUSH
    for name, data in (("a.json", line * 3), ("b.json.gz", gzip.compress(line * 3))):
        (tmp_path / name).write_bytes(data)
        with open_events(tmp_path / name) as stream:
            assert len(list(read_events(stream))) == 3


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path):
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b"\n" * 5_000_000))
    with (
        pytest.raises(SourceError, match="bomb.json.gz holds more than 1,000,000 bytes; split it"),
        open_events(path, max_bytes=1_000_000) as stream,
    ):
        list(read_events(stream))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none", "does not exist; check the path"),
        ("", "is a folder; give a file of events"),
        ("cut.gz", "is damaged or cut short; fetch it again"),
        ("garbled.gz", "is damaged or cut short; fetch it again"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path, name, message):
    packed = gzip.compress(b"{}\n" * 1_000)
    (tmp_path / "cut.gz").write_bytes(packed[:-9])
    (tmp_path / "garbled.gz").write_bytes(packed[:12] + b"\xff" * 20)
    with (
        pytest.raises(SourceError, match=message),
        open_events(tmp_path / name) as stream,
    ):
        list(read_events(stream))
