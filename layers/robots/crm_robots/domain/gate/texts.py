"""What people read about a lead that may not pass, and about one that now may."""

from collections.abc import Sequence

from crm_robots.domain.decision import REFUSAL

_WORDS = {
    "ru": {
        "gaps": "Для стадии «{gate}» не хватает данных:",
        "returned": "Лид возвращён на стадию «{stage}». Заполните поля и переведите его снова.",
        "stays": "Пожалуйста, заполните эти поля.",
        "refused": "Вернуть лид на предыдущую стадию портал не дал: {refusal}",
        "complete": "Все данные для стадии «{gate}» заполнены.",
        "todo": "Заполнить данные лида: {lead}",
        "todo_text": "Для стадии «{gate}» не хватает: {fields}.",
    },
    "en": {
        "gaps": "Data needed for the stage “{gate}” is missing:",
        "returned": "The lead was put back to “{stage}”. Please fill in the fields and move it on again.",
        "stays": "Please fill in these fields.",
        "refused": "The portal did not let the lead go back to the previous stage: {refusal}",
        "complete": "All data needed for the stage “{gate}” is there now.",
        "todo": "Fill in the lead: {lead}",
        "todo_text": "For the stage “{gate}” these are missing: {fields}.",
    },
}


def gaps(language: str, gate: str, missing: Sequence[str], returned_to: str) -> str:
    """The comment that lists what is missing; `returned_to` is empty when the lead stays where it is."""
    words = _WORDS[language]
    end = words["returned"].format(stage=returned_to) if returned_to else words["stays"]
    return "\n".join([words["gaps"].format(gate=gate), *_listed(missing), end])


def not_returned(language: str, gate: str, missing: Sequence[str]) -> str:
    """The same when the portal refuses the move; its own words are filled in later."""
    words = _WORDS[language]
    end = words["refused"].format(refusal=REFUSAL)
    return "\n".join([words["gaps"].format(gate=gate), *_listed(missing), end])


def complete(language: str, gate: str) -> str:
    """The comment once the last gap is filled."""
    return _WORDS[language]["complete"].format(gate=gate)


def todo(language: str, lead: str, gate: str, missing: Sequence[str]) -> tuple[str, str]:
    """Title and description of the to-do."""
    words = _WORDS[language]
    return words["todo"].format(lead=lead), words["todo_text"].format(gate=gate, fields=", ".join(missing))


def _listed(missing: Sequence[str]) -> list[str]:
    return [f"• {text}" for text in missing]
