"""Pictures of the desk as inline SVG: bars, no script, colours by class, and a text for whoever cannot see them."""

from collections.abc import Sequence
from html import escape

_WIDTH, _ROW, _NAME = 640, 24, 170


def stacked(title: str, rows: Sequence[tuple[str, Sequence[tuple[str, int]]]], limit: int | None, words: str) -> str:
    """A bar for each person, cut by status; a line where capacity ends. `rows`: a name and (status, number)."""
    most = max([1, limit or 0, *(sum(count for _, count in parts) for _, parts in rows)])
    scale = (_WIDTH - _NAME - 50) / most
    drawn: list[str] = []
    for place, (name, parts) in enumerate(rows):
        top, left = place * _ROW, float(_NAME)
        drawn.append(f'<text x="0" y="{top + 15}">{escape(_short(name))}</text>')
        for number, (status, count) in enumerate(parts):
            if count:
                wide = count * scale
                hint = f"<title>{escape(f'{name}, {status}: {count}')}</title>"
                drawn.append(_bar(left, top, wide, number, hint))
                left += wide
        drawn.append(f'<text x="{left + 5:.1f}" y="{top + 15}">{sum(count for _, count in parts)}</text>')
    high = len(rows) * _ROW
    if limit is not None:
        at = _NAME + limit * scale
        drawn.append(f'<line class="limit" x1="{at:.1f}" y1="0" x2="{at:.1f}" y2="{high}"/>')
        drawn.append(f'<text x="{at:.1f}" y="{high + 14}" text-anchor="middle">{escape(words)}</text>')
        high += 20
    return _svg(title, high, drawn)


def columns(title: str, values: Sequence[tuple[str, int]]) -> str:
    """A column for each day or week, its number on top and its name below."""
    most, step = max([1, *(count for _, count in values)]), _WIDTH / max(1, len(values))
    drawn: list[str] = []
    for place, (name, count) in enumerate(values):
        middle, high = (place + 0.5) * step, 90 * count / most
        drawn.append(
            f'<rect class="c0" x="{middle - step * 0.3:.1f}" y="{110 - high:.1f}" width="{step * 0.6:.1f}"'
            f' height="{high:.1f}"><title>{escape(f"{name}: {count}")}</title></rect>'
            f'<text x="{middle:.1f}" y="{105 - high:.1f}" text-anchor="middle">{count}</text>'
            f'<text x="{middle:.1f}" y="126" text-anchor="middle">{escape(name)}</text>'
        )
    return _svg(title, 132, drawn)


def legend(names: Sequence[str]) -> str:
    """Which colour is which status."""
    marks = (
        f'<li><svg class="mark" viewBox="0 0 12 12" aria-hidden="true"><rect class="c{number % 8}" width="12"'
        f' height="12"/></svg>{escape(name)}</li>'
        for number, name in enumerate(names)
    )
    return f'<ul class="legend">{"".join(marks)}</ul>'


def _bar(left: float, top: int, wide: float, number: int, hint: str) -> str:
    return f'<rect class="c{number % 8}" x="{left:.1f}" y="{top + 2}" width="{wide:.1f}" height="18">{hint}</rect>'


def _svg(title: str, high: int, drawn: Sequence[str]) -> str:
    label = escape(title)
    inner = f"<title>{label}</title>{''.join(drawn)}"
    return f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {_WIDTH} {max(high, 1)}">{inner}</svg>'


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"
