"""What all our pages share: frame, style, and headers that keep them private. Nothing is loaded, no script runs.

A page's own part is HTML that its module has made, everything that people typed being escaped there.
"""

import base64
import hashlib
from html import escape

_STYLE = """
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;font:17px/1.5 system-ui,sans-serif;background:#eef2f4;color:#1f2d3d}
main{max-width:34rem;margin:0 auto;padding:1.25rem}
section{background:#fff;border-radius:12px;padding:1.25rem;box-shadow:0 1px 3px rgba(0,0,0,.12)}
h1{font-size:1.35rem;line-height:1.25;margin:0 0 .75rem}
p{margin:.5rem 0;overflow-wrap:anywhere}
dl{margin:1rem 0;border-top:1px solid #dfe5ea}
dt{font-weight:600;margin-top:.75rem}
dd{margin:.15rem 0 0;overflow-wrap:anywhere}
ul{margin:.5rem 0;padding-left:1.25rem}
.old{color:#5c6b7a}
.new{font-weight:600}
small{color:#5c6b7a}
button{display:block;width:100%;min-height:3rem;margin-top:.75rem;padding:.6rem 1rem;font:inherit;border-radius:8px;
border:1px solid #2067b0;background:#fff;color:#2067b0;cursor:pointer}
button.confirm{background:#2067b0;color:#fff}
a{color:#2067b0;overflow-wrap:anywhere}
.field{margin:1.1rem 0 0;padding:0;border:0;min-width:0}
.field>label,legend{display:block;padding:0;font-weight:600;overflow-wrap:anywhere}
.field legend.group{font-weight:400;color:#5c6b7a;margin-top:.4rem}
.field fieldset{border:0;margin:0;padding:0}
.either{margin:1.1rem 0 0;padding:.5rem .75rem 1rem;border:1px solid #dfe5ea;border-radius:8px;min-width:0}
input,select,textarea{width:100%;min-height:2.75rem;margin-top:.3rem;padding:.5rem .6rem;font:inherit;color:inherit;
background:transparent;border:1px solid #8fa0b0;border-radius:8px}
select option,select optgroup{background:#fff;color:#1f2d3d}
input[type=checkbox],input[type=radio]{width:1.25rem;height:1.25rem;min-height:0;margin:0 .6rem 0 0;flex:none}
label.choice{display:flex;align-items:center;min-height:2.5rem;overflow-wrap:anywhere}
.money{display:flex;gap:.5rem}
.money select{width:6.5rem;flex:none}
.wrong{display:block;margin-top:.3rem;color:#b3261e;font-weight:600;overflow-wrap:anywhere}
.has-wrong input,.has-wrong select,.has-wrong textarea{border-color:#b3261e}
main:has(.wide){max-width:80rem}
.wide dl{columns:2 20rem}.wide dt{break-after:avoid}.wide dd{break-inside:avoid}
h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
.grid{display:grid;gap:0 2rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr))}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.82rem}
th,td{padding:.35rem .4rem;border-bottom:1px solid #dfe5ea;text-align:right;vertical-align:top}
thead th{vertical-align:bottom}
th:first-child{text-align:left;position:sticky;left:0;background:#fff;min-width:7rem;max-width:11rem}
td small a{display:inline-block;min-width:1.5rem;padding:.2rem .3rem;text-align:center}
.chart{display:block;width:100%;overflow:visible;font-size:12px}
.chart text{fill:currentColor}
.chart rect{stroke:#fff}
.chart .limit{stroke:#b3261e;stroke-width:2;stroke-dasharray:4 3}
.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1rem}
.mark{width:.8rem;height:.8rem;margin-right:.4rem}
.c0{fill:#3b82c4}.c1{fill:#2e9e6b}.c2{fill:#d9822b}.c3{fill:#c9a60c}.c4{fill:#8c63c9}.c5{fill:#4aa8b5}
.c6{fill:#c2588f}.c7{fill:#7d8b99}
@page{margin:9mm}
.paper{display:none}
@media print{body{background:#fff;font-size:8px;line-height:1.2}section{box-shadow:none;padding:0;border-radius:0}
main,main:has(.wide){max-width:none;padding:0}h1{font-size:13px;margin:0}
h2{font-size:10px;margin:5px 0 1px;break-after:avoid}p,ul,.legend{margin:1px 0}.chart{zoom:.7}
table{font-size:7.5px}th,td{padding:1px 3px}tbody th{min-width:6.5rem}
.grid{grid-template-columns:repeat(3,1fr);gap:0 1rem}a{color:inherit;text-decoration:none}
.scroll{overflow:visible}th:first-child{position:static;max-width:none}
.screen,td small,li:nth-child(n+11){display:none}li.paper{display:list-item}tr,li,svg{break-inside:avoid}}
@media screen and (prefers-color-scheme:dark){th,td{border-color:#33404d}.chart .limit{stroke:#ff8a80}
th:first-child{background:#1c252f}.chart rect{stroke:#1c252f}
body{background:#12181f;color:#e6ebf0}section{background:#1c252f}
dl,.either{border-color:#33404d}.old,small,.field legend.group{color:#9fb0c0}a{color:#7db7f0}
select option,select optgroup{background:#1c252f;color:#e6ebf0}.wrong{color:#ff8a80}
button{background:#1c252f;color:#7db7f0;border-color:#7db7f0}button.confirm{background:#2f7cc9;color:#fff}}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; frame-ancestors 'none';"
        " base-uri 'none'"
    ),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}
_PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="robots" content="noindex"><title>{title}</title><style>{style}</style></head>'
    "<body><main><section>{content}</section></main></body></html>"
)


def page(language: str, heading: str, *parts: str) -> str:
    """The whole page: a heading, which is text, and parts, which are HTML."""
    content = "".join([f"<h1>{escape(heading)}</h1>", *parts])
    return _PAGE.format(language=language, title=escape(heading), style=_STYLE, content=content)


def paragraph(text: str, *, small: bool = False) -> str:
    """A paragraph of text; nothing for nothing."""
    inner = f"<small>{escape(text)}</small>" if small else escape(text)
    return f"<p>{inner}</p>" if text else ""


def link(address: str, text: str) -> str:
    """A link that tells nobody where it was pressed; the text alone where there is no address."""
    return f'<a href="{escape(address)}" rel="noreferrer">{escape(text)}</a>' if address else escape(text)
