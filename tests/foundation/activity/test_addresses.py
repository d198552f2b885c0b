import ipaddress
import re

import pytest

from foundation.activity.sources.addresses import (
    Remote,
    is_public,
    looks_remote,
    parse_remote,
    public_address,
)
from foundation.activity.sources.errors import SourceError

CLOSED_HOSTS = re.split(
    r"\s+",
    """127.0.0.1 127.1 127.0.1 0 0.0.0.0 0x7f000001 0x7f.1 0x7f.0x0.0x0.0x1 2130706433 017700000001
    0177.0.0.1 0177.0.1 127.0.0.1. 10.0.0.1 10.255.255.255 167772161 172.16.0.1 172.31.255.255
    192.168.0.1 0xc0a80001 192.168.257 100.64.0.1 100.127.255.254 169.254.0.1 169.254.169.254
    2852039166 0xa9fea9fe 0251.0376.0251.0376 168.63.129.16 192.0.0.1 192.0.0.192 192.0.2.1
    192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255 4294967295
    [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:8.8.8.8] [::ffff:7f00:1] [::127.0.0.1]
    [64:ff9b::7f00:1] [64:ff9b::169.254.169.254] [64:ff9b:1::1] [100::1] [2001::1] [2001:0:4136::1]
    [2001:10::1] [2001:20::1] [2001:db8::1] [2002:7f00:1::] [2002:a9fe:a9fe::1] [3fff::1] [5f00::1]
    [fc00::1] [fd00:ec2::254] [fd12:3456:789a::1] [fe80::1] [feb0::1] [fec0::1]
    [ff02::1] [ff0e::1]""",
)
OPEN_HOSTS = re.split(
    r"\s+",
    """140.82.112.3 8.8.8.8 1.1.1.1 134744072 0x08080808 172.15.255.255 172.32.0.1 100.63.255.255
    100.128.0.1 192.167.255.255 169.253.255.255 223.255.255.255 [2606:50c0:8000::153]
    [2a00:1450:4007::200e] [2620:fe::fe]""",
)


def call(url, resolve=None, **options):
    return public_address(parse_remote(url), **{"allow_private": False} | options, resolve=resolve)


@pytest.mark.parametrize("host", CLOSED_HOSTS)
@pytest.mark.parametrize("scheme", ["https", "ssh"])
def test_an_address_that_is_not_public_is_refused_however_it_is_spelled(scheme, host):
    with pytest.raises(SourceError, match="not a public address; allow it in the settings"):
        call(f"{scheme}://{host}/o/r.git")


@pytest.mark.parametrize("host", OPEN_HOSTS)
def test_a_public_address_may_be_called(host):
    assert is_public(ipaddress.ip_address(call(f"https://{host}/o/r.git")))


def test_the_private_network_may_be_called_where_the_settings_allow_it():
    assert call("http://0x7f.1:8080/r", allow_private=True) == "127.0.0.1"


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["140.82.112.3", "10.0.0.8"],
        ["2606:50c0:8000::153", "::1"],
        ["fe80::1%eth0"],
        ["::ffff:140.82.112.3"],
    ],
)
def test_a_name_is_refused_when_any_of_its_addresses_is_not_public(answers):
    with pytest.raises(SourceError, match="not a public address"):
        call("https://git.example/o/r", resolve=lambda host, port: answers)


def test_a_name_stands_for_the_address_that_was_checked_first_and_is_asked_once():
    asked = []

    def resolve(host, port):
        asked.append((host, port))
        return ["140.82.112.3"] if len(asked) == 1 else ["127.0.0.1"]

    assert call("https://Git.Example:8443/o/r", resolve) == "140.82.112.3"
    assert asked == [("git.example", 8443)]


def test_a_name_that_nobody_knows_is_told():
    def resolve(host, port):
        raise OSError

    with pytest.raises(SourceError, match="The host of https://nowhere.example/r was not found"):
        call("https://nowhere.example/r", resolve)


@pytest.mark.parametrize(
    ("url", "remote", "origin"),
    [
        (
            "https://github.com/o/r.git",
            ("https", "github.com", 443, "o/r.git"),
            "https://github.com/o/r",
        ),
        ("HTTP://git.example:81/r/", ("http", "git.example", 81, "r/"), "http://git.example:81/r"),
        ("ssh://git@host.example:22/o/r", ("ssh", "host.example", 22, "o/r"), None),
        ("git@github.com:o/r.git", ("ssh", "github.com", 22, "o/r.git"), "https://github.com/o/r"),
        (
            "https://[2606:50c0:8000::153]/o/r",
            ("https", "2606:50c0:8000::153", 443, "o/r"),
            "https://[2606:50c0:8000::153]/o/r",
        ),
    ],
)
def test_an_address_is_taken_apart(url, remote, origin):
    assert parse_remote(url) == Remote(url, *remote)
    assert parse_remote(url).origin == (origin or "https://host.example/o/r")


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch% /tmp/pwned",
        "fd::17/foo",
        "file:///etc/passwd",
        "git://github.com/o/r",
        "ftp://host.example/r",
        "https://",
        "https://host.example",
        "https://user@host.example/r",
        "https://user:secret@host.example/r",
        "https://host.example:0/r",
        "https://host.example:99999/r",
        "https://host.example:/r",
        "https://-oProxyCommand=id/r",
        "ssh://-oProxyCommand=id/r",
        "ssh://git@-host/r",
        "git@-host:r",
        "git@host.example:-r",
        "https://host.example/-r",
        "https://host.example/r?x=1",
        "https://host.example/r#x",
        "https://host.example\\@127.0.0.1/r",
        "https://127.0.0.1#@host.example/r",
        "https://host.example/a b",
        "https://host.example/r\nx",
        "https://host.example/r\x00",
        "https://１２７.0.0.1/r",
        "https://[fe80::1%25eth0]/r",
        "https://[::1/r",
        "ssh://git@host.example/r;id",
        "git@host.example:$(id)",
        "git@host.example:`id`",
    ],
)
def test_anything_that_is_not_a_plain_address_is_refused(url):
    with pytest.raises(SourceError, match="is refused|was not found"):
        call(url, resolve=lambda host, port: [])


@pytest.mark.parametrize(
    ("location", "is_remote"),
    [
        ("https://host/r", True),
        ("git@host:r", True),
        ("ext::sh", True),
        ("file:///x", True),
        ("/srv/git/r.git", False),
        ("./odd:name", False),
        ("C/x@y/z", False),
        ("r.bundle", False),
    ],
)
def test_a_path_is_not_taken_for_an_address(location, is_remote):
    assert looks_remote(location) is is_remote


def test_no_message_shows_a_password():
    with pytest.raises(SourceError) as refused:
        parse_remote("https://me:hunter2@host.example/r")
    assert "hunter2" not in str(refused.value)
