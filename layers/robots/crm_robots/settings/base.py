"""What all sections are made of: a strict base model, and types that carry their own bounds."""

import re
from collections.abc import Callable
from string import Formatter
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from crm_robots.shared.names import folded


class Strict(BaseModel):
    """A part of the file: an unknown key is an error, `"24"` is not 24, and no error text repeats its input."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class SectionModel(Strict):
    """A top-level section: a robot that can be switched off."""

    ENGLISH: ClassVar[dict[str, str]] = {}
    enabled: bool = Field(default=True, description="false switches the robot off; nothing else is required then.")

    def in_language(self, language: str) -> Self:
        """The section with unset texts in the portal's language; the defaults in the models are Russian."""
        return with_english(self, self.ENGLISH) if language == "en" else self


def with_english[M: Strict](model: M, texts: dict[str, str]) -> M:
    """The model with English words in those texts that the administrator left out."""
    return model.model_copy(update={k: v for k, v in texts.items() if k not in model.model_fields_set})


def number_to_text(value: Any) -> Any:
    """Accepts `user: 7` and `values: [2025, 2026]` without quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def each_once[T](names: list[T]) -> list[T]:
    """The list, unless something is in it twice, however it is spelt."""
    plain = [folded(str(name)) for name in names]
    if twice := next((name for at, name in enumerate(names) if plain[at] in plain[:at]), None):
        raise PydanticCustomError("repeated", "each once", {"found": str(twice)})
    return names


Name = Annotated[
    str,
    BeforeValidator(number_to_text),
    Field(min_length=1, max_length=255),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1, "maxLength": 255}),
]
"""A name as people see it in Bitrix24, or the id or code."""
Text = Annotated[str, Field(min_length=1, max_length=2000)]
FieldCode = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,49}$", description="Code of a field.")]
UserFieldCode = Annotated[
    str,
    Field(pattern=r"^UF_CRM_[A-Z0-9_]{1,43}$", description="Code of a user field, at most 50 characters."),
]
Hours = Annotated[int, Field(ge=1, le=8760)]
Days = Annotated[int, Field(ge=1, le=3650)]
HttpUrl = Annotated[str, Field(pattern=r"^https?://[^\s/]+(/\S*)?$", max_length=2000)]


def _scalar(value: Any) -> str | int | float | bool:
    if isinstance(value, str | int | float | bool):
        return value
    raise PydanticCustomError("scalar", "one value")


Value = Annotated[Any, AfterValidator(_scalar)]
"""A single value for a field: a text, a number, true or false, or a dropdown's label."""


def placeholders(*allowed: str) -> AfterValidator:
    """Checks a text's placeholders; unknown ones would otherwise fail only when a robot writes. Attribute access
    (`{lead.x}`) and conversions are refused, because `str.format` would follow them.
    """
    return AfterValidator(_placeholder_check(allowed))


def _placeholder_check(allowed: tuple[str, ...]) -> Callable[[str], str]:
    known = re.compile("|".join(rf"{re.escape(name)}(\[\w+\])?" if name == "lead" else name for name in allowed))

    def check(text: str) -> str:
        expected = ", ".join("{lead[FIELD]}" if name == "lead" else f"{{{name}}}" for name in allowed)
        try:
            parts = [part for part in Formatter().parse(text) if part[1] is not None]
        except ValueError:
            raise PydanticCustomError("placeholder", "{expected}", {"expected": expected}) from None
        for _, name, spec, conversion in parts:
            if spec or conversion or not known.fullmatch(name or ""):
                raise PydanticCustomError("placeholder", "{expected}", {"expected": expected, "found": f"{{{name}}}"})
        return text

    return check
