"""What is wrong with a section: where, what was found, what was expected, and the nearest names that exist."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import msgspec

from crm_robots.shared.names import folded


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reason for a refusal. `reason` and `what` are words of the tables below."""

    key: str
    """Dotted path, `qualification.gate_stage`."""
    reason: str
    what: str = ""
    found: str = ""
    expected: str = ""
    nearest: tuple[str, ...] = ()
    line: int = 0
    """Line of the section's text; 0: none in particular."""
    also: int = 0
    """Line of what it clashes with; 0: there is no such line."""


class SettingsError(Exception):
    """A section has faults."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(describe(problem, "en") for problem in problems))


NAMED_BY_PEOPLE = {
    *("company", "contact", "copy_fields", "deals", "directions", "fields", "next_steps", "options", "outcomes"),
    *("rename", "services", "skip_when", "when"),
}
"""Keys whose own keys are labels and codes; a number below one of them is such a label."""
_BETWEEN = ", "
_MOST_NAMES = 3


def nearest_names(found: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three existing names that may have been meant, the likeliest first."""
    by_folded = {folded(name): name for name in known if name}
    close = get_close_matches(folded(found), list(by_folded), n=_MOST_NAMES + 1, cutoff=0.6)
    # A person is known by the first name before the last name, and the other way round.
    once = {frozenset(name.split()): name for name in reversed(close)}
    return tuple(by_folded[name] for name in close if name in once.values())[:_MOST_NAMES]


def listed(names: Iterable[str], most: int = 12) -> str:
    """`a, b, c …`: some names to choose from."""
    names = list(dict.fromkeys(names))
    return _BETWEEN.join(names[:most]) + (" …" if len(names) > most else "")


