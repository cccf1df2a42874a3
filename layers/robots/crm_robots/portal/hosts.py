"""Names under which a portal is reached, compared the way browsers compare them."""

from dataclasses import dataclass

_LONGEST = 255
_USUAL_PORTS = ("", "80", "443")


@dataclass(frozen=True)
class Host:
    """`name` in small letters and punycode; `port` empty where none is given."""

    name: str
    port: str = ""

    def __str__(self) -> str:
        return f"{self.name}:{self.port}" if self.port else self.name

    def covers(self, other: "Host") -> bool:
        """Whether `other` is this host: without a port it covers every port, and browsers leave the usual ones out."""
        if self.name != other.name:
            return False
        return not self.port or self.port == other.port or (self.port in _USUAL_PORTS and not other.port)


def read_host(text: str) -> Host | None:
    """`crm.acme.example:8443`, `КРМ.рф`, `[::1]:80`; None where the text is no name of a host."""
    text = text.strip()
    inner, bracket, after = text.removeprefix("[").partition("]")
    if text.startswith("[") and bracket:
        name, port = f"[{inner}]", after.removeprefix(":")
    else:
        name, _, port = text.partition(":")
    name = _punycode(name.rstrip("."))
    if not name or len(name) > _LONGEST or (port and not _is_port(port)) or not _is_name(name):
        return None
    return Host(name, port)


def _punycode(name: str) -> str:
    if name.isascii():
        return name.lower()
    try:
        return name.encode("idna").decode().lower()
    except UnicodeError:
        return ""


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5


def _is_name(name: str) -> bool:
    if name.startswith("["):
        return all(one in "0123456789abcdef:." for one in name[1:-1])
    return all(one.isalnum() or one in "-_." for one in name)
