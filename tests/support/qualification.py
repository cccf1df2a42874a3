"""Rules, leads and surroundings for tests of the qualification robot's decisions."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from crm_robots.engine.references import resolve_memory
from crm_robots.robots.qualification.case import Answer, Case
from crm_robots.robots.qualification.decide import decide
from crm_robots.robots.qualification.handover import Team, Turns
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.rules import Direction, LeadField, QualificationRules
from crm_robots.robots.qualification.words import Words
from crm_robots.shared.actions import Action, AddComment, AddTodo, CompleteActivity, UpdateItem
from crm_robots.shared.decision import Decision
from crm_robots.shared.gate.stages import Order, Stage
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.people import Department, Directory, User
from crm_robots.shared.portal import PortalRules

NINE = 1_768_197_600
"""Monday, 12 January 2026, 09:00 in Moscow."""
HOUR = 3600
STAGES = (
    Stage("NEW", "Новый"),
    Stage("IN_PROCESS", "В работе"),
    Stage("GATE", "Квалификация пройдена"),
    Stage("OFFER", "КП отправлено"),
    Stage("CONVERTED", "Качественный", "S"),
    Stage("JUNK", "Некачественный", "F"),
)
DIRECTION, ORDER_SIZE, VOLUME, PRODUCTS, STORES, AREA = (
    f"UF_CRM_{name}" for name in ("DIRECTION", "AVG_ORDER", "VOLUME", "PRODUCTS", "STORES", "AREA")
)
INTERESTS, MATERIAL = "UF_CRM_NOMENCLATURE", "UF_CRM_MATERIAL"
THREADS, FITTINGS, MACHINES = "51", "52", "53"
INDIVIDUAL, WHOLESALE, SEWING, CHAIN = "11", "12", "13", "14"
FIELDS = (
    LeadField(
        DIRECTION,
        "Направление",
        "enumeration",
        items={INDIVIDUAL: "Физические лица", WHOLESALE: "Оптовик", SEWING: "Швейное предприятие", CHAIN: "Сеть"},
    ),
    LeadField(ORDER_SIZE, "Средний заказ", "enumeration", items={"21": "до 50 000 ₽", "22": "больше"}),
    LeadField(VOLUME, "Объёмы", "enumeration", items={"31": "до 500", "32": "500 – 5 000"}),
    LeadField(PRODUCTS, "Что шьют", "enumeration", True, {"41": "Трикотаж", "42": "Спецодежда"}),
    LeadField(STORES, "Магазинов", "integer"),
    LeadField(AREA, "Площадь", "double"),
    LeadField("PHONE", "Телефон", "crm_multifield", True),
    LeadField("EMAIL", "E-mail", "crm_multifield", True),
)
LISTS = (
    LeadField(
        INTERESTS, "Интересует", "enumeration", True, {THREADS: "Нитки", FITTINGS: "Фурнитура", MACHINES: "Станки"}
    ),
    LeadField(
        MATERIAL,
        "Материал",
        "enumeration",
        items={"61": "Швейные нитки", "62": "Пуговицы", "63": "Шторы"},
        depends_on=INTERESTS,
        groups={THREADS: ("61",), FITTINGS: ("62",)},
    ),
)
"""A dropdown, and one that depends on it."""
RULES = QualificationRules(
    direction_field=DIRECTION,
    gate="GATE",
    stages=STAGES,
    looked_at=FIELDS,
    directions={
        INDIVIDUAL: Direction("Физические лица"),
        WHOLESALE: Direction("Оптовик", ((ORDER_SIZE,),), department=5, team="Опт"),
        SEWING: Direction("Швейное предприятие", ((VOLUME,), (PRODUCTS,)), confirm=(VOLUME, PRODUCTS)),
        CHAIN: Direction("Сеть", ((STORES,), (AREA,)), user=9),
    },
)
PEOPLE = Directory(
    {
        number: User(number, name, departments=(place,), active=active)
        for number, name, place, active in (
            (5, "Игорь Петров", 5, True),
            (6, "Мария Кузнецова", 6, True),
            (7, "Олег Смирнов", 5, False),
            (8, "Дарья Волкова", 1, True),
            (9, "Анна Орлова", 1, True),
        )
    },
    {1: Department(1, "Компания"), 5: Department(5, "Опт", 1), 6: Department(6, "Опт, север", 5)},
)
PORTAL = PortalRules("https://acme.bitrix24.example", "Europe/Moscow", "ru", (1,), 1)


def make_rules(**changes: Any) -> QualificationRules:
    """The rules with changes."""
    return msgspec.structs.replace(RULES, **changes)


def make_lead(stage: str = "NEW", **fields: Any) -> Item:
    """Lead 17 of Darya Volkova, who belongs to no team."""
    return Item(ItemRef("lead", 17), {"TITLE": "Нитки", "STAGE_ID": stage, "ASSIGNED_BY_ID": 8} | fields)


def make_team(counts: Mapping[int, int] | None = None, turns: Turns | None = None) -> Team:
    """Department 5 and the one below it."""
    return Team(PEOPLE.members(5), counts or {}, turns or Turns())


def make_case(language: str = "ru", rules: QualificationRules = RULES, **changes: Any) -> Case:
    """Nine o'clock, an API, a fresh token."""
    portal = msgspec.structs.replace(PORTAL, language=language)
    order = Order(changes.pop("stages", STAGES), rules.gate, rules.stages)
    labels = changes.pop("labels", {})
    usual = {
        "words": Words(rules, language, ZoneInfo("Europe/Moscow"), labels, PEOPLE),
        "order": order,
        "ts": NINE,
        "received": 1000.0,
        "base": "https://api.example/prod",
        "token": "17-token",
        "teams": {5: make_team()},
    }
    return Case(rules=rules, portal=portal, **(usual | changes))


def answer(memory: LeadMemory, *, confirms: bool, received: float = 1001.0) -> dict[str, tuple[Answer, ...]]:
    """A person's answer to the waiting question, for `make_case`."""
    assert memory.question
    return {"answers": (Answer(memory.question.digest, confirms, received),)}


def seen(*leads: Item, case: Case | None = None, memory: LeadMemory | None = None) -> LeadMemory:
    """What the robot remembers after these events, one after another."""
    memory = memory or LeadMemory()
    for lead in leads:
        memory = remembered(decide(lead, memory, case or make_case()))
    return memory


def remembered(decision: Decision, todo: int = 99) -> LeadMemory:
    """The memory once the decision is done, as the table keeps it."""
    return msgspec.json.decode(resolve_memory(decision.memory, {"todo": todo}), type=LeadMemory)


def of[A: Action](decision: Decision, kind: type[A]) -> list[A]:
    """The actions of that kind."""
    return [action for action in decision.actions if isinstance(action, kind)]


def comments(decision: Decision) -> list[str]:
    """Texts of the comments."""
    return [action.text for action in of(decision, AddComment)]


def todos(decision: Decision) -> list[AddTodo]:
    """New to-dos."""
    return of(decision, AddTodo)


def closed(decision: Decision) -> list[int]:
    """To-dos that are closed."""
    return [action.activity_id for action in of(decision, CompleteActivity)]


def written(decision: Decision) -> dict[str, Any]:
    """What is written into the lead."""
    return {name: value for action in of(decision, UpdateItem) for name, value in action.fields.items()}


def applied(lead: Item, decision: Decision) -> Item:
    """The lead once the decision is done."""
    return Item(lead.ref, {**lead.fields, **written(decision)})
