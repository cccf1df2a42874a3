"""C11: whether a company's requisites are all that a contract and the exchange with 1С need, and who is told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from crm_robots.robots.conversion import texts
from crm_robots.robots.conversion.bank_codes import (
    COMPANY_INN_DIGITS,
    ENTREPRENEUR_INN_DIGITS,
    digits,
    wrong_account,
    wrong_bik,
    wrong_inn,
)
from crm_robots.robots.conversion.known import BankDetail, Requisite
from crm_robots.robots.conversion.rules import ConversionRules
from crm_robots.shared.actions import Action, AddComment, UpdateItem
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import Item, to_id
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.typed import trimmed

type PartyKind = Literal["company", "entrepreneur", "foreign"]

_EVERYBODY = frozenset({"name", "inn", "address", "account", "bik", "bank", "corr_account"})
NEEDS: dict[PartyKind, frozenset[str]] = {
    # The party, its tax number and address: Civil Code art. 54 and 432. Account, bank and BIK: invoices and 1С.
    "company": _EVERYBODY | {"kpp", "ogrn", "head"},
    # An entrepreneur has no KPP and acts in person; the OGRN is the OGRNIP. Civil Code art. 23, Tax Code art. 83.
    "entrepreneur": _EVERYBODY | {"ogrn"},
    # A foreign organisation has an INN that begins with 9909 and a KPP, and is in no Russian register, so it has no
    # OGRN. Tax Code art. 83 and 84.
    "foreign": _EVERYBODY | {"kpp", "head"},
}
"""What `contract_requires` can ask of each kind of party."""

_REGISTERED, _LEGAL = 4, 6
_ADDRESSES: dict[PartyKind, frozenset[int]] = {
    "company": frozenset({_LEGAL}),
    "entrepreneur": frozenset({_LEGAL, _REGISTERED}),
    "foreign": frozenset({_LEGAL, _REGISTERED}),
}
"""Types of addresses: https://apidocs.bitrix24.com/api-reference/crm/requisites/addresses/"""
_YES = ("Y", "1", "TRUE")


@dataclass(frozen=True, slots=True)
class Papers:
    """One requisite with its bank details and the types of its addresses."""

    requisite: Requisite
    bank_details: Sequence[BankDetail] = ()
    addresses: frozenset[int] = frozenset()

    @property
    def is_active(self) -> bool:
        """People may switch a requisite off."""
        return self.requisite.fields.get("ACTIVE", "Y") != "N"


class CompanyMemory(msgspec.Struct, frozen=True):
    """What was told of a company."""

    outcome: str | None = None
    """What was missing, `inn,kpp`; empty: nothing. None: nothing was told yet."""
    checked: str = ""
    """The day on which the directory was last asked about it (C12), ISO."""
    told: str = ""
    """What differed from the directory then."""


def party_kind(requisite: Requisite, rules: ConversionRules) -> PartyKind:
    """By the INN, else by the preset."""
    inn = digits(requisite.fields.get("RQ_INN"))
    if len(inn) == ENTREPRENEUR_INN_DIGITS:
        return "entrepreneur"
    if len(inn) == COMPANY_INN_DIGITS:
        return "foreign" if inn.startswith("9909") else "company"
    is_entrepreneur = to_id(requisite.fields.get("PRESET_ID")) == rules.entrepreneur_preset != rules.company_preset
    return "entrepreneur" if is_entrepreneur else "company"


def missing_papers(papers: Iterable[Papers], rules: ConversionRules) -> tuple[str, ...]:
    """What is missing, in the order of the settings; of several requisites and accounts the fullest count."""
    every = [_missing(one, rules) for one in papers]
    nothing = tuple(one for one in rules.contract_requires if one in NEEDS["company"])
    return min(every, key=len, default=nothing)


def _missing(papers: Papers, rules: ConversionRules) -> tuple[str, ...]:
    kind = party_kind(papers.requisite, rules)
    wanted = [one for one in rules.contract_requires if one in NEEDS[kind]]
    of_requisite = [one for one in wanted if one in _OF_REQUISITE and not _OF_REQUISITE[one](papers, kind)]
    accounts = [
        [one for one in wanted if one in _OF_ACCOUNT and not _OF_ACCOUNT[one](detail.fields)]
        for detail in papers.bank_details
    ] or [[one for one in wanted if one in _OF_ACCOUNT]]
    lacking = {*of_requisite, *min(accounts, key=len)}
    return tuple(one for one in wanted if one in lacking)


def _has(papers: Papers, *names: str) -> bool:
    return any(trimmed(papers.requisite.fields.get(name, "")) for name in names)


def _named(papers: Papers, kind: PartyKind) -> bool:
    is_person = _has(papers, "RQ_LAST_NAME") and _has(papers, "RQ_FIRST_NAME")
    names = ("RQ_COMPANY_FULL_NAME",) if kind == "company" else ("RQ_COMPANY_FULL_NAME", "RQ_COMPANY_NAME", "RQ_NAME")
    return _has(papers, *names) or (kind == "entrepreneur" and is_person)


_OF_REQUISITE: dict[str, Callable[[Papers, PartyKind], bool]] = {
    "name": _named,
    "inn": lambda papers, kind: not wrong_inn(digits(papers.requisite.fields.get("RQ_INN"))),
    "kpp": lambda papers, kind: _has(papers, "RQ_KPP"),
    "ogrn": lambda papers, kind: _has(papers, "RQ_OGRNIP" if kind == "entrepreneur" else "RQ_OGRN"),
    "head": lambda papers, kind: _has(papers, "RQ_DIRECTOR", "RQ_CEO_NAME"),
    "address": lambda papers, kind: not papers.addresses.isdisjoint(_ADDRESSES[kind]),
}


def _account(fields: Mapping[str, str]) -> bool:
    return not wrong_account(digits(fields.get("RQ_ACC_NUM")), digits(fields.get("RQ_BIK")))


_OF_ACCOUNT: dict[str, Callable[[Mapping[str, str]], bool]] = {
    "account": _account,
    "bik": lambda fields: not wrong_bik(digits(fields.get("RQ_BIK"))),
    "bank": lambda fields: bool(trimmed(fields.get("RQ_BANK_NAME", ""))),
    "corr_account": lambda fields: bool(digits(fields.get("RQ_COR_ACC_NUM"))),
}


def decide_readiness(
    company: Item, memory: CompanyMemory, papers: Sequence[Papers], rules: ConversionRules, portal: PortalRules
) -> Decision:
    """Told once per outcome; the field on the card is always right."""
    if not rules.contract_requires:
        return Decision(memory)
    lacking = missing_papers(papers, rules)
    outcome = ",".join(lacking)
    actions: list[Action] = [*_shown(company, not lacking, rules)]
    if outcome != memory.outcome:
        actions.append(AddComment(company.ref, texts.readiness(portal.language, lacking), rule="C11"))
    return Decision(msgspec.structs.replace(memory, outcome=outcome), step(*actions))


def _shown(company: Item, is_ready: bool, rules: ConversionRules) -> Iterable[Action]:  # noqa: FBT001
    if rules.ready_field:
        now = company.fields.get(rules.ready_field)
        if (now is True or str(now).upper() in _YES) is not is_ready or now in (None, ""):
            value = {rules.ready_field: "Y" if is_ready else "N"}
            yield UpdateItem(company.ref, value, {rules.ready_field: now}, rule="C11", optional=True)
