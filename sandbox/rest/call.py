"""One call of a REST method, and the table of methods."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal, missing
from sandbox.portal.incoming import Caller
from sandbox.portal.values import BadValue, clean_integer

Handler = Callable[["Call"], Any]
_CONTROLLERS = ("crm.item.", "im.")


class Call:
    """`raw` are the parameters as they came. `get` does not mind their case, as most of Bitrix24 does not; controllers
    (`crm.item.*`, `im.*`) take a name only as its page writes it.
    """

    def __init__(self, portal: Portal, caller: Caller, method: str, raw: dict[str, Any]) -> None:
        self.portal = portal
        self.caller = caller
        self.method = method
        self.raw = raw
        self._strict = method.lower().startswith(_CONTROLLERS)
        self._params = {self._key(str(key)): value for key, value in raw.items()}

    @property
    def user_id(self) -> int:
        """The webhook's owner, as whom everything is done."""
        return self.caller.user_id

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter."""
        value = self._params.get(self._key(name))
        return default if value is None else value

    def _key(self, name: str) -> str:
        return name if self._strict else name.lower()

    def number(self, name: str) -> int:
        """A required whole number; error `100` where it is missing or something else."""
        value = self.get(name)
        if value in (None, ""):
            raise missing(name)
        try:
            return clean_integer(value)
        except BadValue:
            raise Refusal("100", f"Invalid value {{{value}}} to match with parameter {{{name}}}.") from None

    def mapping(self, name: str, *, required: bool = False) -> dict[str, Any]:
        """An object; PHP's empty list is an empty object, and a list is a map with the keys 0, 1, …"""
        value = self.get(name)
        if isinstance(value, dict):
            return value
        if isinstance(value, list) and value:
            return {str(place): one for place, one in enumerate(value)}
        if value in (None, "", []) and not required:
            return {}
        if value in (None, "", []):
            raise missing(name)
        raise Refusal(
            "100",
            f"Invalid value {{{value}}} to match with parameter {{{name}}}. Should be value of type array.",
        )

    @property
    def start(self) -> int:
        """Offset of the page; -1 switches counting off. No method knows another spelling than lower case."""
        try:
            return max(-1, clean_integer(self.raw.get("start") or 0))
        except BadValue:
            return 0


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the portal. `scope` is what the webhook must have; several: any of them."""

    name: str
    scopes: tuple[str, ...]
    handler: Handler


METHODS: dict[str, Method] = {}


def method(name: str, scope: str = "crm") -> Callable[[Handler], Handler]:
    """Puts a function into the table of methods; `scope` may name alternatives (`user|user_basic`)."""

    def register(handler: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, tuple(scope.split("|")), handler)
        return handler

    return register
