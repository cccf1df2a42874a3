"""A company's requisite and bank details: what is there is kept, what is missing is added (C6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crm_robots.robots.conversion import texts
from crm_robots.robots.conversion.bank_codes import ENTREPRENEUR_INN_DIGITS, currency_of
from crm_robots.robots.conversion.case import Case
from crm_robots.robots.conversion.gaps import code
from crm_robots.robots.conversion.known import BankDetail, Party, Requisite
from crm_robots.shared.actions import Action, AddAddress, AddBankDetail, AddRequisite, UpdateBankDetail, UpdateRequisite
from crm_robots.shared.items import ItemRef
from crm_robots.shared.reference import Reference


@dataclass(frozen=True, slots=True)
class RequisiteActions:
    """`id` and `bank_id` are None where there is none, references where it is made."""

    makes: tuple[Action, ...] = ()
    extras: tuple[Action, ...] = ()
    id: int | Reference | None = None
    bank_detail_id: int | Reference | None = None


def requisite_actions(case: Case, company: ItemRef, title: str) -> RequisiteActions:
    """Makes or completes requisite and bank details, if the lead has an INN or an account."""
    rules, lead, party = case.rules, case.lead, case.known.directory.party
    inn, account = code(lead, rules.inn_field), code(lead, rules.account_field)
    if not inn and not account:
        return RequisiteActions()
    known = case.known.requisites_of(company.id) if isinstance(company.id, int) else []
    mine = _fitting(known, inn)
    wanted = _fields(case, inn, title)
    if mine:
        lacking = {name: value for name, value in wanted.items() if not mine.fields.get(name)}
        if party and mine.fields.get("NAME") == texts.unnamed_company(case.portal.language, inn):
            lacking["NAME"] = party.name
        makes: tuple[Action, ...] = (UpdateRequisite(mine.id, lacking, rule="C6"),) if lacking else ()
        requisite_id: int | Reference = mine.id
    else:
        preset = rules.entrepreneur_preset if len(inn) == ENTREPRENEUR_INN_DIGITS else rules.company_preset
        if not preset:
            return RequisiteActions()
        mark = f"{lead.ref}:requisite"
        add = AddRequisite("requisite", company, preset, wanted.get("RQ_COMPANY_NAME", title), wanted, mark, rule="C6")
        makes, requisite_id = (add,), add.made
    bank = tuple(_bank(case, requisite_id, account)) if account else ()
    # The address of a requisite that somebody else made is theirs.
    extras = tuple(_address(case, requisite_id)) if not mine or case.memory.to_complete else ()
    known_bank = _known_bank(case, requisite_id, account)
    bank_detail_id = (
        known_bank.id if known_bank else next((one.made for one in bank if isinstance(one, AddBankDetail)), None)
    )
    return RequisiteActions((*makes, *bank), extras, requisite_id, bank_detail_id)


def _fitting(known: list[Requisite], inn: str) -> Requisite | None:
    """The one with this INN, else one without any; another INN is another person's."""
    same = (one for one in known if inn and one.fields.get("RQ_INN") == inn)
    blank = (one for one in known if not inn or not one.fields.get("RQ_INN"))
    return next(same, None) or next(blank, None)


def _fields(case: Case, inn: str, title: str) -> dict[str, Any]:
    party = case.known.directory.party
    is_entrepreneur = len(inn) == ENTREPRENEUR_INN_DIGITS
    # While the directory is down the name stays open for what it will say.
    fields = {"RQ_INN": inn, "RQ_COMPANY_NAME": party.name if party else "" if case.known.directory.is_down else title}
    if party:
        fields |= party_fields(party, is_entrepreneur=is_entrepreneur)
    return {name: value for name, value in fields.items() if value}


def party_fields(party: Party, *, is_entrepreneur: bool) -> dict[str, str]:
    """What the directory says of a party, as a requisite has it."""
    if is_entrepreneur:
        last, first, second = party.person
        names = {"RQ_LAST_NAME": last, "RQ_FIRST_NAME": first, "RQ_SECOND_NAME": second, "RQ_OGRNIP": party.ogrn}
        return {"RQ_COMPANY_NAME": party.name, **names}
    codes = {"RQ_KPP": party.kpp, "RQ_OGRN": party.ogrn, "RQ_DIRECTOR": party.head}
    return {"RQ_COMPANY_NAME": party.name, "RQ_COMPANY_FULL_NAME": party.full_name, **codes}


def _bank(case: Case, requisite_id: int | Reference, account: str) -> Iterator[AddBankDetail | UpdateBankDetail]:
    bank, known = case.known.directory.bank, _known_bank(case, requisite_id, account)
    fields = {"RQ_ACC_NUM": account, "RQ_BIK": code(case.lead, case.rules.bik_field)}
    if bank:
        fields |= {"RQ_BANK_NAME": bank.name, "RQ_COR_ACC_NUM": bank.correspondent_account}
    if known:
        lacking = {name: value for name, value in fields.items() if value and not known.fields.get(name)}
        if lacking:
            yield UpdateBankDetail(known.id, lacking, rule="C6")
        return
    given = {name: value for name, value in (fields | {"RQ_ACC_CURRENCY": currency_of(account)}).items() if value}
    name = bank.name if bank else texts.account(case.portal.language)
    yield AddBankDetail("bank_detail", requisite_id, name, given, f"{case.lead.ref}:bank", rule="C6")


def _known_bank(case: Case, requisite_id: int | Reference, account: str) -> BankDetail | None:
    details = case.known.bank_details
    return next((one for one in details if one.requisite_id == requisite_id and one.account == account), None)


def _address(case: Case, requisite_id: int | Reference) -> Iterator[Action]:
    party = case.known.directory.party
    if party and party.address:
        yield AddAddress(requisite_id, party.address, optional=True, rule="C6")
