"""What must be true of a company in whose life everything has settled, whatever went wrong before."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
from crm_robots.portal.items import to_item
from crm_robots.records.journal import Entry
from crm_robots.records.settings_reader import SettingsReader
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Calendar
from crm_robots.robots.client_status.timer_records import timer_of
from crm_robots.shared.stop_list import stopped
from crm_robots.shared.values import day_of_value

from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME
from tests.simulation.acting import STATUS_FIELD
from tests.simulation.furnished import CODE
from tests.simulation.life import TOKEN, Life
from tests.simulation.story import EMAILS, INNS, LAST_NAMES, LIVE, NAMES, PHONES
from tests.support.care import DUE

ROBOT_USER = 1
_SECRETS = (CODE, TOKEN, "/rest/1/")
_PERSONAL = tuple(filter(None, (*PHONES, *EMAILS, *NAMES, *LAST_NAMES, *INNS, "Петров", "Кринолин")))
_GATED = ("QUALIFIED", "OFFER", "NEGOTIATION")
_REQUIRED = {
    "Физические лица": (),
    "Оптовик": ("UF_CRM_AVG_ORDER",),
    "Швейное предприятие": ("UF_CRM_VOLUME", "UF_CRM_PRODUCTS"),
    "Сеть магазинов": ("UF_CRM_STORES", "UF_CRM_AREA"),
}
_SERVICES = ("Монтаж", "Проектирование", "Обслуживание")


def violations(life: Life) -> list[str]:
    """One sentence per broken promise; empty when all of them are kept."""
    once = (_made_once, _journal, _messages)
    return [
        *life.bugs,
        *_queues(life),
        *_logs(life),
        *_records(life),
        *_typed(life),
        # Exactly once rests on a promise of the queues: a message that is being worked on shows up nowhere else.
        *(one for check in once if not life.twice for one in check(life)),
        *_gates(life),
        *_won_leads(life),
        *_routed(life),
        *_timers(life),
        *_cared_for(life),
        *_days(life),
    ]


def _rows(life: Life, kind: str) -> list[Row]:
    return list(life.portal.items.table(BY_NAME[kind].id))


def _queues(life: Life) -> Iterator[str]:
    for name in life.functions:
        for queue in (name, f"{name}-dead"):
            for letter in life.queues.waiting(queue):
                yield f"W6/F1: {queue} still holds {letter.body}"


def _logs(life: Life) -> Iterator[str]:
    text = life.log.getvalue()
    for word in (*_SECRETS, *_PERSONAL):
        if word in text:
            line = next(line for line in text.splitlines() if word in line)
            yield f"safety: a log line holds {word!r}: {line[:300]}"


def _records(life: Life) -> Iterator[str]:
    for name in ("MemoryTable", "TimersTable"):
        for row in life.tables.scan(name)["Items"]:
            if "plan" in row:
                yield f"F4: a plan is left open: {row['item']['S']} {row.get('robot', {}).get('S', '')}"


def _typed(life: Life) -> Iterator[str]:
    """What people type is neither markup nor a reference, and breaks no record."""
    tables = life.portal.tables
    texts = [row["text"] for table in (tables.comments, tables.notifications) for row in table]
    texts += [f"{row['TITLE']} {row['DESCRIPTION']}" for row in tables.tasks]
    texts += [f"{row['SUBJECT']} {row['DESCRIPTION']}" for row in tables.activities]
    texts += [str(row["comments"]) for row in _rows(life, "deal")]
    yield from (f"safety: markup that somebody typed is live: {text[:200]!r}" for text in texts if LIVE in text)
    for kind in ("contact", "deal"):
        for row in _rows(life, kind):
            shown = str(row["name"] if kind == "contact" else row["title"])
            if row["originatorId"] == "crm_robots" and shown.isdigit():
                yield f"safety: {kind} {row['id']} is called {shown}: a reference was resolved"
    if "could not be read" in life.log.getvalue():
        yield "F4: a record was begun anew"


def _made_once(life: Life) -> Iterator[str]:
    """C8, R1, R5, R7: one per cause."""
    for kind in BY_NAME:
        marks = Counter(row["originId"] for row in _rows(life, kind) if row["originatorId"] == "crm_robots")
        yield from (f"C8/R7: {kind} {mark} exists {times} times" for mark, times in marks.items() if times > 1)
    tables = life.portal.tables
    for table in (tables.requisites, tables.bank_details):
        marks = Counter(row.get("XML_ID") for row in table if str(row.get("XML_ID") or "").startswith("crm_robots"))
        yield from (f"C8: {table.name} {mark} exists {times} times" for mark, times in marks.items() if times > 1)
    tasks = Counter(
        (binding, task["TITLE"]) for task in tables.tasks for binding in task["UF_CRM_TASK"] if binding[:2] == "L_"
    )
    for (lead, title), times in tasks.items():
        if times > 1:
            yield f"R1/R6: task {title} of {lead} exists {times} times"


def _entries(life: Life) -> list[Entry]:
    # Under the card whose event caused it an entry stands once more, without a day.
    rows = [row for row in life.tables.scan("JournalTable")["Items"] if "day" in row]
    return [msgspec.json.decode(row["entry"]["S"], type=Entry) for row in rows]


def _journal(life: Life) -> Iterator[str]:
    """Whatever a robot made stands in the journal, once; what stands twice on the portal is missing there."""
    tables = life.portal.tables
    known: dict[str, set[Any]] = {}
    for entry in _entries(life):
        if not entry.field:
            known.setdefault(entry.action, set()).add(entry.new)
    comments = [row for row in tables.comments if row["by"] == ROBOT_USER]
    todos = [row for row in tables.activities if (row["AUTHOR_ID"], row["PROVIDER_ID"]) == (ROBOT_USER, "CRM_TODO")]
    tasks = [row for row in tables.tasks if row["CREATED_BY"] == ROBOT_USER]
    items = [row for kind in BY_NAME for row in _rows(life, kind) if row["originatorId"] == "crm_robots"]
    shown = {
        "add_comment": (comments, "text"),
        "add_todo": (todos, "SUBJECT"),
        "add_task": (tasks, "TITLE"),
        "add_item": (items, "originId"),
    }
    for action, (rows, name) in shown.items():
        for row in rows:
            if row["id"] not in known.get(action, ()):
                yield f"F4: {action} {row['id']} is in no journal: {row[name][:120]!r}"


def _messages(life: Life) -> Iterator[str]:
    """Nobody hears more than the robots meant to say. (Of the loss of a right, admins hear once a day.)"""
    meant = sum(entry.action == "notify" for entry in _entries(life))
    told = [row for row in life.portal.tables.notifications if "не могут работать" not in row["text"]]
    if len(told) > meant:
        yield f"F4: {len(told)} notifications for {meant} in the journal"
    faults = Counter(row["text"] for row in life.portal.tables.notifications if "не могут работать" in row["text"])
    yield from (f"F2: told {times} times: {text}" for text, times in faults.items() if times > 3)


def _label(life: Life, kind: str, field: str, value: Any) -> Any:
    owner = BY_NAME[kind].user_fields
    row = next(r for r in life.portal.tables.user_fields if r["FIELD_NAME"] == field and r["entityId"] == owner)
    labels = {item["id"]: item["value"] for item in row["LIST"]}
    return [labels.get(one) for one in value] if isinstance(value, list) else labels.get(value)


def qualified(life: Life, lead: Row) -> bool:
    """Q2, with the example's settings."""
    direction = _label(life, "lead", "UF_CRM_DIRECTION", lead["UF_CRM_DIRECTION"])
    return direction is not None and all(lead[name] not in (None, "", []) for name in _REQUIRED[direction])


