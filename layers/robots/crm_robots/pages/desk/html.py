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
_MOST_LINKS = 4
_MOST_NAMES = 40
_LONGEST = 80
_BARS_PRINTED, _NAMES_PRINTED = 6, 10
"""What goes on a printed page beside the tables; they have the numbers of the bars."""


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
    end = f'<div class="screen"><h2>{escape(words["means"])}</h2><dl>{meanings}</dl></div>'
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
    extra = "screen" if len(bars) > _BARS_PRINTED else ""
    chart = stacked(f"{words['load']}. {words['in_table']}", bars, index.capacity, limit, extra=extra)
    labels = [label for _, label in statuses]
    head = [words["person"], words["department"], words["clients"], *labels, *(words[name] for name in _NUMBERS)]
    rows = (
        [_who(one, words), escape(one.department), *map(str, _counts(one, [code for code, _ in statuses]))]
        for one in shown.managers
    )
    return f"<h2>{escape(words['load'])}</h2>{legend(labels, extra)}{chart}{_table(words['load'], head, rows)}"


def _who(one: Manager, words: dict[str, str]) -> str:
    above = f" <strong>({escape(words['above'])})</strong>" if one.above else ""
    return f"{escape(one.name)}{above}"


def _counts(one: Manager, codes: Sequence[str]) -> list[int]:
    of_statuses = [one.clients.get(code, 0) for code in codes]
    return [sum(of_statuses), *of_statuses, *(getattr(one, name) for name in _NUMBERS)]


def _weeks(shown: Shown, words: dict[str, str]) -> str:
    day = shown.index.day if shown.index else None
    if day is None:
        return ""
    firsts = [day - timedelta(days=7 * number + 6) for number in range(WEEKS - 1, -1, -1)]
    names = [words["week_from"].format(day=first.strftime(words["short_day"])) for first in firsts]
    drawn = []
    for name in ("changed", "lost", "rescued"):
        weeks = [getattr(one, f"{name}_by_week") for one in shown.managers]
        sums = [sum(one[place] for one in weeks) for place in range(WEEKS - 1, -1, -1)]
        title = words[f"weeks_{name}"]
        drawn.append(f"<div><h2>{escape(title)}</h2>{columns(title, list(zip(names, sums, strict=True)))}</div>")
    return f'<div class="grid">{"".join(drawn)}</div>'


def _ahead(shown: Shown, words: dict[str, str]) -> str:
    day = shown.index.day if shown.index else None
    if day is None:
        return ""
    sums = [sum(numbers) for numbers in zip(*(one.ahead for one in shown.managers), strict=True)]
    days = [(str((day + timedelta(days=place)).day), count) for place, count in enumerate(sums)]
    ends = (one.strftime(words["short_day"]) for one in (day, day + timedelta(days=len(sums) - 1)))
    title = words["calendar"].format(days=" – ".join(ends))
    return f"<h2>{escape(title)}</h2>{columns(title, days)}"


def _lists(shown: Shown, words: dict[str, str]) -> str:
    soon = sorted((named.day, one.name, named) for one in shown.managers for named in one.soon)
    gone = sorted(((named.day, one.name, named) for one in shown.managers for named in one.gone), reverse=True)
    paused = sorted((named.day, one.name, named) for one in shown.managers for named in one.paused)
    found = (("soon", soon), ("gone", gone), ("paused", paused))
    return f'<div class="grid">{"".join(_names(words[name], some, shown, words) for name, some in found)}</div>'


def _names(title: str, found: Sequence[tuple[object, str, Named]], shown: Shown, words: dict[str, str]) -> str:
    if not found:
        return ""
    labels = dict(shown.index.statuses) if shown.index else {}
    lines = (
        f"<li>{named.day.strftime(words['day'])}: {_card(named.item, _short(named.title), shown)}, "
        f"{escape(labels.get(named.status, ''))} — {escape(who)}{_why(named)}</li>"
        for _, who, named in found[:_MOST_NAMES]
    )
    more = f"<li>… +{len(found) - _MOST_NAMES}</li>" if len(found) > _MOST_NAMES else ""
    more += f'<li class="paper">… +{len(found) - _NAMES_PRINTED}</li>' if len(found) > _NAMES_PRINTED else ""
    return f"<div><h2>{escape(title)}</h2><ul>{''.join(lines)}{more}</ul></div>"


def _why(named: Named) -> str:
    return f". {escape(_short(named.why))}" if named.why else ""


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"


def _draws(shown: Shown, words: dict[str, str]) -> str:
    rows = [
        [escape(draws.department), escape(one.name), f"{draws.expected:g}", str(draws.actual)]
        for one in shown.managers
        for draws in one.draws
    ]
    head = [words[name] for name in ("department", "person", "expected", "actual")]
    return f"<h2>{escape(words['draws'])}</h2>{_table(words['draws'], head, sorted(rows))}" if rows else ""


def _signs(shown: Shown, words: dict[str, str]) -> str:
    def cell(sign: Sign) -> str:
        if sign.count is None:
            return escape(words["unknown"])
        shortly = ((card, f"№{card.partition(':')[2]}") for card in sign.cards[:_MOST_LINKS])
        cards = " ".join(_card(card, number, shown) for card, number in shortly)
        return f"{sign.count}{f' <small>{cards}</small>' if cards else ''}"

    rows = ([escape(one.name), *(cell(getattr(one.signs, name)) for name in _SIGNS)] for one in shown.managers)
    head = [words["person"], *(words[name] for name in _SIGNS)]
    return f"<h2>{escape(words['signs'])}</h2>{_table(words['signs'], head, rows)}{paragraph(words['proof'])}"


def _card(item: str, title: str, shown: Shown) -> str:
    address = f"{shown.portal_url}{ItemRef.parse(item).path}" if shown.portal_url else ""
    return link(address, title)


def _table(title: str, head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """`rows` are HTML; the first cell names the row. What is too wide for a phone is moved with fingers or arrows."""
    tops = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    cells: Callable[[Sequence[str]], str] = lambda row: "".join(f"<td>{cell}</td>" for cell in row)  # noqa: E731
    body = "".join(f'<tr><th scope="row">{row[0]}</th>{cells(row[1:])}</tr>' for row in rows)
    region = f'class="scroll" tabindex="0" role="region" aria-label="{escape(title)}"'
    return f"<div {region}><table><thead><tr>{tops}</tr></thead><tbody>{body}</tbody></table></div>"
