"""User fields that publishing creates, and who or where a setting can point at."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from crm_robots.settings.base import Name, Strict, UserFieldCode, each_once

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

    @model_validator(mode="after")
    def _values_belong_to_dropdowns(self) -> Self:
        if (self.type == "enumeration") != bool(self.values):
            raise PydanticCustomError("dropdown_values", "values for a dropdown, and only for it")
        each_once(self.values)
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


def _plain_person(value: Any) -> Any:
    return value["user"] if isinstance(value, dict) and set(value) == {"user"} else value


Person = Annotated[Name, BeforeValidator(_plain_person)]
"""A person by e-mail, full name or id; `{user: …}` says the same."""


class ToUser(Strict):
    """A person."""

    user: Name = Field(description="E-mail, full name or id of an employee.")


class ToDepartment(Strict):
    """A department; sub-departments are included."""

    department: Name = Field(description="Name or id of a department.")


class ToDepartmentByPick(ToDepartment):
    """A department, and how one of its people is chosen."""

    pick: Literal["round_robin"] = Field("round_robin", description="Its people take turns.")


def _addressee(value: Any) -> str:
    """Which form is meant. The tags stand in angle brackets so that error locations can drop them."""
    if isinstance(value, ToUser) or (isinstance(value, dict) and "user" in value):
        return "<user>"
    return "<department>"


def _word_or_addressee(value: Any) -> str:
    return _addressee(value) if isinstance(value, dict | Strict) else "<word>"


Addressee = Annotated[
    Annotated[ToUser, Tag("<user>")] | Annotated[ToDepartment, Tag("<department>")], Discriminator(_addressee)
]
Transfer = Annotated[
    Annotated[Literal["none", "supervisor"], Tag("<word>")]
    | Annotated[ToUser, Tag("<user>")]
    | Annotated[ToDepartmentByPick, Tag("<department>")],
    Discriminator(_word_or_addressee),
]


class DealPlace(Strict):
    """Where a deal starts."""

    category: Name = Field(description="Category (funnel) of the deal.")
    stage: Name = Field(description="Stage within that category.")
