"""C12: a company's requisites held against the directory: what is empty is filled, what differs is told, once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec

from crm_robots.robots.conversion import texts
from crm_robots.robots.conversion.bank_codes import ENTREPRENEUR_INN_DIGITS, digits, wrong_bik, wrong_inn
from crm_robots.robots.conversion.known import Bank, Party
from crm_robots.robots.conversion.readiness import CompanyMemory, Papers
from crm_robots.robots.conversion.requisites import party_fields
from crm_robots.robots.conversion.rules import ConversionRules
from crm_robots.shared.actions import Action, AddAddress, AddComment, UpdateBankDetail, UpdateRequisite
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import Item
from crm_robots.shared.names import folded
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.typed import trimmed

_LEGAL = 6
_COMPARED = ("RQ_COMPANY_FULL_NAME", "RQ_KPP", "RQ_OGRN", "RQ_OGRNIP", "RQ_DIRECTOR")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that says something else than the directory."""

    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Check:
    """What came of one company. `closed`: `LIQUIDATED`, `LIQUIDATING` or `BANKRUPT`, else empty."""

    company: Item
    completed: tuple[str, ...]
    differences: tuple[Difference, ...]
    closed: str
    decision: Decision


def papers_to_check(papers: Sequence[Papers]) -> Papers | None:
    """Of several the active one that comes first and has an INN."""
    return next((one for one in papers if one.is_active and not wrong_inn(inn_of(one))), None)


def inn_of(papers: Papers) -> str:
    """As digits."""
    return digits(papers.requisite.fields.get("RQ_INN"))


def biks_of(papers: Papers) -> list[str]:
    """Those of accounts whose bank is not known in full."""
    lacking = [one for one in papers.bank_details if not (_has(one.fields, _BANK) and _has(one.fields, _CORRESPONDENT))]
    biks = (digits(one.fields.get("RQ_BIK")) for one in lacking)
    return list(dict.fromkeys(bik for bik in biks if not wrong_bik(bik)))


def check(
    company: Item,
    memory: CompanyMemory,
    papers: Papers,
    party: Party | None,
    banks: Mapping[str, Bank],
    rules: ConversionRules,
    portal: PortalRules,
    today: date,
) -> Check:
    """Nothing that is filled is overwritten. The same difference is not told twice."""
    wanted = party_fields(party, is_entrepreneur=len(inn_of(papers)) == ENTREPRENEUR_INN_DIGITS) if party else {}
    fields = papers.requisite.fields
    lacking = {name: value for name, value in wanted.items() if value and not _has(fields, name)}
    differences = tuple(
        Difference(name, fields[name], wanted[name])
        for name in _COMPARED
        if wanted.get(name) and _has(fields, name) and not _same(fields[name], wanted[name])
    )
    closed = party.closed_as if party and party.is_closed else ""
    actions: list[Action] = [UpdateRequisite(papers.requisite.id, lacking, rule="C12")] if lacking else []
    if party and party.address and _LEGAL not in papers.addresses:
        actions.append(AddAddress(papers.requisite.id, party.address, optional=True, rule="C12"))
    actions += _accounts(papers, banks)
    completed = tuple(_names(actions))
    told = ";".join([closed, *(f"{one.field}={one.theirs}" for one in differences)]) if closed or differences else ""
    if party and told and told != memory.told:
        text = texts.checked(portal.language, party, [(one.field, one.ours, one.theirs) for one in differences])
        actions.append(AddComment(company.ref, text, rule="C12"))
    after = msgspec.structs.replace(memory, told=told, checked=today.isoformat())
    decision = Decision(after, step(*actions), next_check(company, after, rules, today))
    return Check(company, completed, differences, closed, decision)


def next_check(company: Item, memory: CompanyMemory, rules: ConversionRules, today: date) -> date | None:
    """So many days after the last one; first ones are spread, so that a few come a day."""
    if not rules.recheck_days:
        return None
    if memory.checked:
        return max(date.fromisoformat(memory.checked) + timedelta(days=rules.recheck_days), today + timedelta(days=1))
    return today + timedelta(days=1 + int(company.ref.id) % rules.recheck_days)


_BANK, _CORRESPONDENT = "RQ_BANK_NAME", "RQ_COR_ACC_NUM"


def _accounts(papers: Papers, banks: Mapping[str, Bank]) -> Iterator[UpdateBankDetail]:
    for one in papers.bank_details:
        bank = banks.get(digits(one.fields.get("RQ_BIK")))
        if bank:
            wanted = {_BANK: bank.name, _CORRESPONDENT: bank.correspondent_account}
            lacking = {name: value for name, value in wanted.items() if value and not _has(one.fields, name)}
            if lacking:
                yield UpdateBankDetail(one.id, lacking, rule="C12")


def _names(actions: Sequence[Action]) -> Iterator[str]:
    for action in actions:
        if isinstance(action, UpdateRequisite | UpdateBankDetail):
            yield from action.fields
        elif isinstance(action, AddAddress):
            yield "ADDRESS"


def _has(fields: Mapping[str, Any], name: str) -> bool:
    return bool(trimmed(str(fields.get(name) or "")))


def _same(one: str, other: str) -> bool:
    """Quotes and letter case say nothing."""
    plain = [folded("".join(char for char in text if char not in "«»\"“”„'")) for text in (one, other)]
    return plain[0] == plain[1]
