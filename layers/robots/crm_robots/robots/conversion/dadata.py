"""DaData: companies and entrepreneurs by INN, banks by BIK.

https://dadata.ru/api/find-party/ and https://dadata.ru/api/find-bank/
"""

from collections.abc import Callable, Mapping
from typing import Any

import httpx
from aws_lambda_powertools import Logger

from crm_robots.robots.conversion.known import Bank, DirectoryAnswer, Party

logger = Logger()

TOKEN = "secrets/dadata-token"  # noqa: S105 - the parameter's name
_TIMEOUT = httpx.Timeout(4, connect=2)
_ENDED = ("LIQUIDATED", "LIQUIDATING", "BANKRUPT")


class Dadata:
    """One account. Its token and the questions are secret: neither gets into a log.

    It is asked without a token too, because a company's own proxy may have one.
    """

    def __init__(self, token: Callable[[], str], http: httpx.Client) -> None:
        self._token = token
        self._http = http
        self._is_down = False

    def begin(self) -> None:
        """A new window of events: the directory is asked again.

        Within a window, one that did not answer is not asked again, so that it delays no other lead.
        """
        self._is_down = False

    def ask(self, base_url: str, inn: str, bik: str) -> DirectoryAnswer:
        """What it knows of an INN and a BIK, each of which may be empty."""
        if self._is_down:
            return DirectoryAnswer(is_down=True)
        party = bank = None
        try:
            party = party_of(inn, self._find(base_url, "party", inn)) if inn else None
            bank = bank_of(bik, self._find(base_url, "bank", bik)) if bik else None
        except Exception as error:
            self._is_down = True
            logger.warning("the party directory does not answer", error=type(error).__name__)
        return DirectoryAnswer(party, bank, self._is_down)

    def _find(self, base_url: str, what: str, query: str) -> list[Mapping[str, Any]]:
        token = self._token()
        reply = self._http.post(
            f"{base_url.rstrip('/')}/findById/{what}",
            json={"query": query},
            headers={"Accept": "application/json"} | ({"Authorization": f"Token {token}"} if token else {}),
            timeout=_TIMEOUT,
        )
        if reply.status_code != httpx.codes.OK:
            # Not raise_for_status: its text would hold the address.
            raise ConnectionError(f"findById/{what} answered {reply.status_code}")
        return [one.get("data") or {} for one in reply.json().get("suggestions") or []]


def party_of(inn: str, found: list[Mapping[str, Any]]) -> Party | None:
    """The party with exactly this INN; of a company and its branches, the head office that is active."""
    same = [data for data in found if str(data.get("inn")) == inn]
    heads = [data for data in same if data.get("branch_type") in (None, "", "MAIN")]
    active = [data for data in heads if _part(data, "state").get("status") not in _ENDED]
    data = next(iter([*active, *heads, *same]), None)
    if data is None:
        return None
    name, state = _part(data, "name"), str(_part(data, "state").get("status") or "")
    fio, head = _part(data, "fio"), _part(data, "management")
    full = _text(name, "full_with_opf") or _text(name, "full")
    address = _part(data, "address")
    return Party(
        inn=inn,
        name=_text(name, "short_with_opf") or full or " ".join(_person(fio)).strip(),
        full_name=full,
        kpp=_text(data, "kpp"),
        ogrn=_text(data, "ogrn"),
        address=_text(address, "unrestricted_value") or _text(address, "value"),
        head=_text(head, "name"),
        person=_person(fio),
        is_closed=state in _ENDED,
        closed_as=state if state in _ENDED else "",
    )


def bank_of(bik: str, found: list[Mapping[str, Any]]) -> Bank | None:
    """The bank with exactly this BIK."""
    data = next((one for one in found if str(one.get("bic")) == bik), None)
    if data is None:
        return None
    names = _part(data, "name")
    name = _text(names, "payment") or _text(names, "short") or _text(names, "full")
    return Bank(bik, name, _text(data, "correspondent_account"))


def _person(fio: Mapping[str, Any]) -> tuple[str, str, str]:
    last, first, second = (_text(fio, name) for name in ("surname", "name", "patronymic"))
    return last, first, second


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = data.get(name)
    return part if isinstance(part, Mapping) else {}


def _text(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name) or "").strip()
