"""A portal in memory: what publishing asks for, with types as the documentation has them."""

import itertools
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import PortalError, Refused
from crm_robots.records.settings_store import SettingsTable
from crm_robots.settings.desk import Desk
from crm_robots.settings.source import split

EXAMPLE = Path(__file__).parents[2] / "settings" / "settings.yaml"
KIND = {1: "lead", 2: "deal", 3: "contact", 4: "company"}

STAGES = {
    "STATUS": ["Новый лид", "Менеджер назначен", "Квалификация пройдена", "КП отправлено"],
    "DEAL_STAGE": ["Новая", "В работе"],
    "DEAL_STAGE_1": ["Новая", "В работе"],
    "DEAL_STAGE_2": ["Заявка"],
}
CATEGORIES = {0: "Общая", 1: "Продажи", 2: "Услуги"}
DEPARTMENTS = [
    (1, "Компания", None, 1),
    (2, "Оптовые продажи", 1, 2),
    (3, "Отдел монтажа", 1, 3),
    (4, "Отдел проектирования", 1, None),
    (5, "Сервис", 1, None),
]
USERS = [
    (1, "Анна", "Админова", "admin@example.ru", True, [1]),
    (2, "Олег", "Оптов", "oleg@example.ru", True, [2]),
    (3, "Мария", "Монтажова", "maria@example.ru", True, [3]),
    (9, "Уволен", "Бывший", "gone@example.ru", False, [2]),
]


