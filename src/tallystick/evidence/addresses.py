"""Which addresses on the network may be asked: the URL as it will be sent, and the machine behind it.

Whoever writes a page, a redirect or a DNS record chooses an address for us. Without rules that could be
the router of the investigator's home, the database of the newsroom, or the metadata service that hands
a rented machine its passwords. So a URL is first read strictly, in one way only; and each address
that its name leads to is held against the registries of special addresses (IANA's, for IPv4 and IPv6,
RFC 6890 and its updates) before anything connects to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urljoin

from tallystick.errors import NotFetched

LENGTH = 8192  # characters of a URL
_PORTS = {"http": 80, "https": 443}
_PARTS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_PLACE = re.compile(r"//(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?", re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
# A control character or a line end would start a header of its own; urllib.parse drops some in silence.
_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Letters that the two editions of IDNA (2003, 2008) send to different hosts.
_EITHER_WAY = re.compile("[\u00df\u03c2\u200c\u200d\u1e9e]")
_SAFE = "!$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes, in ASCII, as it is sent. An IPv6 ``host`` has no brackets here."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and, where it is not the usual one, port: what the ``Host`` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def site(self) -> str:
        """What one robots.txt speaks for: scheme, host and port."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return f"{self.site}{self.path}"

    def at(self, path: str) -> Target:
        """Another path of the same site."""
        return Target(self.scheme, self.host, self.port, path)


def target(url: str, *, any_port: bool = False) -> Target:
    """``url`` as it will be asked: http or https, host in ASCII, path escaped, no fragment.

    Raises ``NotFetched`` for any other scheme, for a user name or password in it, for a port that is
    not 80 or 443 (unless ``any_port``), for a host spelt in a way that programs read differently, and
    for characters that would end a line of the request.
    """
    shown = _shown(url)
    if len(url) > LENGTH:
        raise NotFetched(f"{shown} has more than {LENGTH:,} characters; that is no address of a report")
    if found := _UNSENDABLE.search(url):
        raise NotFetched(
            f"{shown} holds the character U+{ord(found[0]):04X}, which no address may hold; write it as %xx"
        )
    parts = _PARTS.fullmatch(url.strip())
    scheme = parts["scheme"].lower() if parts else ""
    if parts is None or scheme not in _PORTS:
        raise NotFetched(f"{shown} does not begin with http:// or https://, and nothing else is fetched")
    place = _PLACE.fullmatch(parts["rest"])
    if place is None or not place["authority"]:
        raise NotFetched(f"{shown} names no host; write it as https://host/path")
    authority = place["authority"]
    if "@" in authority:
        raise NotFetched(f"{shown} holds a user name or a password before '@'; leave it out")
    if "\\" in authority:
        raise NotFetched(f"{shown} has a backslash in its host, which programs read differently")
    named = _AUTHORITY.fullmatch(authority)
    if named is None:
        raise NotFetched(f"{shown}: {authority!r} is no host, nor host:port")
    port = _port(named["port"], scheme, shown, any_port)
    path = quote((place["path"] or "/") + (place["query"] or ""), safe=_SAFE)
    return Target(scheme, _host(named["host"], shown), port, path)


def redirected(here: Target, location: str, *, any_port: bool = False) -> Target:
    """Where the ``Location`` header of an answer from ``here`` leads; raises as ``target`` does."""
    if found := _UNSENDABLE.search(location):
        raise NotFetched(f"{here.url} leads on to an address with the character U+{ord(found[0]):04X}")
    try:
        onward = urljoin(here.url, location.strip())
    except ValueError as error:
        raise NotFetched(f"{here.url} leads on to {_shown(location)}, which is no address") from error
    return target(onward, any_port=any_port)


def _shown(url: str) -> str:
    """``url`` as a message may hold it: no control characters, no password, not endlessly long."""
    url = re.sub(r"(//)[^/?#]*@", r"\1…@", url)
    short = url if len(url) <= 200 else f"{url[:200]}…"
    return _UNSENDABLE.sub("\ufffd", short)


def _port(told: str | None, scheme: str, shown: str, any_port: bool) -> int:
    port = int(told[:6]) if told else _PORTS[scheme]
    if not 0 < port < 65536:
        raise NotFetched(f"{shown}: there is no port {told}")
    if port not in _PORTS.values() and not any_port:
        raise NotFetched(
            f"{shown}: port {port} is neither 80 nor 443, so it may be another service than the web; "
            "to ask it all the same, use --any-port"
        )
    return port


