"""C11: companies whose papers may have changed. Events -> companies and papers as they are now -> the decision."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from crm_robots.engine.executor import Failures
from crm_robots.engine.holding import Holding
from crm_robots.engine.item_robot import cause_of
from crm_robots.engine.tools import Tools
from crm_robots.records.memory import Contended
from crm_robots.robots.conversion.checking import Check, biks_of, check, inn_of, next_check, papers_to_check
from crm_robots.robots.conversion.company_records import CompanyRecords
from crm_robots.robots.conversion.known import DirectoryAnswer
from crm_robots.robots.conversion.papers import Reader
from crm_robots.robots.conversion.readiness import CompanyMemory, Papers, decide_readiness
from crm_robots.robots.conversion.rules import ConversionRules
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import SCHEDULE, Work
from crm_robots.shared.items import Item, ItemRef, to_id
from crm_robots.shared.plan import Cause, Record
from crm_robots.shared.portal import PortalRules

type Ask = Callable[[str, str], DirectoryAnswer]
"""What the directory knows of an INN and a BIK, each of which may be empty."""


class OwnerMemory(msgspec.Struct, frozen=True):
    """Whose requisite or account it is: the portal does not say so of one that is deleted."""

    company: int = 0


class Companies:
    """One window, for the rules in force."""

    def __init__(
        self, tools: Tools, robot: str, rules: ConversionRules, portal: PortalRules, ask: Ask | None = None
    ) -> None:
        self._ask = ask or (lambda inn, bik: DirectoryAnswer())
        self._tools = tools
        self._robot = robot
        self._rules = rules
        self._portal_rules = portal
        self._records = CompanyRecords(tools.memory, robot)
        self._holding = Holding(self._records, tools.executor)

    def handle(self, works: Sequence[Work]) -> Failures:
        """Tells of each company once, whichever of its papers changed."""
        parts = self._tools.memory.load(self._robot, [str(work.ref) for work in works if work.ref.kind != "company"])
        known = {ItemRef.parse(item): one.remembered(OwnerMemory).company for item, one in parts.items()}
        reader, owners = self._read(works, known)
        holders = {f"company:{owner}": str(ref) for ref, owner in owners.items()}
        records = self._records.load(holders)
        failures = self._holding.resume(records.values())
        failures |= self._half_made(reader, records)
        ready = {item: record for item, record in records.items() if item not in failures}
        decided = self._decided(works, owners, reader, ready)
        failures |= self._holding.perform(list(decided))
        failures |= self._tools.executor.perform(_owner_notes(works, owners, parts))
        items = {str(ref): f"company:{owner}" for ref, owner in owners.items()}
        return {item: failures[owner] for item, owner in items.items() if owner in failures}

    def _read(self, works: Sequence[Work], known: Mapping[ItemRef, int]) -> tuple[Reader, dict[ItemRef, int]]:
        fields = [self._rules.ready_field] if self._rules.ready_field else []
        reader = Reader(self._tools.portal, fields)
        return reader, reader.read([work.ref for work in works], known)

    def _half_made(self, reader: Reader, records: Mapping[str, Record]) -> Failures:
        """Companies that a lead's plan is making at this moment: what they lack is told when that is done."""
        untold = {item for item, one in records.items() if one.remembered(CompanyMemory).outcome is None}
        made = {str(ref): to_id(card.fields.get("LEAD_ID")) for ref, card in reader.companies.items()}
        leads = {item: f"lead:{lead}" for item, lead in made.items() if item in untold and lead}
        plans = self._tools.memory.load(self._robot, sorted(set(leads.values()))) if leads else {}
        return {
            item: Contended(f"{lead} makes it just now") for item, lead in leads.items() if plans[lead].plan is not None
        }

    def _decided(
        self, works: Sequence[Work], owners: Mapping[ItemRef, int], reader: Reader, records: Mapping[str, Record]
    ) -> Iterator[tuple[Record, Decision, Cause]]:
        """A company that is gone has nothing to be told."""
        causes = {owners[work.ref]: cause_of(work) for work in works if work.ref in owners}
        for owner, cause in causes.items():
            company = reader.companies.get(ItemRef("company", owner))
            if company is not None and str(company.ref) in records:
                record = records[str(company.ref)]
                memory = record.remembered(CompanyMemory)
                today = datetime.fromtimestamp(cause.ts, ZoneInfo(self._portal_rules.timezone)).date()
                papers = reader.papers_of(owner)
                if cause.event == SCHEDULE and self._rules.recheck_days and self._rules.party_directory_url:
                    found = self._checked(company, memory, papers, today)
                    if found:
                        yield record, found.decision, cause
                        continue
                decision = decide_readiness(company, memory, papers, self._rules, self._portal_rules)
                again = next_check(company, memory, self._rules, today)
                yield record, msgspec.structs.replace(decision, look_again=again), cause

    def check(self, numbers: Sequence[int], cause: Cause) -> tuple[list[Check], bool]:
        """Holds companies against the directory, and acts (C12); with whether the directory answered."""
        reader = Reader(self._tools.portal, [])
        reader.read([ItemRef("company", number) for number in numbers], {})
        records = self._records.load({f"company:{number}": cause.run for number in numbers})
        failures = self._holding.resume(records.values())
        today = datetime.fromtimestamp(cause.ts, ZoneInfo(self._portal_rules.timezone)).date()
        found: list[Check] = []
        for ref, company in reader.companies.items():
            papers = reader.papers_of(int(ref.id))
            if papers_to_check(papers) is None or str(ref) in failures:
                continue
            one = self._checked(company, records[str(ref)].remembered(CompanyMemory), papers, today)
            if one is None:
                return found, False
            failures |= self._holding.perform([(records[str(ref)], one.decision, cause)])
            found.append(one)
        for error in failures.values():
            raise error
        return found, True

    def _checked(self, company: Item, memory: CompanyMemory, every: Sequence[Papers], today: date) -> Check | None:
        """None where the directory is down, or there is nothing to ask it about."""
        papers = papers_to_check(every)
        if papers is None:
            return None
        answer = self._ask(inn_of(papers), "")
        banks = {bik: self._ask("", bik) for bik in biks_of(papers)}
        if answer.is_down or any(one.is_down for one in banks.values()):
            return None
        known = {bik: one.bank for bik, one in banks.items() if one.bank}
        return check(company, memory, papers, answer.party, known, self._rules, self._portal_rules, today)


def _owner_notes(
    works: Sequence[Work], owners: Mapping[ItemRef, int], parts: Mapping[str, Record]
) -> Iterator[tuple[Record, Decision, Cause]]:
    for work in works:
        if str(work.ref) in parts and work.ref in owners:
            yield parts[str(work.ref)], Decision(OwnerMemory(owners[work.ref])), cause_of(work)
