"""C3: which cards are the same person or company as the lead, and which of several is meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crm_robots.robots.conversion.choice import touched
from crm_robots.robots.conversion.communications import emails_of, phones_of
from crm_robots.shared.items import Item, ItemRef


@dataclass(frozen=True, slots=True)
class Match:
    """The card that is meant, and the others that would have done."""

    card: Item | None
    """None: a person said that it is none of them."""
    others: tuple[Item, ...] = ()


def same_person(lead: Item, contact: Item, country: str) -> bool:
    """An e-mail in common, or a phone in common and no two different last names."""
    return _shares_email(lead, contact) or (
        _shares_phone(lead, contact, country) and _agree(lead, contact, "LAST_NAME")
    )


def same_company(lead: Item, company: Item, country: str) -> bool:
    """The same for a company whose INN does not say otherwise: its title is what a last name is to a person."""
    if _shares_email(lead, company):
        return True
    titles = [_folded(lead.text("COMPANY_TITLE")), _folded(company.text("TITLE"))]
    return _shares_phone(lead, company, country) and ("" in titles or titles[0] == titles[1])


def ranked_cards(matches: Iterable[Item], open_deals: Mapping[ItemRef, int]) -> list[Item]:
    """Most open deals first, then what was touched last, then the oldest."""
    by_age = sorted(matches, key=lambda card: int(card.ref.id))
    by_touch = sorted(by_age, key=touched, reverse=True)
    return sorted(by_touch, key=lambda card: -open_deals.get(card.ref, 0))


def chosen(matches: Iterable[Item], open_deals: Mapping[ItemRef, int]) -> Match | None:
    """Of several the likeliest."""
    ranked = ranked_cards(matches, open_deals)
    return Match(ranked[0], tuple(ranked[1:])) if ranked else None


def _shares_email(lead: Item, card: Item) -> bool:
    return not emails_of(lead.emails).keys().isdisjoint(emails_of(card.emails))


def _shares_phone(lead: Item, card: Item, country: str) -> bool:
    return not phones_of(lead.phones, country).keys().isdisjoint(phones_of(card.phones, country))


def _agree(lead: Item, card: Item, name: str) -> bool:
    names = [_folded(lead.text(name)), _folded(card.text(name))]
    return "" in names or names[0] == names[1]


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").split())
