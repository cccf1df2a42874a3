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


def gaps(lead: Item, rules: ConversionRules, memory: ConversionMemory, language: str, *, keeps: bool) -> list[Gap]:
    """`keeps`: the lead has its client, whose card has the data that the lead's own card then hides."""
    kind = client_type(lead, rules)
    if not kind:
        return [Gap(rules.client_type_field, rules.fields[rules.client_type_field].label)]
    if keeps and (kind == "individual" or memory.repeat or lead.company_id):
        return []
    required = rules.contact_required if kind == "individual" else rules.legal_required
    found = list(missing(lead, required, rules.fields, language))
    if kind == "legal_entity":
        found += _wrong_codes(lead, rules, language)
    return found


def _wrong_codes(lead: Item, rules: ConversionRules, language: str) -> Iterator[Gap]:
    inn, bik, account = (code(lead, name) for name in (rules.inn_field, rules.bik_field, rules.account_field))
    wrong = {
        rules.inn_field: wrong_inn(inn) if inn else "",
        rules.bik_field: wrong_bik(bik) if bik else "",
        rules.account_field: wrong_account(account, bik) if account else "",
    }
    for name, reason in wrong.items():
        if reason:
            label = rules.fields[name].label
            # The value is part of the key: another wrong one is news.
            yield Gap(f"{name}={code(lead, name)}", texts.wrong_code(language, label, reason))


def code(lead: Item, name: str) -> str:
    """INN, BIK or account as digits; empty when it is not filled in."""
    value = lead.fields.get(name)
    return "" if is_empty(value, "string") else digits(value)