# what -> how it is called, and how it is missed (Russian needs the gender)
_WORDS = {
    "en": {
        "stage": ("stage", "not found"),
        "category": ("deal category", "not found"),
        "user": ("user", "not found"),
        "department": ("department", "not found"),
        "field": ("field", "not found"),
        "item": ("dropdown item", "not found"),
        "status": ("status", "not found"),
        "timezone": ("time zone", "not found"),
        "country": ("country", "not found"),
        "preset": ("requisite preset", "not found"),
        "key": ("key", "unknown"),
        "section": ("section", "unknown"),
    },
    "ru": {
        "stage": ("стадия", "не найдена"),
        "category": ("воронка", "не найдена"),
        "user": ("сотрудник", "не найден"),
        "department": ("отдел", "не найден"),
        "field": ("поле", "не найдено"),
        "item": ("пункт списка", "не найден"),
        "status": ("статус", "не найден"),
        "timezone": ("часовой пояс", "не найден"),
        "country": ("страна", "не найдена"),
        "preset": ("шаблон реквизитов", "не найден"),
        "key": ("ключ", "неизвестен"),
        "section": ("раздел", "неизвестен"),
    },
}
# Cyrillic letters that look like Latin ones
_LOOKS = str.maketrans("АВЕЗКМНОРСТУХаеорсух", "ABE3KMHOPCTYXaeopcyx")
_ALIKE = {"en": " (it looks the same, but {})", "ru": " (выглядит так же, но {})"}
# By whether the letters found are Latin: one of them, several of them
_LETTERS = {
    "en": {
        True: ("the letter «{}» is Latin, not Cyrillic", "the letters «{}» are Latin, not Cyrillic"),
        False: ("the letter «{}» is Cyrillic, not Latin", "the letters «{}» are Cyrillic, not Latin"),
    },
    "ru": {
        True: ("буква «{}» латинская, а нужна кириллическая", "буквы «{}» латинские, а нужны кириллические"),
        False: ("буква «{}» кириллическая, а нужна латинская", "буквы «{}» кириллические, а нужны латинские"),
    },
}
_DID_YOU_MEAN = {"en": "; did you mean {}?", "ru": "; может быть, {}?"}
_OR = {"en": " or ", "ru": " или "}
# By whether there are several
_THERE_IS = {
    "en": {False: "; there is: {}", True: "; expected one of: {}"},
    "ru": {False: "; есть: {}", True: "; нужно одно из: {}"},
}
_ONE_OF = {"en": "one of: {}", "ru": "одно из: {}"}
_LINE = {"en": " (line {})", "ru": " (строка {})"}
# «found» and expected, both ready to be read
_REASONS = {
    "en": {
        "not_found": "{what} «{found}» {missed}",
        "ambiguous": "{what} «{found}» exists more than once; give one of: {expected}",
        "gone": "{what} «{found}» is gone from the portal",
        "renamed": "{what} «{found}» is now called «{expected}»; the same file would be refused",
        "dismissed": "user «{found}» no longer works here",
        "missing": "this key is required",
        "at_least": "found {found}, expected {expected} or more",
        "at_most": "found {found}, expected {expected} or less",
        "one_of": "found «{found}», expected one of: {expected}",
        "wrong_type": "found «{found}», expected {expected}",
        "too_short": "found {found}, expected at least {expected} of them",
        "too_long": "found {found}, expected at most {expected}",
        "pattern": "found «{found}», expected {expected}",
        "placeholder": "found «{found}», a text may hold {expected}",
        "repeated": "found «{found}» twice, expected every name once",
        "key_twice": "the key «{found}» stands twice; the first one{also}",
        "repeated_key": "«{found}» and «{expected}»{also} are the same; keep one of them",
        "either": "found «{found}» beside another key, expected only one of: {expected}",
        "dropdown_values": "values are for type enumeration, which needs them",
        "rename": "rename «{found}»: the new label must stand in values, and the old one must not",
        "rename_both": "rename: the portal has both «{found}» and «{expected}»; take the line out of rename",
        "rename_neither": "rename: the portal has neither «{found}» nor «{expected}»",
        "multiple_boolean": "a yes/no field cannot be multiple",
        "system_statuses": "found {found}; expected new first, in_work second and lost last",
        "days_of_lost": "lost is the last status and has no days",
        "field_type": "field {found} exists with another type; expected {expected}",
        "status_in_use": "status «{found}» is still used by {expected} clients; move them first",
        "portal_refused": "the portal refused {found}: {expected}",
        "not_made": "the portal accepted {found} and did not make it",
        "not_put_back": "the portal does not let a robot restore the field {found}; take it out of the list",
        "in_no_group": "«{found}» goes with no item of {expected}, so nobody could choose it; put it into a group",
        "circle": "field {found} depends on itself: {expected}",
        "right": "missing: {expected}",
        "syntax": "not YAML: {expected}",
        "yaml_more": "the indent does not fit the lines above; spaces too many: {found}",
        "yaml_less": "the indent does not fit the lines above; spaces missing: {found}",
        "yaml_tab": "a tab stands in the indent; YAML wants spaces",
        "yaml_space": "a special space ({found}) stands where YAML wants a plain one; type it anew",
        "yaml_colon": 'there is a colon in the text; put the text in quotes: "…"',
        "yaml_no_colon": "a colon and a space are missing after the key",
        "yaml_quote": "this text begins with a quotation mark that nothing closes",
        "yaml_bracket": "this bracket is not closed, or a comma is missing in it",
        "yaml_quotes": 'a text that begins with such a character needs quotes: "…"',
        "too_large": "{found} bytes, a parameter holds {expected}",
        "no_portal": "the section portal must hold first",
        "invalid": "found «{found}», expected {expected}",
    },
    "ru": {
        "not_found": "{what} «{found}» {missed}",
        "ambiguous": "{what} «{found}»: таких несколько, укажите одно из: {expected}",
        "gone": "на портале больше нет того, что указано: {what} «{found}»",
        "renamed": "{what} «{found}» теперь называется «{expected}»; тот же файл не будет принят",
        "dismissed": "сотрудник «{found}» уволен",
        "missing": "этот ключ обязателен",
        "at_least": "указано {found}, нужно не меньше {expected}",
        "at_most": "указано {found}, нужно не больше {expected}",
        "one_of": "указано «{found}», нужно одно из: {expected}",
        "wrong_type": "указано «{found}», нужно: {expected}",
        "too_short": "указано {found}, нужно хотя бы {expected}",
        "too_long": "указано {found}, нужно не больше {expected}",
        "pattern": "указано «{found}», нужно: {expected}",
        "placeholder": "указано «{found}», в тексте допустимы {expected}",
        "repeated": "«{found}» указано дважды, нужно каждое имя по одному разу",
        "key_twice": "ключ «{found}» указан дважды; первый раз{also}",
        "repeated_key": "«{found}» и «{expected}»{also} — одно и то же; оставьте что-то одно",
        "either": "«{found}» указано вместе с другим ключом, нужно что-то одно: {expected}",
        "dropdown_values": "values нужны для типа enumeration, и только для него",
        "rename": "rename «{found}»: новая подпись должна стоять в values, а старая — нет",
        "rename_both": "rename: на портале есть и «{found}», и «{expected}»; уберите эту строку из rename",
        "rename_neither": "rename: на портале нет ни «{found}», ни «{expected}»",
        "multiple_boolean": "поле «да/нет» не может быть множественным",
        "system_statuses": "указано {found}; нужно: первым new, вторым in_work, последним lost",
        "days_of_lost": "lost — последний статус, дней у него нет",
        "field_type": "поле {found} уже есть с другим типом; нужно: {expected}",
        "status_in_use": "статус «{found}» ещё стоит у клиентов: {expected}; сначала переведите их",
        "portal_refused": "портал отказал, {found}: {expected}",
        "not_made": "портал принял {found}, но не создал",
        "not_put_back": "прежнее значение поля {found} портал вернуть не даёт; уберите его из списка",
        "in_no_group": "«{found}» не относится ни к одному пункту {expected}, выбрать его нельзя; впишите в группу",
        "circle": "поле {found} зависит само от себя: {expected}",
        "right": "не хватает: {expected}",
        "syntax": "это не YAML: {expected}",
        "yaml_more": "отступ не совпадает со строками выше; лишних пробелов: {found}",
        "yaml_less": "отступ не совпадает со строками выше; не хватает пробелов: {found}",
        "yaml_tab": "в отступе стоит табуляция; в YAML отступы делают пробелами",
        "yaml_space": "вместо обычного пробела стоит особый ({found}); наберите пробел заново",
        "yaml_colon": 'в тексте есть двоеточие; возьмите текст в кавычки: "…"',
        "yaml_no_colon": "после ключа не хватает двоеточия и пробела",
        "yaml_quote": "текст начинается с кавычки, которая не закрыта",
        "yaml_bracket": "скобка не закрыта, или в ней не хватает запятой",
        "yaml_quotes": 'текст, который начинается с такого знака, берут в кавычки: "…"',
        "too_large": "{found} байт, параметр вмещает {expected}",
        "no_portal": "сначала исправьте раздел portal",
        "invalid": "указано «{found}», нужно: {expected}",
    },
}
_EXPECTED = {
    "ru": {
        "a whole number": "целое число",
        "a number": "число",
        "true or false": "true или false",
        "a text": "текст",
        "a list": "список",
        "keys with values": "ключи со значениями",
        "one value": "одно значение",
        "name of a host, crm.acme.ru or crm.acme.ru:8443": "имя хоста: crm.acme.ru или crm.acme.ru:8443",
        "https address without a password in it; http and addresses of metadata are not asked": "адрес https "
        "без пароля в нём; http и адреса метаданных не спрашиваются",
        "HH:MM": "время ЧЧ:ММ",
        "http(s) address": "адрес http(s)",
        "code of a user field, UF_CRM_…, at most 50 characters": "код поля, UF_CRM_…, не длиннее 50 знаков",
        "code of a field": "код поля",
        "a code of small Latin letters, digits and _": "код из строчных латинских букв, цифр и _",
        "fields with | between them": "поля через |",
        "no aliases (*name) here": "ссылки (*имя) здесь не допускаются",
    }
}


