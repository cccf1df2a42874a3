"""A directory of parties and banks in the form of DaData: `findById/party` and `findById/bank`.

https://dadata.ru/api/find-party/
"""

from typing import Any

from sandbox.portal.parties import BANKS, PARTIES, Bank, Party

TOKEN = "sandbox-directory"  # noqa: S105 - a local toy knows no secrets


class Directory:
    """What it knows, and whether it answers. `delay` is in seconds."""

    def __init__(self) -> None:
        self.parties = list(PARTIES)
        self.banks = list(BANKS)
        self.token = TOKEN
        self.down = False
        self.delay = 0.0

    def find(self, kind: str, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body of an answer."""
        query = str(given.get("query") or "").strip()
        if not query:
            return 400, {"family": "CLIENT_ERROR", "reason": "Bad Request", "message": "query is empty"}
        if kind == "bank":
            return 200, {"suggestions": [bank_suggestion(one) for one in self.banks if one.bik == query]}
        found = [one for one in self.parties if query in (one.inn, one.ogrn)]
        for key, value in (
            ("kpp", given.get("kpp")),
            ("branch", given.get("branch_type")),
            ("kind", given.get("type")),
        ):
            found = [one for one in found if not value or getattr(one, key) == value]
        return 200, {"suggestions": [party_suggestion(one) for one in found[: int(given.get("count") or 10)]]}


def party_suggestion(party: Party) -> dict[str, Any]:
    """One party as DaData shows it: head office first, entrepreneurs without KPP and head."""
    person = party.kind == "INDIVIDUAL"
    short = party.name.split(maxsplit=1)[1].strip("«»") if " " in party.name else party.name
    opf = {"short": party.name.split(maxsplit=1)[0], "full": "", "code": "", "type": "2014"}
    data: dict[str, Any] = {
        "inn": party.inn,
        "ogrn": party.ogrn,
        "type": party.kind,
        "name": {"full_with_opf": party.full, "short_with_opf": party.name, "full": short, "short": short},
        "opf": opf,
        "state": {"status": party.state, "registration_date": 1127779200000, "liquidation_date": None},
        "address": {"value": party.address, "unrestricted_value": party.address, "data": None},
        "branch_type": party.branch,
        "branch_count": 0,
    }
    if party.state == "LIQUIDATED":
        data["state"]["liquidation_date"] = 1577836800000
    if person:
        last, first, middle = short.split()
        data["fio"] = {"surname": last, "name": first, "patronymic": middle}
    else:
        data["kpp"] = party.kpp
        data["management"] = {"name": party.head, "post": "ГЕНЕРАЛЬНЫЙ ДИРЕКТОР"} if party.head else None
    return {"value": party.name, "unrestricted_value": party.name, "data": data}


def bank_suggestion(bank: Bank) -> dict[str, Any]:
    """One bank as DaData shows it."""
    data = {
        "bic": bank.bik,
        "correspondent_account": bank.account,
        "name": {"payment": bank.name, "short": bank.name},
        "state": {"status": bank.state},
        "address": {"value": bank.address},
    }
    return {"value": bank.name, "unrestricted_value": bank.name, "data": data}
