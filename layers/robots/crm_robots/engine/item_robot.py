"""The course that robots on one kind of item share: remember, read, decide, perform. A robot fills in the middle."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from crm_robots.engine.executor import Failures
from crm_robots.engine.tools import Tools
from crm_robots.portal.commands import MOST_COMMANDS, Command, Reply
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import Work
from crm_robots.shared.plan import Cause, Record
from crm_robots.shared.portal import PortalRules


class ItemRobot[Rules](ABC):
    """Handles the events of items of one kind: one read of the memory, one of the portal, one write.

    `rules` and `portal_rules` are those in force for the window at hand; they never change in the middle of it (P4).
    """

    name: ClassVar[str]
    """As in the webhook's address and in the memory: `lost-deal`."""
    section: ClassVar[str]
    """Its section of the settings file: `lost_deal`."""
    rules_type: type[Rules]
    beside: ClassVar[Mapping[str, type]] = {}
    """Sections of other robots that it goes by too, and what it needs to know of them."""

    rules: Rules
    portal_rules: PortalRules

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self.portal = tools.portal

    @abstractmethod
    def questions(self, works: Sequence[Work], records: Mapping[str, Record]) -> dict[str, Command]:
        """What to ask the portal. Up to 50 commands go in one request and may refer to each other."""

    @abstractmethod
    def decide_all(
        self, works: Sequence[Work], records: Mapping[str, Record], answers: Mapping[str, Reply]
    ) -> Iterator[tuple[Work, Decision | Exception]]:
        """What to do about each item. One that is not mentioned is gone; an error keeps its events for later."""

    def handle(self, works: Sequence[Work]) -> Failures:
        """Works off a window of events."""
        settings = self.tools.settings.load(self.section, self.rules_type, self.beside)
        if settings is None:
            return {}
        self.rules, self.portal_rules = self.completed(settings.rules, settings.beside), settings.portal
        records = self.tools.memory.load(self.name, (str(work.ref) for work in works))
        failures = self.tools.executor.resume(records.values())
        waiting = [work for work in works if str(work.ref) not in failures]
        for work in waiting:
            if work.is_deletion:
                self.tools.memory.forget(records[str(work.ref)])
        present = [work for work in waiting if not work.is_deletion]
        return failures | self.work_off(present, records) if present else failures

    def completed(self, rules: Rules, beside: Mapping[str, Any]) -> Rules:  # noqa: ARG002 - most robots need no others
        """The rules, with what the sections `beside` say; those that are switched off are missing."""
        return rules

    def work_off(self, works: Sequence[Work], records: Mapping[str, Record]) -> Failures:
        """Reads, decides and acts, for items that are there and have no open plan."""
        questions = self.questions(works, records)
        ask = self.portal.together if len(questions) <= MOST_COMMANDS else self.portal.read
        answers = ask(questions)
        failures: Failures = {}
        decided: list[tuple[Record, Decision, Cause]] = []
        for work, outcome in self.decide_all(works, records, answers):
            if isinstance(outcome, Exception):
                failures[str(work.ref)] = outcome
            else:
                decided.append((records[str(work.ref)], outcome, cause_of(work)))
        return failures | self.tools.executor.perform(decided)


def cause_of(work: Work) -> Cause:
    """The event that a robot acts upon."""
    return Cause(work.newest.event, str(work.ref), work.ts, answer=work.newest.answer)


def result_of(answers: Mapping[str, Reply], name: str) -> Any:
    """One answer's result; its error is raised."""
    reply = answers[name]
    if reply.error is not None:
        raise reply.error
    return reply.result
