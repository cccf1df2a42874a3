"""What the portal says when it refuses: four kinds, one per thing a caller does differently.

Told apart by Bitrix24's code, then by its words, and by the HTTP status only when neither helps:
documentation and portals disagree about statuses, `OVERLOAD_LIMIT` shares its 503 with
`QUERY_LIMIT_EXCEEDED`, and some errors come with HTTP 200.
https://github.com/bitrix24/b24restdocs/blob/main/error-codes.md
"""

import html
import re
from typing import Any

from crm_robots.portal.access import scope_of
from crm_robots.shared.items import ItemRef

_LONGEST_DESCRIPTION = 300


class PortalError(Exception):
    """A call that brought no result. Never holds the URL: the webhook's address is its password."""

    def __init__(self, method: str, code: str = "", description: str = "", status: int = 0) -> None:
        self.method = method
        self.code = code
        self.description = _plain(description)
        self.status = status
        super().__init__(": ".join(part for part in (method, code, self.description) if part))


class Busy(PortalError):  # noqa: N818 - the four kinds read as what happened
    """Worth another try later: limits, faults of the server or the network, answers that are no answer."""

    def __init__(
        self,
        method: str,
        code: str = "",
        description: str = "",
        status: int = 0,
        *,
        retry_after: float | None = None,
        applied: bool | None = None,
    ) -> None:
        super().__init__(method, code, description, status)
        self.retry_after = retry_after
        """Seconds; None: the portal named no time."""
        self.applied = applied
        """False: the portal certainly did nothing. None: it may have; look before repeating a write."""


class AccessLost(PortalError):  # noqa: N818
    """An administrator must act; until then every further call would fail."""

    def __init__(self, method: str, code: str = "", description: str = "", status: int = 0, *, right: str) -> None:
        super().__init__(method, code, description, status)
        self.right = right
        """What is missing, in English; `access.in_words` has it in Russian."""


class Denied(AccessLost):
    """The webhook's owner may not do this with one card; other cards may be allowed."""

    def __init__(self, refused: "Refused", ref: ItemRef | None) -> None:
        right = _ACCESS["USER_ACCESS_ERROR"]
        super().__init__(refused.method, refused.code, refused.description, refused.status, right=right)
        self.ref = ref
        """The card, where the work is about one."""


class Gone(PortalError):  # noqa: N818
    """The object does not exist, or not for the webhook's owner."""


class Refused(PortalError):  # noqa: N818
    """The portal will not do this, however often it is asked."""

    @property
    def is_denial(self) -> bool:
        """Whether the webhook's owner may not do it; it was not the content that was wrong."""
        return self.code == "ACCESS_DENIED" or bool(_DENIED_WORDS.search(self.description))


_BUSY: dict[str, bool | None] = {
    "QUERY_LIMIT_EXCEEDED": False,
    "OPERATION_TIME_LIMIT": False,
    "INTERNAL_SERVER_ERROR": None,
    "ERROR_UNEXPECTED_ANSWER": None,
}
_ACCESS = {
    "NO_AUTH_FOUND": "incoming webhook: revoked or expired",
    "EXPIRED_TOKEN": "incoming webhook: revoked or expired",
    "INVALID_TOKEN": "incoming webhook: revoked or expired",
    "AUTHORIZATION_ERROR": "incoming webhook: its owner was deactivated",
    "INVALID_CREDENTIALS": "incoming webhook: its owner lacks rights",
    "USER_ACCESS_ERROR": "incoming webhook: its owner lacks rights",
    "ALLOWED_ONLY_INTRANET_USER": "incoming webhook: its owner is not an employee",
    "METHOD_CONFIRM_WAITING": "an administrator's confirmation in Bitrix24",
    "METHOD_CONFIRM_DENIED": "an administrator's confirmation in Bitrix24",
    "PAYMENT_REQUIRED": "subscription of the portal",
    "CREATE_DYNAMIC_ITEM_RESTRICTED": "subscription of the portal",
    "UPDATE_DYNAMIC_ITEM_RESTRICTED": "subscription of the portal",
    "CRM_FEATURE_RESTRICTION_ERROR": "subscription of the portal",
    "PORTAL_DELETED": "portal: closed or deleted",
    "OVERLOAD_LIMIT": "portal: blocked by Bitrix24 for overload",
}
_GONE = {"NOT_FOUND", "ERROR_NOT_FOUND", "OWNER_NOT_FOUND", "ENTITY_NOT_FOUND"}
_ANYBODY_MAY = {"batch", "profile", "scope", "server.time", "method.get"}
_CODE = re.compile(r"[A-Z0-9_-]*")
_GONE_WORDS = re.compile(r"(?<!method )\b(?:is |was )?not found\b|не найден", re.IGNORECASE)
_TARIFF_WORDS = re.compile(r"\bplans?\b|\btariff|\bsubscription|тариф|подписк", re.IGNORECASE)
_DENIED_WORDS = re.compile(r"access denied|доступ запрещ|отказано в доступе|недостаточно прав", re.IGNORECASE)
_OTHER_REFUSALS = re.compile(r"denied|invalid|not defined|not valid|must be|required|доступ", re.IGNORECASE)


