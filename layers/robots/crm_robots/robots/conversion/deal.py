"""The deal: where it starts, and what it takes over from the lead (C7)."""

from collections.abc import Iterator, Mapping
from typing import Any

from crm_robots.robots.conversion.case import Case, Piece
from crm_robots.robots.conversion.rules import Place
from crm_robots.shared.actions import Action, AddItem, LinkContact, SetProducts, UpdateItem
from crm_robots.shared.gate.gaps import is_empty
from crm_robots.shared.items import Item, ItemRef, to_ids
from crm_robots.shared.reference import Reference
from crm_robots.shared.titles import filled


def deal_piece(case: Case, contact: Piece | None, company: Piece | None) -> Piece | None:
    """The lead's deal: made of it already, or new."""
    made = case.known.made("deal")
    if made:
        fills = tuple(_completed(case, made, contact, company))
        return Piece(made.ref, made.title, fills=fills, came_of_lead=True)
    return _new(case, contact, company) if "deal" in case.pieces else None


def place_of(case: Case) -> Place:
    """Category and stage of the lead's direction."""
    items = to_ids(case.lead.fields.get(case.rules.deal_direction_field)) if case.rules.deal_direction_field else ()
    places = (case.rules.places.get(str(item)) for item in items)
    return next((place for place in places if place), case.rules.default_place)


def _new(case: Case, contact: Piece | None, company: Piece | None) -> Piece:
    lead, place = case.lead, place_of(case)
    title = filled(case.rules.deal_title, lead, case.rules.title_words) or lead.title
    fields = {
        "TITLE": title,
        "CATEGORY_ID": place.category_id,
        "STAGE_ID": place.stage_id,
        "ASSIGNED_BY_ID": lead.responsible_id,
        "LEAD_ID": lead.ref.id,
        "CONTACT_IDS": _contact_ids(case, contact),
        "COMPANY_ID": company.ref.id if company else None,
        **_carried(lead),
        **_copied(case),
    }
    given = {name: value for name, value in fields.items() if value not in (None, "", [])}
    make = AddItem("deal", "deal", given, f"{lead.ref}:deal", one_per_lead=int(lead.ref.id), rule="C7")
    return Piece(make.ref, title, makes=(make, *_products(case, make.ref)), came_of_lead=True)


def _contact_ids(case: Case, contact: Piece | None) -> list[int | Reference]:
    """A client that came with the lead comes whole."""
    chosen = [contact.ref.id] if contact else []
    return list(dict.fromkeys([*chosen, *case.known.linked]))


def _carried(lead: Item) -> dict[str, Any]:
    """Sum, currency and source, where the lead has them."""
    fields: dict[str, Any] = {name: lead.text(name) for name in ("SOURCE_ID", "SOURCE_DESCRIPTION", "CURRENCY_ID")}
    if _sum(lead):
        fields["OPPORTUNITY"] = lead.fields["OPPORTUNITY"]
        # Bitrix24 counts the sum from the products unless somebody typed it.
        fields["IS_MANUAL_OPPORTUNITY"] = "Y" if lead.text("IS_MANUAL_OPPORTUNITY") == "Y" else ""
    return {name: value for name, value in fields.items() if value}


def _sum(item: Item) -> float:
    try:
        return float(item.text("OPPORTUNITY") or 0)
    except ValueError:
        return 0.0


def _copied(case: Case) -> dict[str, Any]:
    """`copy_fields`, dropdowns by their labels."""
    copied: dict[str, Any] = {}
    for one in case.rules.copy_fields:
        value = case.lead.fields.get(one.source)
        if is_empty(value, "string" if one.items is None else "enumeration"):
            continue
        value = value if one.items is None else _in_deal(value, one.items)
        if value not in (None, []):
            copied[one.target] = value
    return copied


def _in_deal(value: Any, items: Mapping[str, int | str]) -> Any:
    if isinstance(value, list | tuple):
        return [items[str(part)] for part in value if str(part) in items]
    return items.get(str(value))


def not_carried(case: Case) -> Iterator[tuple[str, str]]:
    """Field and value that the deal's dropdown has not."""
    for one in case.rules.copy_fields:
        chosen = case.lead.fields.get(one.source)
        for part in chosen if isinstance(chosen, list | tuple) else (chosen,):
            if label := one.lacking.get(str(part)):
                yield one.label, label


def _products(case: Case, deal: ItemRef) -> Iterator[Action]:
    if case.known.products:
        yield SetProducts(deal, [dict(row) for row in case.known.products], rule="C7")


def _completed(case: Case, deal: Item, contact: Piece | None, company: Piece | None) -> Iterator[Action]:
    """What a person's deal lacks. Category and stage are theirs to choose."""
    wanted = _copied(case) | {"LEAD_ID": case.lead.ref.id, "COMPANY_ID": company.ref.id if company else None}
    wanted |= _carried(case.lead) if not _sum(deal) else {"SOURCE_ID": case.lead.text("SOURCE_ID")}
    lacking = {name: value for name, value in wanted.items() if value and _is_blank(deal, name)}
    if lacking:
        yield UpdateItem(deal.ref, lacking, {name: deal.fields.get(name) for name in lacking}, rule="C8")
    if contact and not deal.contact_ids:
        yield LinkContact(deal.ref, contact.ref.id, primary=True, rule="C8")
    if deal.ref.id not in case.known.deals_with_products:
        yield from _products(case, deal.ref)


def _is_blank(deal: Item, name: str) -> bool:
    """A deal without a sum has the portal's currency, which says nothing."""
    goes_with_the_sum = name in ("OPPORTUNITY", "CURRENCY_ID", "IS_MANUAL_OPPORTUNITY")
    return goes_with_the_sum or is_empty(deal.fields.get(name), "enumeration")
