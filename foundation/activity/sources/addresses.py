"""Which remote addresses the server may call: only public ones, and only as they were checked.

Python 3.11's ``is_global`` takes NAT64, 6to4 and multicast addresses for public ones, so the filter
is our own (IANA's special-purpose registries).
"""

import ipaddress
import re
import socket
from collections.abc import Callable
from typing import NamedTuple

from foundation.activity.sources.errors import SourceError
from foundation.said import Said

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

CLOSED_V4 = [
    ipaddress.IPv4Network(network)
    for network in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",
    ]
]
# Only 2000::/3 is handed out to the public internet; these parts of it are not, or carry an
# embedded IPv4 address (6to4, Teredo) that would be called in its stead.
OPEN_V6 = ipaddress.IPv6Network("2000::/3")
CLOSED_V6 = [
    ipaddress.IPv6Network(network)
    for network in ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"]
]
PORTS = {"https": 443, "http": 80, "ssh": 22}
URL = re.compile(
    r"(?P<scheme>https?|ssh)://(?:(?P<user>[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})@)?"
    r"(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[A-Za-z0-9._~%+@=/-]{1,1000})",
    re.IGNORECASE,
)
SCP = re.compile(
    r"(?:(?P<user>[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})@)(?P<host>[A-Za-z0-9.-]{1,253}):"
    r"(?P<path>[A-Za-z0-9._~/][A-Za-z0-9._~+@=/-]{0,1000})"
)
LOOKS_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?::|//)|[^/\s]+@[^/\s]+:")
NUMBER = re.compile(r"(?:0[xX][0-9A-Fa-f]*|[0-9]+)(?:\.(?:0[xX][0-9A-Fa-f]*|[0-9]+)){0,3}\.?")


class Remote(NamedTuple):
    """A remote repository's address, taken apart."""

    url: str
    scheme: str  # "https", "http" or "ssh"
    host: str  # lower-case, without brackets
    port: int
    path: str  # without leading slash

    @property
    def origin(self) -> str:
        """Return the address of the repository's web page, if it has one."""
        netloc = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.scheme == "ssh" or self.port == PORTS[self.scheme]
        scheme = "https" if self.scheme == "ssh" else self.scheme
        port = "" if usual else f":{self.port}"
        return f"{scheme}://{netloc}{port}/{self.path.rstrip('/').removesuffix('.git')}"


def looks_remote(location: str) -> bool:
    """Tell whether `location` is meant as an address and not as a path."""
    return bool(LOOKS_REMOTE.match(location))


def parse_remote(location: str) -> Remote:
    """Take an address apart; raise SourceError for anything but plain http(s) and ssh.

    The grammar is narrow on purpose: git, curl and we must read the same host out of it.
    """
    found = URL.fullmatch(location) or SCP.fullmatch(location)
    if not found:
        raise refusal(
            location, Said("only https, http and ssh addresses without password are read")
        )
    parts = found.groupdict()
    scheme = (parts.get("scheme") or "ssh").lower()
    if scheme != "ssh" and parts["user"]:
        raise refusal(location, Said("a user name belongs only into an ssh address"))
    port = int(parts.get("port") or PORTS[scheme])
    host = parts["host"].strip("[]").lower()
    path = parts["path"].lstrip("/")
    if not 0 < port < 65_536 or host.startswith("-") or path.startswith("-"):
        raise refusal(location, Said("it is not a valid address"))
    return Remote(location, scheme, host, port, path)


def public_address(remote: Remote, *, allow_private: bool, resolve: Resolver | None = None) -> str:
    """Return the one checked IP address under which `remote` may be called.

    Every address that the name stands for must be public, unless `allow_private`; raises
    SourceError. The caller must call exactly the returned address: a second look-up may differ.
    """
    try:
        numbers = literal_address(remote.host)
        found = [numbers] if numbers else (resolve or resolve_host)(remote.host, remote.port)
        addresses = [ipaddress.ip_address(address) for address in found]
    except (OSError, ValueError, UnicodeError):
        addresses = []
    if not addresses:
        raise SourceError(
            "The host of %(place)s was not found; check its spelling.", place=shown(remote.url)
        )
    if not allow_private and not all(is_public(address) for address in addresses):
        raise refusal(
            remote.url, Said("its host is not a public address; allow it in the settings")
        )
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Tell whether the address belongs to the public internet and stands for no other address."""
    if address.version == 4:
        return not any(address in network for network in CLOSED_V4)
    if address.scope_id or address not in OPEN_V6:
        return False  # also IPv4-mapped, NAT64, link-local, unique local, multicast
    return not any(address in network for network in CLOSED_V6)


def literal_address(host: str) -> str:
    """Return the address that `host` spells (also ``2130706433``, ``0x7f.1``), "" for a name.

    Raises OSError for numbers that are no address.
    """
    if ":" in host:
        return host
    if not NUMBER.fullmatch(host):
        return ""
    return socket.inet_ntoa(socket.inet_aton(host.removesuffix(".")))


def resolve_host(host: str, port: int) -> list[str]:
    """Return all addresses that the system's resolver gives for `host`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [entry[4][0] for entry in found]


def refusal(location: str, reason: Said) -> SourceError:
    """Return the error for an address we do not call."""
    return SourceError(
        "The address %(place)s is refused: %(why)s.", place=shown(location), why=reason
    )


def shown(location: str) -> str:
    """Return the address fit for a message: no password, no control characters, not too long."""
    without_secret = re.sub(r"(//[^/@:]*):[^/@]*@", r"\1:…@", location)
    return "".join(char if char.isprintable() else "?" for char in without_secret[:200])
