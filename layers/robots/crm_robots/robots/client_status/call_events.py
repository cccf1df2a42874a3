"""Activities that were added or changed -> completed calls -> the clients' timers (S6)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched

import msgspec

from crm_robots.engine.executor import Failures
from crm_robots.engine.item_robot import cause_of, result_of
from crm_robots.portal import calls
from crm_robots.portal.commands import Command
from crm_robots.portal.errors import Gone, Refused
from crm_robots.robots.client_status.calls import newest
from crm_robots.robots.client_status.due_days import DueDays
from crm_robots.robots.client_status.evidence import ask_lengths, told_lengths
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.timer_records import timer_of
from crm_robots.robots.client_status.window import Answers, Window
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.calls import Call
from crm_robots.shared.events import Work
from crm_robots.shared.items import ItemRef

_MOST_IDS = 50
_FEW = 5
"""Up to so many activities, telephony is asked about them in the first request, before we know which are calls."""

type Moments = dict[ItemRef, int]
"""By client: when the newest call with it took place, unix seconds."""


class Calls:
    """The events of activities in one window. Most are no calls: to-dos, mails, our own."""

    def __init__(self, window: Window, works: Sequence[Work]) -> None:
        self.window = window
        self.failures: Failures = {}
        self.works = {int(work.ref.id): work for work in works if not work.is_deletion}

    def questions(self) -> dict[str, Command]:
        """The activities, and whom they are about."""
        asked = {
            f"activities_{place}": calls.activities(chunk)
            for place, chunk in enumerate(batched(self.works, _MOST_IDS, strict=False))
        }
        if len(self.works) <= _FEW:
            asked |= ask_lengths(self.works)
        return asked | {f"bindings_{number}": calls.bindings_of(number) for number in self.works}

    def work_off(self, answers: Answers) -> None:
        """Notes each call with every client that it was with; calls with a contact are calls with its companies."""
        heard = self._heard(answers)
        timers = self._timers(heard)
        companies = {ref: at for ref, at in heard.items() if ref.kind == "company"}
        for contact, found in self._companies(heard, timers).items():
            for company in found:
                companies[company] = max(heard[contact], companies.get(company, 0))
        timers |= self._timers(ref for ref in companies if ref not in timers)
        contacts = {ref: at for ref, at in heard.items() if ref.kind == "contact"}
        # A contact whose timer has the call is taken as done with, so it comes after its companies.
        news = {
            client: at
            for client, at in [*companies.items(), *contacts.items()]
            if client in timers and timers[client].status and timers[client].last_call < at
        }
        if news and self.window.rules.due_field and self._days_written(news, timers):
            return
        for client, at in news.items():
            self.window.tools.timers.note_call(str(client), at)

    def _days_written(self, news: Moments, timers: Mapping[ItemRef, Timer]) -> bool:
        """The day on the card goes first (S8): a call that is noted is not looked at again. True where it failed."""
        calendar = self.window.calendar
        updates: list[UpdateItem] = []
        for client, at in news.items():
            timer = timers[client]
            before, after = calendar.due(timer), calendar.due(msgspec.structs.replace(timer, last_call=at))
            if after and after != before:
                field = self.window.rules.due_field
                fields, old = {field: after.isoformat()}, {field: before.isoformat() if before else None}
                updates.append(UpdateItem(client, fields, old, rule="S6"))
        tools, newest_work = self.window.tools, max(self.works.values(), key=lambda work: work.ts)
        days = DueDays(tools.portal, tools.journal, in_flight=tools.in_flight)
        failed = list(days.write(updates, cause_of(newest_work)).values())
        self.failures |= {str(work.ref): failed[0] for work in self.works.values() if failed}
        return bool(failed)

    def _heard(self, answers: Answers) -> Moments:
        rows = [result_of(answers, name) for name in answers if name.startswith("activities_")]
        zone, rules = self.window.portal_rules.timezone, self.window.rules.calls
        completed = [call for result in rows for call in calls.to_calls(result, zone) if call.id in self.works]
        owners = {number: ref for result in rows for number, ref in calls.owners(result).items()}
        lengths = told_lengths(self.window.portal, completed, rules, answers)
        heard: Moments = {}
        for call in completed:
            at = newest([call], rules, lengths, self.works[call.id].ts)
            for client in _clients(call, owners, answers) if at is not None else ():
                heard[client] = max(at or 0, heard.get(client, 0))
        return heard

    def _timers(self, refs: Iterable[ItemRef]) -> dict[ItemRef, Timer]:
        tracked = [str(ref) for ref in refs if ref.kind in self.window.rules.entities]
        rows = self.window.tools.timers.rows(tracked) if tracked else {}
        return {ItemRef.parse(item): timer_of(row) for item, row in rows.items()}

    def _companies(self, heard: Moments, timers: Mapping[ItemRef, Timer]) -> dict[ItemRef, list[ItemRef]]:
        """The companies of contacts whose call is news."""
        if "company" not in self.window.rules.entities:
            return {}
        news = [
            ref
            for ref, at in heard.items()
            if ref.kind == "contact" and (ref not in timers or timers[ref].last_call < at)
        ]
        answers = self.window.portal.read({str(ref): calls.companies_of(int(ref.id)) for ref in news}) if news else {}
        return {
            ref: calls.linked(result_of(answers, str(ref)), "company")
            for ref in news
            if not isinstance(answers[str(ref)].error, Gone)
        }


def _clients(call: Call, owners: Mapping[int, ItemRef], answers: Answers) -> set[ItemRef]:
    bound = answers[f"bindings_{call.id}"]
    found = [] if isinstance(bound.error, Gone | Refused) else calls.bound(result_of(answers, f"bindings_{call.id}"))
    found += [owners[call.id]] if call.id in owners else []
    return {ref for ref in found if ref.kind in ("contact", "company")}
