"""One control per type of field. Numbers are texts here: a browser's own number field takes no decimal comma."""

from collections.abc import Iterable, Sequence
from html import escape

from crm_robots.pages.form.answers import Shown
from crm_robots.pages.form.texts import WORDS
from crm_robots.robots.qualification.form import CURRENCIES, CURRENCY, Group, groups
from crm_robots.robots.qualification.rules import LeadField
from crm_robots.robots.qualification.values import spelled
from crm_robots.robots.qualification.words import Words

_KEYBOARDS = {"integer": "numeric", "double": "decimal", "float": "decimal", "url": "url"}
_TYPES = {"date": "date", "datetime": "datetime-local"}
_CONTACTS = {"PHONE": "tel", "EMAIL": "email"}


def control(code: str, shown: Shown, language: str) -> str:
    """The field with its label, what was typed so far, and what is wrong with it."""
    if shown.words is None:
        return ""
    field = shown.words.rules.fields[code]
    # Of a list that depends on another, what fits stays chosen; what does not is no option here (Q12).
    chosen = spelled(shown.values.get(code)) if field.depends_on and not shown.typed else ()
    typed, wrong = shown.typed.get(code, chosen), shown.wrong.get(code, "")
    found = _options(field, shown, language)
    if found is not None and (field.multiple or _is_yes_or_no(field)):
        inner = _choices(field, found, typed)
        body = f"<fieldset><legend>{escape(field.label)}</legend>{inner}</fieldset>"
    else:
        inner = _select(field, found, typed, language) if found is not None else _input(field, shown, typed, language)
        body = f'<label for="{escape(code)}">{escape(field.label)}</label>{inner}'
    notes = wrong or "; ".join(shown.words.misfits(code, shown.values))
    note = f'<span class="wrong" id="{escape(code)}-wrong">{escape(notes)}</span>' if notes else ""
    return f'<div class="field{" has-wrong" if wrong else ""}">{body}{note}</div>'


def _is_yes_or_no(field: LeadField) -> bool:
    return field.type in ("boolean", "char") and not field.items


def _options(field: LeadField, shown: Shown, language: str) -> tuple[Group, ...] | None:
    """What can be chosen; None where it is typed."""
    words = shown.words
    if words is None:
        return None
    if _is_yes_or_no(field):
        return (Group("", (("Y", WORDS[language]["yes"]), ("N", WORDS[language]["no"]))),)
    if field.type in ("employee", "user"):
        return (Group("", tuple(_people(words))),)
    return groups(field, shown.values, words) if field.items or field.type == "enumeration" else None


def _people(words: Words) -> Iterable[tuple[str, str]]:
    active = (one for one in words.directory.users.values() if words.directory.is_active(one.id))
    return ((str(one.id), one.name) for one in sorted(active, key=lambda one: one.name))


def _choices(field: LeadField, found: Sequence[Group], typed: Sequence[str]) -> str:
    kind = "checkbox" if field.multiple else "radio"
    parts = []
    for group in found:
        rows = "".join(
            f'<label class="choice"><input type="{kind}" name="{escape(field.code)}" value="{escape(value)}"'
            f"{' checked' if value in typed else ''}><span>{escape(label)}</span></label>"
            for value, label in group.options
        )
        legend = f'<legend class="group">{escape(group.name)}</legend>' if group.name else ""
        parts.append(f"<fieldset>{legend}{rows}</fieldset>" if legend else rows)
    return "".join(parts)


def _select(field: LeadField, found: Sequence[Group], typed: Sequence[str], language: str) -> str:
    parts = [f'<option value="">{WORDS[language]["choose"]}</option>']
    for group in found:
        rows = "".join(_option(value, label, chosen=value in typed) for value, label in group.options)
        parts.append(f'<optgroup label="{escape(group.name)}">{rows}</optgroup>' if group.name else rows)
    return f'<select id="{escape(field.code)}" name="{escape(field.code)}">{"".join(parts)}</select>'


def _option(value: str, label: str, *, chosen: bool) -> str:
    return f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(label)}</option>'


def _input(field: LeadField, shown: Shown, typed: Sequence[str], language: str) -> str:
    code, text = escape(field.code), "\n".join(typed)
    named = f'id="{code}" name="{code}"'
    if field.type == "money":
        return _money(field, shown, typed)
    if (field.multiple and field.type != "crm_multifield") or field.type == "text":
        hint = f' placeholder="{WORDS[language]["lines"]}"' if field.multiple else ""
        return f'<textarea {named} rows="3"{hint}>{escape(text)}</textarea>'
    kind = _CONTACTS.get(field.code) or _TYPES.get(field.type) or "text"
    kind = "text" if kind == "email" else kind  # what is wrong is said by us, in the portal's language
    mode = _KEYBOARDS.get(field.type) or ("email" if field.code == "EMAIL" else "")
    keyboard = f' inputmode="{mode}"' if mode else ""
    return f'<input {named} type="{kind}" value="{escape(text)}"{keyboard} autocomplete="off">'


def _money(field: LeadField, shown: Shown, typed: Sequence[str]) -> str:
    code, language = escape(field.code), shown.words.language if shown.words else "ru"
    chosen = (*shown.typed.get(f"{field.code}{CURRENCY}", ()), CURRENCIES[0])[0]
    options = "".join(_option(one, one, chosen=one == chosen) for one in CURRENCIES)
    return (
        f'<span class="money"><input id="{code}" name="{code}" type="text" inputmode="decimal" autocomplete="off"'
        f' value="{escape("".join(typed[:1]))}"><select name="{code}{CURRENCY}"'
        f' aria-label="{WORDS[language]["currency"]}">{options}</select></span>'
    )
