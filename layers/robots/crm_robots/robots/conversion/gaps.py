"""C4 and C5: what a lead lacks at the gate, wrong codes included."""

from collections.abc import Iterator

from crm_robots.robots.conversion import texts
from crm_robots.robots.conversion.bank_codes import digits, wrong_account, wrong_bik, wrong_inn
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.shared.gate.gaps import Gap, is_empty, lacks, missing, unmet
from crm_robots.shared.items import Item


def client_type(lead: Item, rules: ConversionRules) -> str:
    """`individual`, `legal_entity`, or empty."""
    value = lead.fields.get(rules.client_type_field)
    value = value[0] if isinstance(value, list) and value else value
    return {rules.individual: "individual", rules.legal_entity: "legal_entity"}.get(str(value), "")


def can_make_contact(lead: Item, rules: ConversionRules) -> bool:
    """C2: everything that a contact needs is there."""
    return not any(unmet(rules.contact_required, lambda name: lacks(lead, name, rules.fields[name].type)))


def can_make_company(lead: Item, rules: ConversionRules) -> bool:
    """C6: everything that a legal entity needs is there, and no code is wrong."""
    is_complete = not any(unmet(rules.legal_required, lambda name: lacks(lead, name, rules.fields[name].type)))
    return is_complete and not any(_wrong_codes(lead, rules))


def gaps(lead: Item, rules: ConversionRules, memory: ConversionMemory, language: str, *, keeps: bool) -> list[Gap]:
    """`keeps`: the lead has a client who is none of our making; what that one's card has, the lead need not have."""
    kind = client_type(lead, rules)
    found = [] if kind else [Gap(rules.client_type_field, rules.fields[rules.client_type_field].label)]
    if not keeps:
        found += missing(lead, rules.contact_required, rules.fields, language)
    if kind == "legal_entity" and not (keeps and (memory.repeat or lead.company_id)):
        found += missing(lead, rules.legal_required, rules.fields, language)
        found += (
            # The value is part of the key: another wrong one is news.
            Gap(f"{name}={code(lead, name)}", texts.wrong_code(language, rules.fields[name].label, reason))
            for name, reason in _wrong_codes(lead, rules)
        )
    return list({gap.key: gap for gap in found}.values())


def _wrong_codes(lead: Item, rules: ConversionRules) -> Iterator[tuple[str, str]]:
    """Fields with a wrong code, and what is wrong with it."""
    inn, bik, account = (code(lead, name) for name in (rules.inn_field, rules.bik_field, rules.account_field))
    wrong = {
        rules.inn_field: wrong_inn(inn) if inn else "",
        rules.bik_field: wrong_bik(bik) if bik else "",
        rules.account_field: wrong_account(account, bik) if account else "",
    }
    return ((name, reason) for name, reason in wrong.items() if reason)


def code(lead: Item, name: str) -> str:
    """INN, BIK or account as digits; empty when it is not filled in."""
    value = lead.fields.get(name)
    return "" if is_empty(value, "string") else digits(value)
