"""What a key's value may be, in words: `whole number, 1 to 8760`."""

from typing import Any

from admin.guide.words import WORDS

_HTTP, _USER_FIELD, _FIELD, _EITHER, _TIME = "^https?", "^UF_CRM_", "^[A-Za-z]", "\\|", "2[0-3]"


def kind(node: dict[str, Any], language: str, definitions: dict[str, Any]) -> str:
    """Reads the key's schema."""
    words = WORDS[language]
    choices = node.get("anyOf") or node.get("oneOf")
    if choices:
        return words["or"].join(kind(one, language, definitions) for one in choices)
    if "enum" in node or "const" in node:
        return words["or"].join(f"`{one}`" for one in node.get("enum", [node.get("const")]))
    if "$ref" in node:
        return _part(definitions[node["$ref"].rpartition("/")[2]], language)
    match node.get("type"):
        case "array":
            return words["list"].format(of=kind(node["items"], language, definitions))
        case "object":
            return _object(node, language, definitions)
        case "integer":
            return words["integer"].format(least=node["minimum"], most=node["maximum"])
        case "string":
            return _text(node.get("pattern", ""), words)
        case "boolean" | "null" as plain:
            return words[plain]
        case None:
            return words["value_word"]
        case _:
            return words["name"]


def _object(node: dict[str, Any], language: str, definitions: dict[str, Any]) -> str:
    if "properties" in node:
        return _part(node, language)
    inner = next(iter(node.get("patternProperties", {}).values()), node.get("additionalProperties"))
    return WORDS[language]["mapping"].format(of=kind(inner or {}, language, definitions))


def _part(definition: dict[str, Any], language: str) -> str:
    keys = list(definition["properties"])
    shown = ", ".join(f"{key}: …" for key in keys)
    return f"`{{{shown}}}`" if len(keys) <= 3 else WORDS[language]["part"]


def _text(pattern: str, words: dict[str, str]) -> str:
    if pattern.startswith(_HTTP):
        return words["address"]
    if _TIME in pattern:
        return words["time"]
    if pattern.startswith(_USER_FIELD):
        return words["user_field"]
    if _EITHER in pattern:
        return words["fields_or"]
    return words["field_code"] if pattern.startswith(_FIELD) else words["text"]
