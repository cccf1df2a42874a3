"""User fields that publishing creates, and who or where a setting can point at."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from crm_robots.settings.base import Name, Strict, UserFieldCode, each_once
from crm_robots.settings.problems import nearest_names
from crm_robots.shared.names import folded

FieldType = Literal[
    "string",
    "integer",
    "double",
    "boolean",
    "date",
    "datetime",
    "enumeration",
    "url",
    "money",
    "file",
    "employee",
]


class UserField(Strict):
    """One user field as the file describes it."""

    label: Annotated[str, Field(min_length=1, max_length=255)] = Field(description="The field's name in the card.")
    type: FieldType = Field(description="The field's type, as Bitrix24 calls it.")
    multiple: bool = Field(default=False, description="true: the field holds several values.")
    values: Annotated[list[Name], Field(max_length=500)] = Field(
        [],
        description="Labels of a dropdown (enumeration), in order. Missing ones are added, none is removed.",
    )

    rename: dict[Name, Name] = Field(
        {}, max_length=500, description="New label: old label. The dropdown item is renamed, and cards keep it."
    )

    @model_validator(mode="after")
    def _values_belong_to_dropdowns(self) -> Self:
        if (self.type == "enumeration") != bool(self.values):
            raise PydanticCustomError("dropdown_values", "values for a dropdown, and only for it")
        each_once(self.values)
        each_once([*self.rename.values()])
        labels = {folded(label) for label in self.values}
        for new, old in self.rename.items():
            if folded(new) not in labels or folded(old) in labels:
                raise PydanticCustomError("rename", "new in values, old not", {"found": f"{new}: {old}"})
        if self.multiple and self.type == "boolean":
            raise PydanticCustomError("multiple_boolean", "a yes/no field holds one value")
        return self


Alternatives = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z][A-Za-z0-9_]*(\|[A-Za-z][A-Za-z0-9_]*)*$",
        max_length=255,
        description="A field, or several with | between them: any of them will do.",
    ),
]
Requirements = Annotated[list[Alternatives], Field(max_length=100), AfterValidator(each_once)]

UserFields = Annotated[dict[UserFieldCode, UserField], Field(max_length=200)]


def _unwrapped(form: str) -> BeforeValidator:
    """Lets `{user: X}` stand where `X` would do."""
    return BeforeValidator(lambda value: value[form] if isinstance(value, dict) and set(value) == {form} else value)


def _either_schema(form: str) -> WithJsonSchema:
    name = {"type": ["string", "integer"], "minLength": 1, "maxLength": 255}
    wrapped = {"type": "object", "properties": {form: name}, "required": [form], "additionalProperties": False}
    return WithJsonSchema({"anyOf": [name, wrapped]})


Person = Annotated[Name, _unwrapped("user"), _either_schema("user")]
"""A person by e-mail, full name or id; `{user: …}` says the same."""
Place = Annotated[Name, _unwrapped("department"), _either_schema("department")]
"""A department by name or id; `{department: …}` says the same."""


class ToUser(Strict):
    """A person."""

    user: Name = Field(description="E-mail, full name or id of an employee.")


class ToDepartment(Strict):
    """A department; sub-departments are included."""

    department: Name = Field(description="Name or id of a department.")


class ToDepartmentByPick(ToDepartment):
    """A department, and how one of its people is chosen."""

    pick: Literal["round_robin"] = Field("round_robin", description="Its people take turns.")


_TRANSFERS = ("none", "supervisor")


def _addressee(value: Any) -> str:
    """Which form is meant. The tags stand in angle brackets so that error locations can drop them."""
    if isinstance(value, str | int):
        return "<named>"
    if isinstance(value, ToUser) or (isinstance(value, dict) and "user" in value):
        return "<user>"
    return "<department>"


def _word_or_addressee(value: Any) -> str:
    """A word with a slip of the pen is still meant as a word."""
    if isinstance(value, str) and nearest_names(value, _TRANSFERS):
        return "<word>"
    return _addressee(value) if value is not None else "<word>"


_Named = Annotated[Name, Tag("<named>")]
"""A person or a department by its plain name."""
Addressee = Annotated[
    _Named | Annotated[ToUser, Tag("<user>")] | Annotated[ToDepartment, Tag("<department>")],
    Discriminator(_addressee),
]
Transfer = Annotated[
    Annotated[Literal["none", "supervisor"], Tag("<word>")]
    | _Named
    | Annotated[ToUser, Tag("<user>")]
    | Annotated[ToDepartmentByPick, Tag("<department>")],
    Discriminator(_word_or_addressee),
]


class DealPlace(Strict):
    """Where a deal starts."""

    category: Name = Field(description="Category (funnel) of the deal.")
    stage: Name = Field(description="Stage within that category.")
