"""What people read about a lead that became a client."""

from collections.abc import Iterable, Sequence

from crm_robots.robots.conversion import texts_en, texts_ru
from crm_robots.robots.conversion.case import Piece
from crm_robots.robots.conversion.known import Party
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, REFUSAL, Markup, templates
from crm_robots.shared.portal import PortalRules

_WORDS = {"ru": texts_ru.WORDS, "en": texts_en.WORDS}
_TEMPLATES = templates(_WORDS)
_PAPERS = {"ru": texts_ru.PAPERS, "en": texts_en.PAPERS}


def wrong_code(language: str, label: str, reason: str) -> str:
    """What is wrong with an INN, BIK or account (C5)."""
    return _WORDS[language][reason].format(label=label)


def early(
    portal: PortalRules, pieces: Sequence[Piece], notes: Sequence[str], first: Iterable[str], warnings: Iterable[str]
) -> Markup:
    """C2, C6: for the lead's timeline. `notes` were typed beside the phones."""
    words = _TEMPLATES[portal.language]
    lines = [
        words[f"{piece.ref.kind}_{'made' if piece.is_new else 'found'}"].format(
            link=portal.link(piece.ref, piece.title)
        )
        for piece in pieces
    ]
    beside = words["notes"].format(notes="; ".join(notes)) if notes else ""
    return _lines([*first, *lines, beside, *_notes(portal, pieces), *warnings])


def in_stop_list(language: str, reasons: Sequence[str]) -> Markup:
    """C14: the first line; empty for a client who is in none."""
    return _TEMPLATES[language]["stop_list"].format(reasons="; ".join(reasons)) if reasons else NOTHING


_FIELDS = {
    "RQ_COMPANY_FULL_NAME": "name",
    "RQ_KPP": "kpp",
    "RQ_OGRN": "ogrn",
    "RQ_OGRNIP": "ogrn",
    "RQ_DIRECTOR": "head",
}


def field_word(language: str, field: str) -> str:
    """What people call a field of a requisite."""
    return _PAPERS[language].get(_FIELDS.get(field, ""), field)


def checked(language: str, party: Party, differences: Sequence[tuple[str, str, str]]) -> Markup:
    """C12: for the company's timeline."""
    words = _TEMPLATES[language]
    fields = Markup("; ").join(
        words["difference"].format(field=field_word(language, field), ours=ours, theirs=theirs)
        for field, ours, theirs in differences
    )
    differs = words["differs"].format(name=party.name, fields=fields) if differences else ""
    return _lines([closed_party(language, party), differs])


def choose(portal: PortalRules, lead: Item, kind: str, address: str, hours: int) -> Markup:
    """C13: for whom the lead belongs to."""
    words = _TEMPLATES[portal.language]
    link = Markup("[URL={address}]{title}[/URL]").format(address=Markup(address), title=words["page"])
    return words[f"choose_{kind}"].format(lead=portal.link_to(lead), link=link, hours=hours)


def to_be_chosen(portal: PortalRules, cards: Iterable[Item]) -> Markup:
    """C13: for the lead's timeline."""
    links = Markup(", ").join(portal.link_to(card) for card in cards)
    return _TEMPLATES[portal.language]["to_be_chosen"].format(links=links)


def papers_in_words(language: str, lacking: Sequence[str]) -> str:
    """What a contract lacks, as people call it."""
    return ", ".join(_PAPERS[language].get(one, one) for one in lacking)


def readiness(language: str, lacking: Sequence[str]) -> Markup:
    """C11: for the company's timeline."""
    words = _TEMPLATES[language]
    papers = ", ".join(_PAPERS[language][one] for one in lacking)
    return words["not_ready"].format(papers=papers) if lacking else words["ready"]


def converted(portal: PortalRules, pieces: Sequence[Piece], first: Iterable[str], warnings: Iterable[str]) -> Markup:
    """C9: for the lead's timeline, with links to everything."""
    words = _TEMPLATES[portal.language]
    lines = [*first, words["converted"]]
    for piece in pieces:
        link = words[piece.ref.kind].format(link=portal.link(piece.ref, piece.title))
        # Russian agrees in gender with contact, company and deal.
        came = "new" if piece.came_of_lead else "was"
        lines.append(Markup("• {} — {}").format(link, words[f"{came}_{piece.ref.kind}"]))
    return _lines([*lines, "" if pieces else words["nothing"], *_notes(portal, pieces), *warnings])


def not_carried(language: str, values: Sequence[tuple[str, str]]) -> Markup:
    """C7: values that the deal's dropdowns have not; empty where there are none."""
    words = _TEMPLATES[language]
    told = Markup("; ").join(words["value"].format(field=field, label=label) for field, label in values)
    return words["not_carried"].format(values=told) if told else NOTHING


def back(portal: PortalRules, lead: Item, piece: Piece, address: str) -> Markup:
    """C9: for the timeline of contact, company and deal, with a link back."""
    words = _TEMPLATES[portal.language]
    line = words["back_new" if piece.came_of_lead else "back_was"].format(link=portal.link_to(lead))
    filled = words["filled"] if _fills(piece) else ""
    return _lines([line, filled, words["address"].format(address=address) if address else ""])


def stopped(language: str) -> Markup:
    """C10: the portal's words are filled in later."""
    return _TEMPLATES[language]["stopped"].format(refusal=REFUSAL)


def closed_party(language: str, party: Party) -> Markup:
    """C6: a warning, empty for a party that is alive."""
    return _TEMPLATES[language][party.closed_as].format(name=party.name) if party.is_closed else NOTHING


def directory_down(language: str) -> Markup:
    """C6: the company will be completed."""
    return _TEMPLATES[language]["down"]


def completed(language: str, party: Party) -> Markup:
    """C6: for the company's timeline, once the directory answers."""
    words = _TEMPLATES[language]
    address = words["address"].format(address=party.address) if party.address else ""
    return _lines([words["completed"].format(name=party.name), address, closed_party(language, party)])


def unnamed_company(language: str, inn: str) -> str:
    """The title of a company of which nothing but the INN is known."""
    return _WORDS[language]["unnamed"].format(inn=inn)


def account(language: str) -> str:
    """The name of bank details whose bank is unknown."""
    return _WORDS[language]["account"]


def _notes(portal: PortalRules, pieces: Sequence[Piece]) -> list[str]:
    words = _TEMPLATES[portal.language]
    others = Markup(", ").join(portal.link_to(card) for piece in pieces for card in piece.others)
    filled = any(_fills(piece) for piece in pieces if piece.ref.kind == "contact")
    return [words["filled"] if filled else "", words["others"].format(links=others) if others else ""]


def _fills(piece: Piece) -> bool:
    return any(isinstance(action, UpdateItem) for action in piece.fills)


def _lines(lines: Iterable[str]) -> Markup:
    return Markup("\n").join(line for line in lines if line)