def _host(told: str, shown: str) -> str:
    """The host in ASCII and lower case; an address in numbers only in its one usual spelling."""
    if told.startswith("["):
        try:
            if "%" in told:
                raise ValueError("a zone of this machine")
            return str(IPv6Address(told[1:-1]))
        except ValueError as error:
            raise NotFetched(f"{shown}: {told} is no IPv6 address ({error})") from error
    if _EITHER_WAY.search(told):
        raise NotFetched(
            f"{shown}: the host has a letter that leads to different hosts in different programs; "
            "write it in its xn-- form, as a browser shows it"
        )
    try:
        host = told if told.isascii() else told.encode("idna").decode()
    except UnicodeError as error:
        raise NotFetched(
            f"{shown}: {told!r} is no name of a host ({error}); write it in its xn-- form, if it has one"
        ) from error
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NotFetched(f"{shown}: {told!r} is no name of a host")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host))
        except ValueError as error:
            raise NotFetched(
                f"{shown}: {told!r} is a number that programs read as different addresses; "
                "write it as four plain numbers: 192.0.2.1"
            ) from error
    return host


# ------------------------------------------------------------------- addresses of machines

# (network, what it is, whether --allow-private opens it); the first that holds an address speaks for it.
_SPECIAL = tuple(
    (ip_network(network), what, opened)
    for network, what, opened in (
        ("168.63.129.16/32", "the service of a cloud provider for its own machines", False),
        ("100.100.100.200/32", "the metadata service of a cloud provider", False),
        ("0.0.0.0/8", "no address of another machine", False),
        ("10.0.0.0/8", "a private address", True),
        ("100.64.0.0/10", "an address within a provider's network", True),
        ("127.0.0.0/8", "this machine itself", True),
        ("169.254.0.0/16", "a link-local address, where clouds keep their metadata service", False),
        ("172.16.0.0/12", "a private address", True),
        ("192.0.0.0/24", "set aside for protocols", False),
        ("192.0.2.0/24", "set aside for documentation", False),
        ("192.88.99.0/24", "a relay that is no longer in use", False),
        ("192.168.0.0/16", "a private address", True),
        ("198.18.0.0/15", "set aside for measurements between networks", True),
        ("198.51.100.0/24", "set aside for documentation", False),
        ("203.0.113.0/24", "set aside for documentation", False),
        ("224.0.0.0/4", "a multicast address", False),
        ("240.0.0.0/4", "reserved", False),
        ("::1/128", "this machine itself", True),
        ("::/128", "no address of another machine", False),
        ("::/96", "an IPv4 address within an IPv6 one", False),
        ("::ffff:0:0/96", "an IPv4 address within an IPv6 one", False),
        ("::ffff:0:0:0/96", "an IPv4 address within an IPv6 one", False),
        ("64:ff9b::/96", "an IPv4 address within an IPv6 one", False),
        ("64:ff9b:1::/48", "an IPv4 address within an IPv6 one", False),
        ("2002::/16", "an IPv4 address within an IPv6 one", False),
        ("2001::/32", "an IPv4 address within an IPv6 one", False),
        ("2001::/23", "set aside for protocols", False),
        ("2001:db8::/32", "set aside for documentation", False),
        ("3fff::/20", "set aside for documentation", False),
        ("fd00:ec2::/32", "the metadata service of a cloud provider", False),
        ("fd20:ce::/64", "the metadata service of a cloud provider", False),
        ("fc00::/7", "a private address", True),
        ("fe80::/10", "a link-local address", False),
        ("fec0::/10", "a private address of an older kind", False),
        ("ff00::/8", "a multicast address", False),
    )
)
_PUBLIC6 = ip_network("2000::/3")  # all that was ever handed out of IPv6 for single machines
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: the half of an interface id before an embedded IPv4 address


def refusal(address: str, *, allow_private: bool = False) -> str | None:
    """Why nothing may connect to ``address``, in words; None where it may.

    ``allow_private`` opens this machine and private networks, for one's own archive. Link-local, multicast,
    metadata and reserved addresses stay shut, and IPv4 addresses within IPv6 ones, whatever they embed.
    Text that is no address (also one with a zone, ``fe80::1%eth0``) is refused.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return "no address"
    if isinstance(found, IPv6Address) and found.scope_id is not None:
        return "an address of one link of this machine"
    for network, what, opened in _SPECIAL:
        if found.version == network.version and found in network:
            return None if opened and allow_private else what
    if isinstance(found, IPv6Address):
        if found not in _PUBLIC6:
            return "outside what was handed out of IPv6"
        if (int(found) >> 32) & 0xFFFFFFFF in _ISATAP:
            return "an IPv4 address within an IPv6 one"
    return None
