"""Pictures of the desk as inline SVG: bars, no script, colours by class, and a text for whoever cannot see them.

Places across are per cent and sizes of letters are pixels: the same picture is read on a phone and on a desk.
"""

from collections.abc import Sequence
from html import escape

_ROW, _HIGH = 40, 90


def stacked(
    title: str, rows: Sequence[tuple[str, Sequence[tuple[str, int]]]], limit: int | None, words: str, *, extra: str = ""
) -> str:
    """A bar for each person, cut by status; a line where capacity ends. `rows`: a name and (status, number).

    `extra`: one more class, as below.
    """
    most = max([1, limit or 0, *(sum(count for _, count in parts) for _, parts in rows)])
    drawn: list[str] = []
    for place, (name, parts) in enumerate(rows):
        top, left = place * _ROW, 0.0
        drawn.append(f'<text x="0" y="{top + 13}">{escape(_short(name))}</text>')
        drawn.append(f'<text x="100%" y="{top + 13}" text-anchor="end">{sum(count for _, count in parts)}</text>')
        for number, (status, count) in enumerate(parts):
            if count:
                wide = 100 * count / most
                hint = f"<title>{escape(f'{status}: {count}')}</title>"
                drawn.append(_bar(left, top + 18, wide, 15, number, hint))
                left += wide
    high = len(rows) * _ROW
    if limit is not None:
        at = 100 * limit / most
        anchor = "end" if at > 50 else "start"
        drawn.append(f'<line class="limit" x1="{at:.1f}%" y1="0" x2="{at:.1f}%" y2="{high}"/>')
        drawn.append(f'<text x="{at:.1f}%" y="{high + 14}" text-anchor="{anchor}">{escape(words)}</text>')
        high += 20
    return _svg(title, high, drawn, extra)


def columns(title: str, values: Sequence[tuple[str, int]]) -> str:
    """A column for each day or week, its number on top and its name below."""
    most, step = max([1, *(count for _, count in values)]), 100 / max(1, len(values))
    drawn: list[str] = []
    for place, (name, count) in enumerate(values):
        middle, high = (place + 0.5) * step, _HIGH * count / most
        hint = f"<title>{escape(f'{name}: {count}')}</title>"
        drawn.append(
            f"{_bar(middle - step * 0.3, _HIGH + 20 - high, step * 0.6, high, 0, hint)}"
            f'<text x="{middle:.1f}%" y="{_HIGH + 15 - high:.1f}" text-anchor="middle">{count}</text>'
            f'<text x="{middle:.1f}%" y="{_HIGH + 36}" text-anchor="middle">{escape(name)}</text>'
        )
    told = "; ".join(f"{name}: {count}" for name, count in values)
    return _svg(f"{title}. {told}", _HIGH + 42, drawn)


def legend(names: Sequence[str], extra: str = "") -> str:
    """Which colour is which status."""
    marks = (
        f'<li><svg class="mark" viewBox="0 0 12 12" aria-hidden="true"><rect class="c{number % 8}" width="12"'
        f' height="12"/></svg>{escape(name)}</li>'
        for number, name in enumerate(names)
    )
    return f'<ul class="{f"legend {extra}".strip()}">{"".join(marks)}</ul>'


def _bar(left: float, top: float, wide: float, high: float, number: int, hint: str) -> str:
    place = f'x="{left:.1f}%" y="{top:g}" width="{wide:.1f}%" height="{high:g}"'
    return f'<rect class="c{number % 8}" {place}>{hint}</rect>'


def _svg(label: str, high: int, drawn: Sequence[str], extra: str = "") -> str:
    name = f"chart {extra}".strip()
    return f'<svg class="{name}" role="img" aria-label="{escape(label)}" height="{max(high, 1)}">{"".join(drawn)}</svg>'


def _short(name: str) -> str:
    return name if len(name) <= 32 else f"{name[:31]}…"
