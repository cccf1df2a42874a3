"""Sorts a window's events by what they are about, and lets each part work them off."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from crm_robots.engine.executor import Failures
from crm_robots.engine.tools import Tools
from crm_robots.portal.commands import MOST_COMMANDS, Command, Reply
from crm_robots.robots.client_status.call_events import Calls
from crm_robots.robots.client_status.card_events import Cards
from crm_robots.robots.client_status.deal_events import Deals
from crm_robots.robots.client_status.own_address import OwnAddress
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.window import Part, Window
from crm_robots.robots.lost_deal.rules import LostDealRules
from crm_robots.shared.events import Work


class ClientStatusRobot:
    """S1 to S7: what people, calls and deals do to a client's status."""

    name = "client-status"
    section = "client_status"
    beside: ClassVar[Mapping[str, type]] = {"lost_deal": LostDealRules}
    """A mark that a lost deal sets counts before the status that the same deal would give (L5)."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._address = OwnAddress(tools.memory)

    def handle(self, works: Sequence[Work]) -> Failures:
        """Works off a window of events, with one first request for all of them."""
        settings = self.tools.settings.load(self.section, ClientStatusRules, self.beside)
        if settings is None:
            return {}
        lost_deals = settings.beside.get("lost_deal")
        window = Window(self.tools, settings.rules, settings.portal, lost_deals=lost_deals)
        parts: list[Part] = [
            # Calls first: they may justify the changes that come with them.
            Calls(window, [work for work in works if work.ref.kind == "activity"]),
            Cards(window, [work for work in works if work.ref.kind in settings.rules.entities]),
            Deals(window, [work for work in works if work.ref.kind == "deal"]),
        ]
        questions: dict[str, Command] = {}
        for part in parts:
            questions |= part.questions()
        answers = self._asked(questions)
        self._address.note(next((event.base for work in works for event in work.events if event.base), ""))
        failures: Failures = {}
        for part in parts:
            part.work_off(answers)
            failures |= part.failures
        return failures

    def _asked(self, questions: Mapping[str, Command]) -> Mapping[str, Reply]:
        if len(questions) > MOST_COMMANDS:
            # No window of so many commands guesses, so none refers to another.
            return self.tools.portal.read(questions)
        return self.tools.portal.together(questions) if questions else {}