def describe(problem: Problem, language: str) -> str:
    """The problem as a sentence: `qualification.gate_stage: stage «…» not found; did you mean «…»?`."""
    what, missed = _WORDS[language].get(problem.what, (problem.what, ""))
    expected = _EXPECTED.get(language, {}).get(problem.expected, problem.expected)
    if problem.reason == "field_type" and _BETWEEN in expected:
        expected = _ONE_OF[language].format(expected)
    text = _REASONS[language][problem.reason].format(
        what=what, missed=missed, found=problem.found, expected=expected, also=_line(problem.also, language)
    )
    if problem.nearest:
        *others, last = (f"«{name}»" for name in problem.nearest)
        names = _OR[language].join([_BETWEEN.join(others), last] if others else [last])
        text += _DID_YOU_MEAN[language].format(names)
        text += _alike(problem.found, problem.nearest[0], language)
    elif problem.reason == "not_found" and expected:
        text += _THERE_IS[language][_BETWEEN in expected].format(expected)
    return f"{counted(problem.key)}{_line(problem.line, language)}: {text}"


def counted(key: str) -> str:
    """The key as people count: the items of a list from one. `rules.0.stages` is `rules.1.stages`."""
    parts = key.split(".")
    return ".".join(
        str(int(part) + 1) if part.isdecimal() and above not in NAMED_BY_PEOPLE else part
        for above, part in zip(["", *parts], parts, strict=False)
    )


def _line(number: int, language: str) -> str:
    return _LINE[language].format(number) if number else ""


def _alike(found: str, near: str, language: str) -> str:
    """A remark if two names differ only in letters of another alphabet."""
    if found == near or found.translate(_LOOKS).casefold() != near.translate(_LOOKS).casefold():
        return ""
    pairs = zip(found, near, strict=False)
    strange = "".join(dict.fromkeys(ours for ours, theirs in pairs if ours.casefold() != theirs.casefold()))
    one, several = _LETTERS[language][strange.isascii()]
    return _ALIKE[language].format((one if len(strange) == 1 else several).format(strange)) if strange else ""
