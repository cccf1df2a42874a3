"""Leads on the sandbox portal, a person who converts by hand, and a directory of companies in memory."""

from typing import Any

import httpx
from crm_robots.engine.tools import Tools
from crm_robots.robots.conversion.robot import ConversionRobot

from sandbox.portal.types import BY_NAME
from tests.support.world import World

INN, ACCOUNT, BIK = "7707083893", "40702810938000000001", "044525225"
"""Sberbank's INN and BIK, and an account whose key fits."""
LEGAL = {
    "UF_CRM_CLIENT_TYPE": "Юридическое лицо",
    "UF_CRM_INN": INN,
    "UF_CRM_BIK": BIK,
    "UF_CRM_ACCOUNT": ACCOUNT,
}
INDIVIDUAL = {"UF_CRM_CLIENT_TYPE": "Физическое лицо"}
PARTY = {
    "inn": INN,
    "kpp": "773601001",
    "ogrn": "1027700132195",
    "type": "LEGAL",
    "branch_type": "MAIN",
    "name": {"full_with_opf": "ПУБЛИЧНОЕ АКЦИОНЕРНОЕ ОБЩЕСТВО «СБЕРБАНК»", "short_with_opf": "ПАО СБЕРБАНК"},
    "management": {"name": "Греф Герман Оскарович", "post": "ПРЕЗИДЕНТ"},
    "state": {"status": "ACTIVE"},
    "address": {"value": "г Москва, ул Вавилова, д 19", "unrestricted_value": "117312, г Москва, ул Вавилова, д 19"},
}
BANK = {"bic": BIK, "correspondent_account": "30101810400000000225", "name": {"payment": "ПАО СБЕРБАНК"}}


def phone(value: str) -> dict[str, str]:
    """A phone as cards have it."""
    return {"typeId": "PHONE", "valueType": "WORK", "value": value}


def email(value: str) -> dict[str, str]:
    """An e-mail as cards have it."""
    return {"typeId": "EMAIL", "valueType": "WORK", "value": value}


def make_lead(world: World, **fields: Any) -> int:
    """A lead with name and phone, made by a person, between new and the gate; qualification asks nothing of it."""
    common = {
        "UF_CRM_DIRECTION": "Физические лица",
        "title": "Шторы",
        "stageId": "IN_PROCESS",
        "name": "Анна",
        "fm": [phone("8 916 123-45-67")],
    }
    return world.person("Петров").create("lead", **(common | fields))


def rows(world: World, kind: str) -> list[dict[str, Any]]:
    """All items of one kind, by id."""
    return list(world.portal.items.table(BY_NAME[kind].id).rows.values())


def win(world: World, lead: int) -> None:
    """Drags the lead to the success stage."""
    world.person("Петров").move("lead", lead, "CONVERTED")


def convert_by_hand(world: World, lead: int) -> None:
    """What Bitrix24's own button does: contact and deal, linked, and the success stage.

    A person makes no second deal where the lead shows one, and keeps the contact that the lead shows.
    """
    person = world.person("Петров")
    card = person.read("lead", lead)
    contact = card["contactId"] or person.create("contact", name=card["name"], leadId=lead)
    if not [deal for deal in rows(world, "deal") if deal["leadId"] == lead]:
        person.create("deal", title=card["title"], leadId=lead, contactIds=[contact])
    person.update("lead", lead, contactIds=[contact], stageId="CONVERTED")


class Directory:
    """DaData's two methods. `down` lets them time out; `asked` is what they were asked."""

    def __init__(self, *parties: dict[str, Any], down: bool = False) -> None:
        self.parties = parties
        self.down = down
        self.asked: list[tuple[str, str]] = []

    def robot(self, tools: Tools) -> ConversionRobot:
        """The robot with this directory behind it."""
        return ConversionRobot(tools, httpx.Client(transport=httpx.MockTransport(self._answer)))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        what = request.url.path.rsplit("/", 1)[-1]
        query = httpx.Response(200, content=request.content).json()["query"]
        self.asked.append((what, query))
        if self.down:
            raise httpx.ConnectTimeout("down")
        found = [one for one in self.parties if one["inn"] == query] if what == "party" else [BANK]
        return httpx.Response(200, json={"suggestions": [{"value": "", "data": one} for one in found]})
