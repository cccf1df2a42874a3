"""Leads, rules and people for tests of routing."""

from typing import Any

from crm_robots.robots.routing.ballot import Company
from crm_robots.robots.routing.facts import Facts
from crm_robots.robots.routing.rules import RoutingRules, Service
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.people import Department, Directory, User
from crm_robots.shared.portal import PortalRules

NOON = 1_768_208_400
"""12 January 2026, 12:00 in Moscow."""
MOUNTING, DESIGN, REPAIR = 501, 502, 503
BORIS, CLARA, DIMA, EVA, FEDOR = 2, 3, 4, 5, 6
"""Boris heads mounting; Clara mounts, Dima in its sub-department; Eva designs; Fedor heads the company."""

PORTAL = PortalRules("https://p.example", "Europe/Moscow", "ru", (FEDOR,), 1)
SERVICES = (
    Service(MOUNTING, "Монтаж", 20, "Отдел монтажа", 2, "C2:NEW"),
    Service(DESIGN, "Проектирование", 30, "Отдел проектирования", 2, "C2:NEW"),
    Service(REPAIR, "Обслуживание", 40, "Сервис", 2, "C2:NEW"),
)
DIRECTORY = Directory(
    users={
        1: User(1, "Робот", departments=(10,)),
        BORIS: User(BORIS, "Борис", departments=(20,)),
        CLARA: User(CLARA, "Клара", departments=(20,)),
        DIMA: User(DIMA, "Дима", departments=(21, 40)),
        EVA: User(EVA, "Ева", departments=(30,)),
        FEDOR: User(FEDOR, "Фёдор", departments=(10,)),
        7: User(7, "Уволенный", active=False, departments=(20,)),
    },
    departments={
        10: Department(10, "Компания", None, FEDOR),
        20: Department(20, "Отдел монтажа", 10, BORIS),
        21: Department(21, "Бригада", 20),
        30: Department(30, "Отдел проектирования", 10),
        40: Department(40, "Сервис", 10),
    },
)


def make_rules(**changes: Any) -> RoutingRules:
    usual: dict[str, Any] = {
        "representative": None,
        "visit_deadline_hours": 48,
        "visit_title": "Выезд: {lead[TITLE]}",
        "services_field": "UF_CRM_SERVICES",
        "comment_field": "UF_CRM_COMMENT",
        "reported_stages": None,
        "services": SERVICES,
        "pick": "random",
        "skip_absent": True,
        "main_manager": "random",
        "deal_title": "{service}: {lead[TITLE]}",
        "managers_field": "UF_CRM_MANAGERS",
        "main_manager_field": "UF_CRM_MAIN",
        "control_title": "Сделки: {lead[TITLE]}",
        "control_deadline_days": 14,
    }
    return RoutingRules(**(usual | changes))


RULES = make_rules()


def make_lead(*ticks: int, **fields: Any) -> Item:
    usual = {
        "TITLE": "Ромашка",
        "STAGE_ID": "NEW",
        "STAGE_SEMANTIC_ID": "P",
        "ASSIGNED_BY_ID": FEDOR,
        "CREATED_TIME": "2026-01-12T11:00:00+03:00",
        "UF_CRM_SERVICES": list(ticks),
    }
    return Item(ItemRef("lead", 17), usual | fields)


def make_deal(number: int, responsible: int, **fields: Any) -> Item:
    usual = {"TITLE": f"Сделка {number}", "ASSIGNED_BY_ID": responsible, "STAGE_SEMANTIC_ID": "P"}
    return Item(ItemRef("deal", number), usual | fields)


def make_facts(**changes: Any) -> Facts:
    company = changes.pop("company", None) or Company(DIRECTORY, admins=(FEDOR,))
    return Facts(company, changes.pop("ts", NOON), **changes)