def _gates(life: Life) -> Iterator[str]:
    """Q3, C4: no portal of this simulation refuses a move for good."""
    for lead in _rows(life, "lead"):
        if lead["stageId"] not in _GATED:
            continue
        if not qualified(life, lead):
            yield f"Q3: lead {lead['id']} stands at {lead['stageId']} unqualified"
        elif lead["stageId"] != "QUALIFIED" and lead["UF_CRM_CLIENT_TYPE"] in (None, ""):
            yield f"C4: lead {lead['id']} stands at {lead['stageId']} without a client type"


def _won_leads(life: Life) -> Iterator[str]:
    """C7, C8: a complete lead at the success stage leaves a contact and a deal behind."""
    for lead in _rows(life, "lead"):
        kind = _label(life, "lead", "UF_CRM_CLIENT_TYPE", lead["UF_CRM_CLIENT_TYPE"])
        if lead["stageId"] != "CONVERTED" or kind != "Физическое лицо" or not (lead["fm"] and lead["name"]):
            continue
        deleted = f"lead:{lead['id']}" in life.bereft
        if not deleted and not lead["contactIds"]:
            yield f"C7: lead {lead['id']} was won and has no contact"
        if not deleted and not [deal for deal in _rows(life, "deal") if deal["leadId"] == lead["id"]]:
            yield f"C7: lead {lead['id']} was won and has no deal"


