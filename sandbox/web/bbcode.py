"""BB code of comments, notifications and posts as HTML; unknown tags stay plain text."""

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

_TOKEN = re.compile(
    r"\[(?P<name>URL|/URL|B|/B|I|/I|U|/U|S|/S|LIST|/LIST|\*|BR|USER|/USER|CODE|/CODE)(?:=(?P<value>[^\]]*))?\]", re.I
)
_BARE = re.compile(r"https?://[^\s\[\]<>\"']+[^\s\[\]<>\"'.,;:!?)]")
_TAGS = {"b": "b", "i": "i", "u": "u", "s": "s", "list": "ul", "user": "span", "code": "code"}
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def href(address: str, home: str = "") -> str:
    """The address, if a click on it is harmless; one of our own portal (`home`: host and port) without its host."""
    address = address.strip().strip("\"'")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not parts.scheme and not parts.netloc:
        local = address.startswith("/") and "\\" not in address
        return address if local else ""
    if parts.scheme.lower() not in _SCHEMES:
        return ""
    if home and parts.netloc == home:
        return parts._replace(scheme="", netloc="").geturl() or "/"
    return address


def to_html(text: str, home: str = "") -> Markup:
    """Closes tags in their order, so that a comment cannot spoil the page around it."""
    return _Writer(home).write(text)


class _Writer:
    """Turns one text into HTML."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._out: list[str] = []
        self._open: list[str] = []

    def write(self, text: str) -> Markup:
        """The whole text."""
        at = 0
        for token in _TOKEN.finditer(text):
            self._plain(text[at : token.start()])
            self._tag(text, token)
            at = token.end()
        self._plain(text[at:])
        while self._open:
            self._close(self._open[-1])
        return Markup("".join(self._out))  # noqa: S704 - every piece of it is escaped where it is added

    def _plain(self, text: str) -> None:
        at = 0
        for bare in [] if "a" in self._open else _BARE.finditer(text):
            self._lines(text[at : bare.start()])
            self._link(bare[0])
            self._lines(bare[0])
            self._close("a")
            at = bare.end()
        self._lines(text[at:])

    def _lines(self, text: str) -> None:
        self._out.append(str(escape(text)).replace("\r\n", "\n").replace("\n", "<br>"))

    def _tag(self, text: str, token: re.Match[str]) -> None:
        name = token["name"].lower()
        if name == "br":
            self._out.append("<br>")
        elif name == "*":
            self._item()
        elif name == "url":
            self._url(text, token)
        elif name == "/url":
            self._close("a")
        elif name.startswith("/"):
            self._close(_TAGS[name[1:]])
        else:
            self._start(_TAGS[name])

    def _url(self, text: str, token: re.Match[str]) -> None:
        address = token["value"]
        if address is None:
            end = text.lower().find("[/url]", token.end())
            address = text[token.end() : end] if end >= 0 else ""
        self._link(address)

    def _link(self, address: str) -> None:
        safe = href(address, self._home)
        if not safe or "a" in self._open:
            return
        outside = "" if safe.startswith("/") else ' target="_blank" rel="noopener noreferrer"'
        self._start("a", f' href="{escape(safe)}"{outside}')

    def _item(self) -> None:
        if "ul" in self._open:
            self._close("li")
            self._start("li")
        else:
            self._out.append("• ")

    def _start(self, tag: str, attributes: str = "") -> None:
        self._out.append(f"<{tag}{attributes}>")
        self._open.append(tag)

    def _close(self, tag: str) -> None:
        """Closes a tag with everything inside it that is still open."""
        if tag not in self._open:
            return
        while self._open:
            last = self._open.pop()
            self._out.append(f"</{last}>")
            if last == tag:
                return
