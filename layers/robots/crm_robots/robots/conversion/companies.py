"""C11: companies whose papers may have changed. Events -> companies and papers as they are now -> the decision."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from crm_robots.engine.executor import Failures
from crm_robots.engine.item_robot import cause_of
from crm_robots.engine.tools import Tools
from crm_robots.robots.conversion.papers import Reader
from crm_robots.robots.conversion.readiness import CompanyMemory, decide_readiness
from crm_robots.robots.conversion.rules import ConversionRules
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import Work
from crm_robots.shared.items import ItemRef
from crm_robots.shared.plan import Cause, Record
from crm_robots.shared.portal import PortalRules


class OwnerMemory(msgspec.Struct, frozen=True):
    """Whose requisite or account it is: the portal does not say so of one that is deleted."""

    company: int = 0


class Companies:
    """One window, for the rules in force."""

    def __init__(self, tools: Tools, robot: str, rules: ConversionRules, portal: PortalRules) -> None:
        self._tools = tools
        self._robot = robot
        self._rules = rules
        self._portal_rules = portal

    def handle(self, works: Sequence[Work]) -> Failures:
        """Tells of each company once, whichever of its papers changed."""
        parts = self._tools.memory.load(self._robot, [str(work.ref) for work in works if work.ref.kind != "company"])
        known = {ItemRef.parse(item): one.remembered(OwnerMemory).company for item, one in parts.items()}
        reader, owners = self._read(works, known)
        records = self._tools.memory.load(self._robot, sorted({f"company:{owner}" for owner in owners.values()}))
        failures = self._tools.executor.resume(records.values())
        ready = {item: record for item, record in records.items() if item not in failures}
        decided = self._decided(works, owners, reader, ready)
        failures |= self._tools.executor.perform([*decided, *_owner_notes(works, owners, parts)])
        items = {str(ref): f"company:{owner}" for ref, owner in owners.items()}
        return {item: failures[owner] for item, owner in items.items() if owner in failures}

    def _read(self, works: Sequence[Work], known: Mapping[ItemRef, int]) -> tuple[Reader, dict[ItemRef, int]]:
        fields = [self._rules.ready_field] if self._rules.ready_field else []
        reader = Reader(self._tools.portal, fields)
        return reader, reader.read([work.ref for work in works], known)

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
                papers = reader.papers_of(owner)
                yield record, decide_readiness(company, memory, papers, self._rules, self._portal_rules), cause


def _owner_notes(
    works: Sequence[Work], owners: Mapping[ItemRef, int], parts: Mapping[str, Record]
) -> Iterator[tuple[Record, Decision, Cause]]:
    for work in works:
        if str(work.ref) in parts and work.ref in owners:
            yield parts[str(work.ref)], Decision(OwnerMemory(owners[work.ref])), cause_of(work)
