"""Brings a story's acts about."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from crm_robots.pages.consent.answers import Confirmation
from crm_robots.pages.waiting import Patience
from crm_robots.records.inbox import Inbox
from crm_robots.records.memory import MemoryTable

from sandbox.portal.activities import CallMade
from sandbox.portal.errors import Refusal
from sandbox.portal.persons import Person
from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME
from tests.simulation.furnished import ROBOTS
from tests.simulation.life import BASE, Life
from tests.simulation.story import Act
from tests.support.care import TARGET, UNTIL, WHY, item_of

_LINK = re.compile(re.escape(BASE) + r"/confirm/([\w-]+)")
STATUS_FIELD = "UF_CRM_CLIENT_STATUS"


class Actor:
    """Everybody in a life, and everything that breaks."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self._people = [number for name, number in life.office.users.items() if name != "CRM"]

    def do(self, act: Act) -> None:
        """One act; what the portal refuses, or what there is nothing to do to, does not happen."""
        person = self.life.person(self._people[int(act.who * len(self._people))])
        handler: Callable[[Person, Act], object] = getattr(self, f"_{act.what}", self._arm)
        try:
            handler(person, act)
        except Refusal:
            return

    def _one(self, kind: str, act: Act, wanted: Callable[[Row], bool] = lambda row: True) -> Row | None:
        rows = [row for row in self.life.portal.items.table(BY_NAME[kind].id) if wanted(row)]
        return rows[int(act.which * len(rows))] if rows else None

    def _save(self, person: Person, kind: str, act: Act, **fields: Any) -> None:
        row = self._one(kind, act)
        if row:
            person.update(kind, row["id"], **fields)

    def _save_all(self, person: Person, kind: str, **fields: Any) -> None:
        """A mass edit: what the portal refuses of one card does not keep it from the others."""
        for row in list(self.life.portal.items.table(BY_NAME[kind].id)):
            with suppress(Refusal):
                person.update(kind, row["id"], **fields)

    def _create_lead(self, person: Person, act: Act) -> None:
        person.create("lead", **act.how)

    def _import_leads(self, person: Person, act: Act) -> None:
        for fields in act.how["leads"]:
            person.create("lead", **fields)

    def _edit_lead(self, person: Person, act: Act) -> None:
        self._save(person, "lead", act, **act.how)

    def _move_lead(self, person: Person, act: Act) -> None:
        self._save(person, "lead", act, stageId=act.how["stage"])

    def _move_leads(self, person: Person, act: Act) -> None:
        self._save_all(person, "lead", stageId=act.how["stage"])

    def _win_lead(self, person: Person, act: Act) -> None:
        row = self._one("lead", act)
        if row:
            fm = act.how["fm"] if not row["fm"] else []
            person.update("lead", row["id"], **{name: value for name, value in act.how.items() if name != "fm"}, fm=fm)

    def _convert_by_hand(self, person: Person, act: Act) -> None:
        """Bitrix24's button is not there once a lead is converted."""
        row = self._one("lead", act, lambda lead: lead["stageId"] not in ("CONVERTED", "JUNK"))
        if row:
            person.convert(row["id"], **act.how)

    def _create_client(self, person: Person, act: Act) -> None:
        named = {"title": "ООО Кринолин"} if act.how["kind"] == "company" else {"name": "Шарлотта"}
        status = {STATUS_FIELD: act.how["status"]} if act.how["status"] else {}
        person.create(act.how["kind"], **named, **status)

    def _create_deal(self, person: Person, act: Act) -> None:
        contact, company = self._one("contact", act), self._one("company", act)
        clients: dict[str, Any] = {"contactIds": [contact["id"]]} if contact and act.how["contact"] else {}
        clients |= {"companyId": company["id"]} if company and act.how["company"] else {}
        person.create("deal", title="Портьеры", **clients)

    def _close_deal(self, person: Person, act: Act) -> None:
        self._stage(person, act, act.how["stage"])

    def _reopen_deal(self, person: Person, act: Act) -> None:
        self._stage(person, act, "NEW", lambda row: row["closed"] == "Y")

    def _move_deal(self, person: Person, act: Act) -> None:
        self._stage(person, act, act.how["stage"])

    def _stage(self, person: Person, act: Act, stage: str, wanted: Callable[[Row], bool] = lambda row: True) -> None:
        row = self._one("deal", act, wanted)
        if row:
            prefix = f"C{row['categoryId']}:" if row["categoryId"] else ""
            person.update("deal", row["id"], stageId=prefix + stage)

    def _set_status(self, person: Person, act: Act) -> None:
        self._save(person, act.how["kind"], act, **{STATUS_FIELD: act.how["status"]})

    def _set_statuses(self, person: Person, act: Act) -> None:
        self._save_all(person, act.how["kind"], **{STATUS_FIELD: act.how["status"]})

    def _edit_client(self, person: Person, act: Act) -> None:
        named = {"title": "ООО Кринолин и Ко"} if act.how["kind"] == "company" else {"post": "Закройщица"}
        self._save(person, act.how["kind"], act, **named)

    def _mark_client(self, person: Person, act: Act) -> None:
        value = act.how["value"]
        self._save(person, "contact", act, **{TARGET: item_of(self.life, TARGET, value) if value else None})

    def _pause_client(self, person: Person, act: Act) -> None:
        days, today = act.how["days"], self.life.portal.clock.now().date()
        until = (today + timedelta(days=days)).isoformat() if days else ""
        self._save(person, act.how["kind"], act, **{UNTIL: until, WHY: act.how["why"]})

    def _call(self, person: Person, act: Act) -> None:
        row = self._one(act.how["kind"], act)
        if row:
            person.call(act.how["kind"], row["id"], CallMade(seconds=act.how["seconds"], code=act.how["code"]))

    def _answer(self, person: Person, act: Act) -> None:
        """Presses a button on the page of one of the questions, new or old."""
        found = [token for row in self.life.portal.tables.comments for token in _LINK.findall(row["text"])]
        if found:
            inbox = Inbox(self.life.queues, {name: name for name in ROBOTS})
            clock = iter(range(0, 9000, 9))
            memory = MemoryTable(self.life.tables, "MemoryTable")
            page = Confirmation(memory, inbox, Patience(_nothing, lambda: next(clock)))
            page.answer(found[int(act.which * len(found))], act.how["answer"], self.life.scheduler.now)

    def _complete_todo(self, person: Person, act: Act) -> None:
        rows = [row for row in self.life.portal.tables.activities if row["COMPLETED"] == "N"]
        if rows:
            person.complete_activity(rows[int(act.which * len(rows))]["id"])

    def _delete(self, person: Person, act: Act) -> None:
        row = self._one(act.how["kind"], act)
        if row is None:
            return
        person.delete(act.how["kind"], row["id"])
        for lead in self.life.portal.items.table(BY_NAME["lead"].id) if act.how["kind"] != "lead" else ():
            self.life.bereft.add(f"lead:{lead['id']}")

    def _quarter(self, _: Person, act: Act) -> None:
        self.life.days.fire()

    def _arm(self, _: Person, act: Act) -> None:
        self.life.faults.arm(act.what, act.how["service"], act.how["skip"])

    def _throttle(self, _: Person, act: Act) -> None:
        self.life.faults.arm(act.what, "dynamodb", act.how["skip"])

    _lost = _unprocessed = _throttle

    def _unavailable(self, _: Person, act: Act) -> None:
        self.life.faults.arm(act.what, "sqs", act.how["skip"])

    def _portal(self, _: Person, act: Act) -> None:
        self.life.portal.faults.add(**act.how)

    def _outage(self, _: Person, act: Act) -> None:
        faults, scheduler = self.life.portal.faults, self.life.scheduler
        number = faults.add(act.how["kind"], times=None)
        scheduler.at(scheduler.now + act.how["seconds"], lambda: faults.remove(number))

    def _short_visibility(self, _: Person, act: Act) -> None:
        self.life.short_visibility += act.how["times"]

    def _events(self, _: Person, act: Act) -> None:
        from sandbox.portal.event_faults import EventFaults

        self.life.portal.outbox.faults = EventFaults(**act.how)
        self.life.lost += bool(act.how["drop"])

    def _deaf(self, _: Person, act: Act) -> None:
        self.life.deaf += act.how["times"]

    def _slow(self, _: Person, act: Act) -> None:
        faults, scheduler = self.life.faults, self.life.scheduler
        faults.slow = act.how["times"]
        scheduler.at(scheduler.now + act.how["seconds"], lambda: setattr(faults, "slow", 1.0))

    def _deploy(self, _: Person, act: Act) -> None:
        for function in self.life.functions.values():
            function.deploy()


def _nothing(_seconds: float) -> None:
    """The page waits for the robot in its own time."""
