"""What people read about visits, draws and the deals that follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_robots.robots.routing.memory import Draw, MainDraw
from crm_robots.robots.routing.reasons import absent_people, why
from crm_robots.robots.routing.words import WORDS
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, REFUSAL, Markup, quoted_lines
from crm_robots.shared.people import Directory
from crm_robots.shared.portal import PortalRules

_LONGEST_COMMENT = 1500


@dataclass(frozen=True, slots=True)
class Row:
    """One service in a text: its draw, who has its deal now, and a link to it."""

    draw: Draw
    manager: int
    deal: Markup


@dataclass(frozen=True, slots=True)
class Reader:
    """In which words, with which names and links."""

    portal: PortalRules
    directory: Directory

    @property
    def words(self) -> dict[str, Markup]:
        """The vocabulary of the portal's language."""
        return WORDS[self.portal.language]


def visit(language: str, lead: str, person: str, phone: str, address: str) -> Markup:
    """The representative's task."""
    words = WORDS[language]
    lines = [words["visit"].format(lead=lead)]
    lines += [words["visit_person"].format(value=person)] if person else []
    lines.append(words["visit_phone"].format(value=phone or words["unknown"]))
    lines.append(words["visit_address"].format(value=address or words["unknown"]))
    return Markup("\n").join(lines)


def refused(language: str, what: str) -> Markup:
    """A piece that the portal would not make: `visit_refused`, `deals_refused`, `control_refused`."""
    return WORDS[language][what].format(refusal=REFUSAL)


def drawn(reader: Reader, rows: Sequence[Row], main: MainDraw, *, late: bool, main_stays: bool) -> Markup:
    """For the lead: who got which service, and why."""
    words = reader.words
    lines = [words["drawn_late" if late else "drawn"]]
    lines += [_line(reader, row) for row in rows]
    lines.append(_main(reader, main, stays=main_stays))
    away = absent_people([row.draw for row in rows], reader.directory)
    lines += [words["absent"].format(names=", ".join(away))] if away else []
    lines += [words["absences_unknown"]] if any(row.draw.absences_unknown for row in rows) else []
    return Markup("\n").join(lines)


def unticked(reader: Reader, rows: Sequence[Row]) -> Markup:
    """For the lead: what is wanted no longer stays nevertheless."""
    services = ", ".join(f"«{row.draw.label}»" for row in rows)
    return reader.words["unticked"].format(services=services, deals=Markup(", ").join(row.deal for row in rows))


def about(reader: Reader, lead: Item, visitor: str, address: str) -> Markup:
    """For a deal: the client of a lead that has no card of its client, and who visited."""
    if lead.contact_ids or lead.company_id:
        return NOTHING
    words = reader.words
    name = " ".join(filter(None, (lead.text("NAME"), lead.text("LAST_NAME"))))
    values = {
        "client_name": name,
        "client_company": lead.text("COMPANY_TITLE"),
        "client_phone": ", ".join(lead.phones),
        "client_email": ", ".join(lead.emails),
        "client_address": address,
    }
    lines = [words[key].format(value=value) for key, value in values.items() if value]
    return Markup("\n").join([*lines, *filter(None, [visited(reader, visitor)])])


def visited(reader: Reader, visitor: str) -> Markup:
    """R5: who goes to the client; empty where nobody does."""
    return reader.words["visitor"].format(value=visitor) if visitor else NOTHING


def deal_comment(comment: str, about_client: str) -> str:
    """What stands in a deal's own comment."""
    return "\n".join(filter(None, (str(quoted_lines(comment)), about_client)))


def new_deal(
    reader: Reader, lead: str, others: Sequence[Row], main: MainDraw, comment: str, about_client: str = ""
) -> Markup:
    """For a deal's timeline: where it comes from, its sisters, who leads."""
    words = reader.words
    lines = [words["deal"].format(lead=lead), words["deal_others" if others else "deal_alone"]]
    lines += [_short_line(reader, row) for row in others]
    lines.append(words["main"].format(manager=reader.directory.name(main.manager)))
    lines += [words["comment"].format(comment=shortened(comment))] if comment else []
    lines += [Markup(about_client)] if about_client else []
    return Markup("\n").join(lines)


def joined(reader: Reader, added: Sequence[Row]) -> Markup:
    """For an older deal: which sisters it got."""
    return Markup("\n").join([reader.words["deal_joined"], *(_short_line(reader, row) for row in added)])


def comment_later(reader: Reader, comment: str, *, is_first: bool) -> Markup:
    """For a deal: the visitor has something to say, or something else than before."""
    return reader.words["comment" if is_first else "comment_changed"].format(comment=shortened(comment))


def control(reader: Reader, lead: str, rows: Sequence[Row]) -> Markup:
    """The main manager's task."""
    return Markup("\n").join([reader.words["control"].format(lead=lead), *(_short_line(reader, row) for row in rows)])


def to_manager(reader: Reader, lead: str, rows: Sequence[Row], main: MainDraw, user: int) -> Markup:
    """The notification of somebody who was drawn; `rows` are theirs."""
    words = reader.words
    lines = [words["notify"].format(lead=lead), *(Markup("• {}: {}").format(row.draw.label, row.deal) for row in rows)]
    named = words["notify_other"].format(manager=reader.directory.name(main.manager))
    lines.append(words["notify_main"] if main.manager == user else named)
    return Markup("\n").join(lines)


def shortened(comment: str) -> Markup:
    """A comment that leaves room for the rest of the text; the deal's own comment has the whole."""
    return quoted_lines(comment if len(comment) <= _LONGEST_COMMENT else comment[: _LONGEST_COMMENT - 1] + "…")


def _line(reader: Reader, row: Row) -> Markup:
    manager = reader.directory.name(row.manager)
    reason = why(row.draw, reader.portal)
    return reader.words["line"].format(service=row.draw.label, manager=manager, why=reason, deal=row.deal)


def _short_line(reader: Reader, row: Row) -> Markup:
    manager = reader.directory.name(row.manager)
    return reader.words["short_line"].format(service=row.draw.label, manager=manager, deal=row.deal)


def _main(reader: Reader, main: MainDraw, *, stays: bool) -> Markup:
    key = "main_stays" if stays else "main_random" if main.chance is not None else "main"
    return reader.words[key].format(manager=reader.directory.name(main.manager), count=len(main.among))