def _routed(life: Life) -> Iterator[str]:
    """R1, R5, R6: a visit for each new lead, a deal for each ticked service, a task to close them."""
    for lead in _rows(life, "lead"):
        # Ticks on a lead that was closed once may be history.
        if any(stay["SEMANTICS"] != "P" for stay in life.portal.items.history.of(1, lead["id"])):
            continue
        tasks = life.portal.tasks.of(1, lead["id"])
        services = _label(life, "lead", "UF_CRM_SERVICES", lead["UF_CRM_SERVICES"] or [])
        marks = {deal["originId"] for deal in _rows(life, "deal")}
        if f"lead:{lead['id']}" in life.bereft:
            continue
        if services and not [mark for mark in marks if str(mark).startswith(f"lead:{lead['id']}:")]:
            yield f"R5: lead {lead['id']} has {services} ticked and no deals"
        if services and not [task for task in tasks if task["TITLE"].startswith("Закрыть")]:
            yield f"R6: lead {lead['id']} has {services} ticked and no task to close the deals"


def _timers(life: Life) -> Iterator[str]:
    """S1, S2, F3: a tracked card with a status has one timer that agrees with it; a deleted one has none."""
    timers = {row["item"]["S"]: row for row in life.tables.scan("TimersTable")["Items"]}
    codes = {"Новый": "new", "В работе": "in_work", "Горячий": "hot", "Тёплый": "warm", "Холодный": "cold"}
    cards = {f"{kind}:{row['id']}": (kind, row) for kind in ("contact", "company") for row in _rows(life, kind)}
    for item, (kind, row) in cards.items():
        label = _label(life, kind, STATUS_FIELD, row[STATUS_FIELD])
        status = codes.get(label, "lost") if label else ""
        found = timers.get(item, {}).get("status", {}).get("S", "")
        if status != found:
            yield f"S1: {item} shows {status or 'no status'}, its timer says {found or 'nothing'}"
    # Of a card whose deletion nobody heard of, no list of changes tells; its timer ends when it is due.
    for item in timers.keys() - cards.keys() if not life.lost else ():
        yield f"F3: the timer of {item} is left, the card is gone"


def _cared_for(life: Life) -> Iterator[str]:
    """L5, S8: a client of the stop-list is left alone, and every card shows its timer's day."""
    current = SettingsReader(life.tables, "SettingsTable").load("client_status", ClientStatusRules)
    if current is None or not current.rules.due_field:
        return
    calendar = Calendar(current.rules, current.portal.timezone)
    timers = {row["item"]["S"]: timer_of(row) for row in life.tables.scan("TimersTable")["Items"]}
    for kind in ("contact", "company"):
        for row in _rows(life, kind):
            item = f"{kind}:{row['id']}"
            timer = timers.get(item)
            if timer is None or not timer.status:
                continue
            card = to_item(kind, {"id": row["id"], **row})
            if bool(stopped(card, current.rules.skip_when)) != bool(timer.stopped):
                yield f"L5: {item} and its timer disagree about the stop-list"
            if day_of_value(row.get(DUE)) != calendar.due(timer):
                yield f"S8: {item} shows {row.get(DUE)}, its timer is due on {calendar.due(timer)}"


def _days(life: Life) -> Iterator[str]:
    """D2, D5, D7: one step per client and run, one message per person and day."""
    steps = Counter(
        (entry.run, entry.item)
        for entry in _entries(life)
        if entry.run.startswith("daily") and entry.field == STATUS_FIELD
    )
    yield from (f"D2: {item} changed {times} times in {run}" for (run, item), times in steps.items() if times > 1)
    letters = [row for row in life.portal.tables.notifications if "Клиенты:" in row["text"].partition("\n")[0]]
    told = Counter((row["userId"], row["text"].partition("\n")[0]) for row in letters)
    yield from (f"D5: {user} was told {times} times: {title}" for (user, title), times in told.items() if times > 1)
    days = Counter((row["userId"], row["at"][:10]) for row in letters)
    yield from (f"D5: {user} had {times} messages on {day}" for (user, day), times in days.items() if times > 1)