class Portal:
    """Answers like Bitrix24; `calls` holds every write."""

    origin = "https://acme.bitrix24.example"

    def __init__(self) -> None:
        self.user_fields: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KIND.values()}
        self.cards: dict[int, list[dict[str, Any]]] = {}
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.requests = 0
        self.managers: dict[str, list[int]] = {}
        self.fail: dict[str, list[PortalError]] = {}
        self._ids = itertools.count(100)

    # what Bitrix24's client offers

    def call(self, method: str, params: Mapping[str, Any] | None = None) -> Any:
        self.requests += 1
        return self._do(method, params or {})

    def read(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        self.requests += bool(commands)
        return {name: self._reply(command) for name, command in commands.items()}

    batch = read

    @property
    def told(self) -> list[str]:
        return [params["MESSAGE"] for method, params in self.calls if method == "im.notify.system.add"]

    def labels(self, kind: str, code: str) -> list[str]:
        field = next(one for one in self.user_fields[kind] if one["FIELD_NAME"] == code)
        return [item["VALUE"] for item in field["LIST"]]

    # how it answers

    def _reply(self, command: Command) -> Reply:
        try:
            result = self._do(command.method, command.params)
        except PortalError as error:
            return Reply(error=error)
        if command.method in ("user.get", "department.get"):
            start = int(command.params.get("start", command.params.get("START", 0)))
            return Reply(result[start : start + 50], total=len(result))
        return Reply(result)

    def _do(self, method: str, params: Mapping[str, Any]) -> Any:
        if self.fail.get(method):
            error = self.fail[method].pop(0)
            if getattr(error, "applied", False) is None:
                self._answer(method, params)
            raise error
        return self._answer(method, params)

    def _answer(self, method: str, params: Mapping[str, Any]) -> Any:  # noqa: C901  a table of methods
        if method == "profile":
            return {"ID": "7", "ADMIN": True}
        if method == "crm.settings.mode.get":
            return 1
        match method.split("."):
            case ["crm", "category", "list"]:
                return {"categories": [{"id": number, "name": name} for number, name in CATEGORIES.items()]}
            case ["crm", "status", "list"]:
                return _stages(params["filter"]["ENTITY_ID"])
            case ["crm", "item", "fields"]:
                return {"fields": _standard_fields(params["entityTypeId"])}
            case ["crm", kind, "userfield", verb]:
                return self._userfield(kind, verb, params)
            case ["crm", "item", "details", "configuration", verb]:
                return self._card(verb, params)
            case ["department", "get"]:
                return [
                    {"ID": str(n), "NAME": name, "PARENT": parent and str(parent), "UF_HEAD": head and str(head)}
                    for n, name, parent, head in DEPARTMENTS
                ]
            case ["im", "department", "managers", "get"]:
                return self.managers
            case ["user", "get"]:
                return [_user(*row) for row in USERS]
            case ["crm", "requisite", "preset", "list"]:
                return [{"ID": "1", "NAME": "Организация", "XML_ID": "#CRM_REQUISITE_PRESET_DEF_RU_COMPANY#"}]
            case ["im", "notify", "system", "add"]:
                self.calls.append((method, params))
                return 1
        raise Refused(method, "ERROR_METHOD_NOT_FOUND")

    def _userfield(self, kind: str, verb: str, params: Mapping[str, Any]) -> Any:
        fields = self.user_fields[kind]
        if verb == "list":
            return [dict(field, LIST=[dict(item) for item in field["LIST"]]) for field in fields]
        self.calls.append((f"crm.{kind}.userfield.{verb}", params))
        if verb == "add":
            new = params["fields"]
            code = "UF_CRM_" + new["FIELD_NAME"]
            if any(field["FIELD_NAME"] == code for field in fields):
                raise Refused("crm.userfield.add", "ERROR_CORE", "such a field exists")
            label = new["EDIT_FORM_LABEL"]["ru"]
            field = {"ID": str(next(self._ids)), "FIELD_NAME": code, "USER_TYPE_ID": new["USER_TYPE_ID"]}
            fields.append(field | {"MULTIPLE": new["MULTIPLE"], "EDIT_FORM_LABEL": label, "LIST": []})
            self._write_list(fields[-1], new.get("LIST", []))
            return int(field["ID"])
        self._write_list(next(field for field in fields if int(field["ID"]) == params["id"]), params["fields"]["LIST"])
        return True

    def _write_list(self, field: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        for row in rows:
            known = next((item for item in field["LIST"] if int(item["ID"]) == row.get("ID")), None)
            if known is None:
                known = {"ID": str(next(self._ids)), "XML_ID": f"md5{next(self._ids)}"}
                field["LIST"].append(known)
            known |= {name: str(value) for name, value in row.items() if name != "ID"}

    def _card(self, verb: str, params: Mapping[str, Any]) -> Any:
        customer = params["extras"]["leadCustomerType"]
        if verb == "get":
            return self.cards.get(customer)
        self.calls.append(("card.set", params))
        self.cards[customer] = params["data"]
        return True


def _stages(entity_id: str) -> list[dict[str, Any]]:
    names = [(name, None) for name in STAGES.get(entity_id, [])]
    prefix = f"C{entity_id[11:]}:" if entity_id.startswith("DEAL_STAGE_") else ""
    if entity_id.startswith("DEAL_STAGE"):
        names += [("Сделка успешна", "S"), ("Нет денег", "F")]
    elif entity_id == "STATUS":
        names += [("Сконвертирован", "S"), ("Некачественный лид", "F")]
    return [
        {"ID": str(place), "STATUS_ID": f"{prefix}S{place}", "NAME": name, "SORT": str(place * 10), "SEMANTICS": end}
        for place, (name, end) in enumerate(names)
    ]


def _standard_fields(entity_type_id: int) -> dict[str, Any]:
    title = {"title": {"type": "string", "title": "Название"}, "fm": {"type": "crm_multifield"}}
    names = {"name": {"type": "string", "title": "Имя"}, "companyTitle": {"type": "string", "title": "Компания"}}
    return title | (names if KIND[entity_type_id] != "deal" else {}) | {"stageId": {"type": "crm_status"}}


def _user(number: int, name: str, last_name: str, email: str, active: bool, departments: list[int]) -> dict[str, Any]:
    row = {"ID": str(number), "NAME": name, "LAST_NAME": last_name, "EMAIL": email, "ACTIVE": active}
    return row | {"USER_TYPE": "employee", "UF_DEPARTMENT": departments}


def make_desk(dynamodb: Any, portal: Portal, timers: Mapping[str, int] | None = None) -> Desk:
    """A desk on moto's tables."""
    return Desk(
        bitrix24=portal,  # type: ignore[arg-type]
        table=SettingsTable(dynamodb, "SettingsTable"),
        alone=nullcontext,
        count_timers=lambda status: (timers or {}).get(status, 0),
        replan_timers=lambda rules, zone: 0,
        take_over_cards=lambda rules, zone: None,
        keep_directory=lambda directory: None,
        keep_hosts=lambda hosts: None,
        now=lambda: "2026-01-10T09:00:00+00:00",
    )


def example(**changes: str) -> dict[str, str]:
    """The example's sections; a change replaces a section's text."""
    return {name: piece.text for name, piece in split(EXAMPLE.read_text()).items()} | changes
