"""D13: sends the week's letters. One plan a person: nobody is told twice, nobody is forgotten."""

from datetime import date

import msgspec

from crm_robots.engine.tools import Tools
from crm_robots.records.settings_reader import InForce
from crm_robots.robots.client_status.own_address import OwnAddress
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.desk.heads import addressees, people_of
from crm_robots.robots.desk.letter import has_clients, is_due, letter, week_of
from crm_robots.robots.desk.links import LinkBook
from crm_robots.robots.desk.snapshot import ROBOT, Snapshots
from crm_robots.shared.actions import Notify
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.people import Directory
from crm_robots.shared.plan import Cause, Record, to_json

_WEEK = "desk:week"


class Week(msgspec.Struct, frozen=True):
    """The Monday of the week whose letters went out."""

    monday: date | None = None


class Letters:
    """The letters of one week."""

    def __init__(
        self,
        tools: Tools,
        settings: InForce[ClientStatusRules],
        snapshots: Snapshots,
        links: LinkBook,
        address: OwnAddress,
    ) -> None:
        self._tools = tools
        self._settings = settings
        self._snapshots = snapshots
        self._links = links
        self._address = address

    def done(self, day: date) -> bool:
        """Nothing is to be sent on that day."""
        desk = self._settings.rules.desk
        return desk is None or not is_due(day, desk.weekday) or self._week().remembered(Week).monday == week_of(day)

    def send(self, day: date, ts: int, people: Directory) -> int:
        """How many letters were sent just now; raises what kept one from being sent, the others being out."""
        desk = self._settings.rules.desk
        if desk is None or self.done(day):
            return 0
        known = set(self._snapshots.index().managers)
        heads = {f"desk:letter:{head}": head for head in addressees(desk.to, people)}
        records = self._tools.memory.load(ROBOT, heads)
        failures = self._tools.executor.resume(records.values())
        cause = Cause("schedule", "", ts, f"daily-{day.isoformat()}")
        decided = []
        for name, record in records.items():
            managers = self._snapshots.managers(known & people_of(heads[name], people))
            if name in failures or record.remembered(Week).monday == week_of(day) or not has_clients(managers):
                continue
            base = self._address.get()
            url = f"{base}/desk/{self._links.make(heads[name], ts, desk.days)}" if base else ""
            text = letter(day, managers, self._settings.portal.language, url, desk.days)
            decided.append((record, Decision(Week(week_of(day)), step(Notify(heads[name], text, rule="D13"))), cause))
        failures |= self._tools.executor.perform(decided)
        for error in failures.values():
            raise error
        week = self._week()
        week.memory = to_json(Week(week_of(day)))
        self._tools.memory.save(week)
        return len(decided)

    def _week(self) -> Record:
        return self._tools.memory.load(ROBOT, [_WEEK])[_WEEK]