def error_of(method: str, error: Any, description: Any = "", status: int = 0) -> PortalError:
    """The error behind `error` and `error_description`; status 0: a command of a batch has none."""
    if isinstance(error, dict):  # REST 3.0, and the commands of a batch
        description = error.get("error_description") or error.get("message") or ""
        error = error.get("code", error.get("error"))
    code, text = str(error if error is not None else "").strip().upper(), str(description or "")
    if not _CODE.fullmatch(code):  # the older CRM methods put the sentence where the code belongs
        code, text = "", f"{error} {text}"
    known = code and code not in {"0", "100", "-"}
    return _by_code(method, code, text, status) if known else _by_text(method, code, text, status)


def error_of_status(method: str, status: int, description: str = "") -> PortalError:
    """The error behind an answer that is no JSON: a proxy's page, an empty body, half an answer."""
    if status == 401:
        return AccessLost(method, "", description, status, right=_ACCESS["NO_AUTH_FOUND"])
    if status in {403, 404, 410}:
        return AccessLost(method, "", description, status, right="portal: nothing answers at its address")
    if status in {400, 405, 413, 414, 415}:
        return Refused(method, "", description, status)
    return Busy(method, "", description, status, applied=False if status == 429 else None)


def _by_code(method: str, code: str, text: str, status: int) -> PortalError:
    if code in _BUSY:
        return Busy(method, code, text, status, applied=_BUSY[code])
    if code == "INSUFFICIENT_SCOPE":
        return AccessLost(method, code, text, status, right=f'scope "{scope_of(method)}"')
    if code in _ACCESS:
        return AccessLost(method, code, text, status, right=_ACCESS[code])
    if code == "ACCESS_DENIED" and (_TARIFF_WORDS.search(text) or method in _ANYBODY_MAY):
        return AccessLost(method, code, text, status, right=_ACCESS["PAYMENT_REQUIRED"])
    if code in _GONE:
        return Gone(method, code, text, status)
    return _by_status(method, code, text, status) if code != "ERROR_CORE" else Refused(method, code, text, status)


def _by_text(method: str, code: str, text: str, status: int) -> PortalError:
    if _GONE_WORDS.search(text):
        return Gone(method, code, text, status)
    if _OTHER_REFUSALS.search(text):
        return Refused(method, code, text, status)
    return _by_status(method, code, text, status)


def _by_status(method: str, code: str, text: str, status: int) -> PortalError:
    if status == 401:
        return AccessLost(method, code, text, status, right=_ACCESS["NO_AUTH_FOUND"])
    if status == 429 or status >= 500:
        return Busy(method, code, text, status, applied=False if status == 429 else None)
    return Refused(method, code, text, status)


def _plain(text: str) -> str:
    """Bitrix24 ends some texts with `<br>`."""
    bare = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return " ".join(bare.split())[:_LONGEST_DESCRIPTION]
