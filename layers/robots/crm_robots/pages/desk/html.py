"""The page as HTML. Every name that people typed is escaped here."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from html import escape

from crm_robots.pages.desk.answers import OPEN, Shown
from crm_robots.pages.desk.charts import columns, legend, stacked
from crm_robots.pages.desk.texts import MEANINGS, STATES, WORDS
from crm_robots.pages.page import link, page, paragraph
from crm_robots.robots.desk.figures import WEEKS, Manager, Named, Sign, Signs
from crm_robots.shared.items import ItemRef

_NUMBERS = ("due", "lost", "rescued", "snoozed", "open_deals", "no_calls")
_SIGNS = Signs.__struct_fields__
_MOST_LINKS = 5
_MOST_NAMES = 40


def render(shown: Shown, language: str) -> str:
    """The figures, or why there are none."""
    if shown.state != OPEN or shown.index is None or shown.index.day is None:
        heading, text = STATES[language][shown.state if shown.state in STATES[language] else "broken"]
        return page(language, heading, paragraph(text))
    words, day = WORDS[language], shown.index.day
    intro = paragraph(words["as_of"].format(day=day.strftime(words["day"])), small=True)
    if not shown.managers:
        return page(language, words["title"], intro, paragraph(words["nobody"]))
    parts = (_load, _weeks, _ahead, _lists, _draws, _signs)
    drawn = [part(shown, words) for part in parts]
    meanings = "".join(
        f"<dt>{escape(words[name])}</dt><dd>{escape(text)}</dd>" for name, text in MEANINGS[language].items()
    )
    end = f"<h2>{escape(words['means'])}</h2><dl>{meanings}</dl>"
    return page(language, words["title"], '<div class="wide">', intro, *drawn, end, "</div>")


def _load(shown: Shown, words: dict[str, str]) -> str:
    index = shown.index
    if index is None:
        return ""
    known = dict(index.statuses)
    others = {code for one in shown.managers for code, count in one.clients.items() if count} - known.keys()
    statuses = [*index.statuses, *((code, "?") for code in sorted(others))]
    bars = [(one.name, [(label, one.clients.get(code, 0)) for code, label in statuses]) for one in shown.managers]
    limit = "" if index.capacity is None else words["capacity"].format(count=index.capacity)
    chart = stacked(words["load"], bars, index.capacity, limit)
    head = [words["person"], words["department"], words["clients"], *(words[name] for name in _NUMBERS)]
    rows = ([_who(one, words), escape(one.department), *map(str, _counts(one))] for one in shown.managers)
    marks = legend([label for _, label in statuses])
    return f"<h2>{escape(words['load'])}</h2>{marks}{chart}{_table(head, rows)}"


def _who(one: Manager, words: dict[str, str]) -> str:
    above = f" <strong>({escape(words['above'])})</strong>" if one.above else ""
    return f"{escape(one.name)}{above}"


def _counts(one: Manager) -> list[int]:
    return [sum(one.clients.values()), *(getattr(one, name) for name in _NUMBERS)]


def _weeks(shown: Shown, words: dict[str, str]) -> str:
    names = [words["weeks_ago"].format(count=number) for number in range(WEEKS - 1, 0, -1)] + [words["this_week"]]
    drawn = []
    for name in ("changed", "lost", "rescued"):
        weeks = [getattr(one, f"{name}_by_week") for one in shown.managers]
        sums = [sum(one[place] for one in weeks) for place in range(WEEKS - 1, -1, -1)]
        title = words[f"weeks_{name}"]
        drawn.append(f"<h2>{escape(title)}</h2>{columns(title, list(zip(names, sums, strict=True)))}")
    return "".join(drawn)


def _ahead(shown: Shown, words: dict[str, str]) -> str:
    day = shown.index.day if shown.index else None
    if day is None:
        return ""
    sums = [sum(numbers) for numbers in zip(*(one.ahead for one in shown.managers), strict=True)]
    days = [((day + timedelta(days=place)).strftime(words["short_day"]), count) for place, count in enumerate(sums)]
    title = words["calendar"]
    return f"<h2>{escape(title)}</h2>{columns(title, days)}"


def _lists(shown: Shown, words: dict[str, str]) -> str:
    soon = sorted((named.day, one.name, named) for one in shown.managers for named in one.soon)
    gone = sorted(((named.day, one.name, named) for one in shown.managers for named in one.gone), reverse=True)
    return _names(words["soon"], soon, shown, words) + _names(words["gone"], gone, shown, words)


def _names(title: str, found: Sequence[tuple[object, str, Named]], shown: Shown, words: dict[str, str]) -> str:
    if not found:
        return ""
    labels = dict(shown.index.statuses) if shown.index else {}
    lines = (
        f"<li>{named.day.strftime(words['day'])}: {_card(named.item, named.title, shown)}, "
        f"{escape(labels.get(named.status, ''))} — {escape(who)}</li>"
        for _, who, named in found[:_MOST_NAMES]
    )
    more = f"<li>… +{len(found) - _MOST_NAMES}</li>" if len(found) > _MOST_NAMES else ""
    return f"<h2>{escape(title)}</h2><ul>{''.join(lines)}{more}</ul>"


def _draws(shown: Shown, words: dict[str, str]) -> str:
    rows = [
        [escape(draws.department), escape(one.name), f"{draws.expected:g}", str(draws.actual)]
        for one in shown.managers
        for draws in one.draws
    ]
    head = [words[name] for name in ("department", "person", "expected", "actual")]
    return f"<h2>{escape(words['draws'])}</h2>{_table(head, sorted(rows))}" if rows else ""


def _signs(shown: Shown, words: dict[str, str]) -> str:
    def cell(sign: Sign) -> str:
        if sign.count is None:
            return escape(words["unknown"])
        cards = " ".join(_card(card, str(place), shown) for place, card in enumerate(sign.cards[:_MOST_LINKS], 1))
        return f"{sign.count}{f' <small>{cards}</small>' if cards else ''}"

    rows = ([escape(one.name), *(cell(getattr(one.signs, name)) for name in _SIGNS)] for one in shown.managers)
    head = [words["person"], *(words[name] for name in _SIGNS)]
    return f"<h2>{escape(words['signs'])}</h2>{_table(head, rows)}{paragraph(words['proof'])}"


def _card(item: str, title: str, shown: Shown) -> str:
    address = f"{shown.portal_url}{ItemRef.parse(item).path}" if shown.portal_url else ""
    return link(address, title)


def _table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """`rows` are HTML; the first cell names the row."""
    tops = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    cells: Callable[[Sequence[str]], str] = lambda row: "".join(f"<td>{cell}</td>" for cell in row)  # noqa: E731
    body = "".join(f'<tr><th scope="row">{row[0]}</th>{cells(row[1:])}</tr>' for row in rows)
    return f'<div class="scroll"><table><thead><tr>{tops}</tr></thead><tbody>{body}</tbody></table></div>'
