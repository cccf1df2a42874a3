"""D2: did anybody talk to the clients whose days are over? Hundreds are asked about at once, the cheaper way.

Asking client by client costs three commands each. All calls of the last weeks are often fewer than that: then they are
read as a whole, with whom each was.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

from crm_robots.engine.item_robot import result_of
from crm_robots.portal import calls
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Gone, Refused
from crm_robots.portal.lists import PAGE, row_id, rows_of
from crm_robots.robots.client_status.evidence import Wanted, justified, newest_calls, questions
from crm_robots.robots.client_status.rules import CallRules
from crm_robots.shared.calls import Call
from crm_robots.shared.items import ItemRef

_FEW = 16
"""So many clients fit into one request."""
_ALL = "calls"
_EARLIER = timedelta(days=1)
"""A call counts by its end, while the portal filters by its start."""

type Candidates = dict[ItemRef, list[Call]]


class RecentCalls:
    """Calls of one portal."""

    def __init__(self, portal: Bitrix24, rules: CallRules, timezone: str) -> None:
        self._portal = portal
        self._rules = rules
        self._zone = timezone

    def questions(self, wanted: Sequence[Wanted]) -> dict[str, Command]:
        """What to ask first, together with whatever else there is to ask."""
        if len(wanted) <= _FEW:
            return questions(wanted, self._zone)
        return {_ALL: self._list({}, min(one.since for one in wanted))}

    def newest(self, wanted: Sequence[Wanted], answers: Mapping[str, Reply]) -> tuple[dict[ItemRef, int], bool]:
        """When the newest call of each client took place; and whether finding out took but a moment."""
        if len(wanted) <= _FEW:
            known = {name: answers[name] for name in questions(wanted, self._zone)}
            return justified(self._portal, wanted, known, self._rules, self._zone), True
        first = answers[_ALL]
        count = first.total or len(rows_of(first, None))
        if count > len(wanted):
            return self._client_by_client(wanted), False
        since = min(one.since for one in wanted)
        return newest_calls(self._portal, self._of_all(first, count, since, wanted), wanted, self._rules), count <= PAGE

    def _of_all(self, first: Reply, count: int, since: int, wanted: Iterable[Wanted]) -> Candidates:
        rows = list(rows_of(first, None))
        if count > PAGE:
            asked = self._list({}, since)
            rows += self._portal.pages(asked.method, asked.params, rows=None, after=row_id(rows[-1]))
        found = {call.id: call for call in calls.to_calls(rows, self._zone)}
        if not found:
            return {one.client: [] for one in wanted}
        with_whom = self._bound(found, rows)
        companies = self._companies({ref for refs in with_whom.values() for ref in refs if ref.kind == "contact"})
        candidates: Candidates = {one.client: [] for one in wanted}
        for number, refs in with_whom.items():
            everyone = refs | {company for ref in refs for company in companies.get(ref, ())}
            for ref in everyone & candidates.keys():
                candidates[ref].append(found[number])
        return candidates

    def _bound(self, found: Iterable[int], rows: Any) -> dict[int, set[ItemRef]]:
        owners = calls.owners(rows)
        answers = self._portal.read({str(number): calls.bindings_of(number) for number in found})
        bound = {number: set(self._refs(answers[str(number)])) for number in found}
        return {number: refs | {owners[number]} if number in owners else refs for number, refs in bound.items()}

    def _refs(self, reply: Reply) -> list[ItemRef]:
        if isinstance(reply.error, Gone | Refused):
            return []
        return calls.bound(result_of({"bindings": reply}, "bindings"))

    def _companies(self, contacts: Iterable[ItemRef]) -> dict[ItemRef, list[ItemRef]]:
        asked = {str(ref): calls.companies_of(int(ref.id)) for ref in contacts}
        answers = self._portal.read(asked) if asked else {}
        return {
            ItemRef.parse(name): calls.linked(result_of(answers, name), "company")
            for name, reply in answers.items()
            if not isinstance(reply.error, Gone)
        }

    def _client_by_client(self, wanted: Sequence[Wanted]) -> dict[ItemRef, int]:
        asked = {f"bound_{one.client}": self._with(one.client, one.since) for one in wanted}
        companies = [one for one in wanted if one.client.kind == "company"]
        asked |= {f"contacts_{one.client}": calls.contacts_of(int(one.client.id)) for one in companies}
        owned = {f"owned_{place}": ask for place, ask in enumerate(self._owned(wanted))}
        answers = self._portal.read(asked | owned)
        candidates: Candidates = {one.client: self._calls(answers[f"bound_{one.client}"]) for one in wanted}
        for name in owned:
            self._add_owned(answers[name], candidates)
        found = newest_calls(self._portal, candidates, wanted, self._rules)
        left = [one for one in companies if one.client not in found]
        contacts = {one.client: self._contacts(answers[f"contacts_{one.client}"]) for one in left}
        return found | self._with_contacts(left, contacts)

    def _with_contacts(self, wanted: Sequence[Wanted], contacts: dict[ItemRef, list[ItemRef]]) -> dict[ItemRef, int]:
        asked: dict[str, Command] = {}
        for one in wanted:
            asked |= {f"{one.client}/{ref}": self._with(ref, one.since) for ref in contacts[one.client]}
        if not asked:
            return {}
        answers = self._portal.read(asked)
        theirs: Candidates = {one.client: [] for one in wanted}
        for name, reply in answers.items():
            theirs[ItemRef.parse(name.partition("/")[0])] += self._calls(reply)
        return newest_calls(self._portal, theirs, wanted, self._rules)

    def _owned(self, wanted: Iterable[Wanted]) -> Iterable[Command]:
        """Calls by their main owner, 50 owners a command: for a portal that does not count an owner as bound."""
        for kind in ("contact", "company"):
            of_kind = [one for one in wanted if one.client.kind == kind]
            for some in batched(of_kind, PAGE, strict=False):
                owners = {"OWNER_TYPE_ID": some[0].client.entity_type_id, "@OWNER_ID": [one.client.id for one in some]}
                yield self._list(owners, min(one.since for one in some))

    def _add_owned(self, reply: Reply, candidates: Candidates) -> None:
        if isinstance(reply.error, Refused):
            return
        rows = rows_of(reply, None)
        owners = calls.owners(rows)
        for call in calls.to_calls(rows, self._zone):
            if (owner := owners.get(call.id)) in candidates and owner is not None:
                candidates[owner].append(call)

    def _contacts(self, reply: Reply) -> list[ItemRef]:
        return [] if isinstance(reply.error, Gone) else calls.linked(result_of({"it": reply}, "it"), "contact")

    def _calls(self, reply: Reply) -> list[Call]:
        return [] if isinstance(reply.error, Gone) else calls.to_calls(result_of({"it": reply}, "it"), self._zone)

    def _with(self, client: ItemRef, since: int) -> Command:
        return calls.calls_with(client, self._moment(since))[0]

    def _list(self, of_whom: dict[str, Any], since: int) -> Command:
        return calls.completed_calls(of_whom, self._moment(since))

    def _moment(self, since: int) -> datetime:
        return datetime.fromtimestamp(since, ZoneInfo(self._zone)) - _EARLIER
