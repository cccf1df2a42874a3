"""The common lead card: a section of its own for each direction's fields.

https://apidocs.bitrix24.com/api-reference/crm/universal/item-details-configuration/
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.structure import LeadCard
from crm_robots.robots.qualification.settings import Qualification, RequiredWhen
from crm_robots.settings.portal_data import PortalData

_LEAD = 1
_SIMPLE, _REPEAT = 1, 2
"""`leadCustomerType`: new leads and repeat ones have cards of their own."""
_OURS = "crm_robots_"

type CardSection = dict[str, Any]

# What a portal shows in a lead card that nobody has arranged; REST does not tell it.
_STANDARD = (
    ("main", "TITLE STATUS_ID OPPORTUNITY_WITH_CURRENCY CLIENT HONORIFIC LAST_NAME NAME SECOND_NAME BIRTHDATE POST"
             " PHONE EMAIL WEB IM COMPANY_TITLE ADDRESS"),
    ("additional", "SOURCE_ID SOURCE_DESCRIPTION OPENED ASSIGNED_BY_ID OBSERVER COMMENTS UTM"),
)  # fmt: skip
_TITLES = {
    "ru": {"main": "О лиде", "additional": "Дополнительно"},
    "en": {"main": "About lead", "additional": "More"},
}


def arrange_card(bitrix24: Bitrix24, section: Qualification, data: PortalData, language: str) -> list[str]:
    """With `arrange_card`, gives the directions sections; returns the titles of those that are new or changed."""
    if not section.arrange_card:
        return []
    wanted, changed = directions(section), list[str]()
    titles = {title.casefold() for title in wanted}
    for customer in (_SIMPLE, _REPEAT):
        card = LeadCard(bitrix24, customer)
        now = card.read()
        if not now and customer == _REPEAT:
            continue  # repeat leads follow the portal's own layout, in which new fields show anyway
        rows = now.values() if isinstance(now, Mapping) else now or _standard(data, language)
        before = [{**row, "elements": _elements(row)} for row in rows]
        after = arranged(before, wanted)
        if after != before or not now:
            card.write(after)
            changed += [one["title"] for one in after if one["title"].casefold() in titles and one not in before]
    return list(dict.fromkeys(changed))


def directions(section: Qualification) -> dict[str, list[str]]:
    """Direction -> its fields. A field of several directions stands with the first, a card shows it once."""
    placed = {section.direction_field, *_codes(section.required_always)}
    found: dict[str, list[str]] = {}
    for name, direction in section.directions.items():
        codes = dict.fromkeys((*_codes(direction.required), *direction.confirm))
        mine = [code for code in codes if code.startswith("UF_") and code not in placed]
        placed |= set(mine)
        if mine:
            found[name] = mine
    return found


def _codes(needs: Sequence[str | RequiredWhen]) -> list[str]:
    """Every field of `A|B`, whatever its conditions."""
    fields = (need if isinstance(need, str) else need.field for need in needs)
    return [code for field in fields for code in field.split("|")]


def arranged(before: Sequence[CardSection], wanted: Mapping[str, Sequence[str]]) -> list[CardSection]:
    """The card with our sections at its end. Everything else stays where people put it.

    A section is found by its title, so that one made by hand is filled and not made twice.
    """
    moving = {code for codes in wanted.values() for code in codes}
    titles = {title.casefold(): codes for title, codes in wanted.items()}
    after: list[CardSection] = []
    for section in before:
        codes = titles.pop(str(section.get("title", "")).casefold(), None)
        kept = [one for one in section["elements"] if one["name"] not in moving or (codes and one["name"] in codes)]
        missing = [code for code in codes or () if code not in {one["name"] for one in kept}]
        after.append({**section, "elements": kept + [_shown(code) for code in missing]})
    for title, codes in wanted.items():
        if title.casefold() in titles:
            name = f"{_OURS}{codes[0].lower()}"
            after.append(
                {"name": name, "title": title, "type": "section", "elements": [_shown(code) for code in codes]}
            )
    return after


def _elements(section: CardSection) -> list[dict[str, Any]]:
    elements = section.get("elements") or ()
    return list(elements.values()) if isinstance(elements, Mapping) else list(elements)


def _shown(code: str) -> dict[str, Any]:
    return {"name": code, "optionFlags": 1}


def _standard(data: PortalData, language: str) -> list[CardSection]:
    """The portal's own layout, with all user fields in the second section, where it puts them itself."""
    own = [field.code for (kind, _), field in data.fields.items() if kind == "lead" and field.code.startswith("UF_")]
    return [
        {
            "name": name,
            "title": _TITLES[language][name],
            "type": "section",
            "elements": [{"name": code} for code in (*codes.split(), *(own if name == "additional" else ()))],
        }
        for name, codes in _STANDARD
    ]
