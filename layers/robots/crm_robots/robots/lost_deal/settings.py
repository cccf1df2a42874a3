"""The `lost_deal` section: what the end of a deal says about its client."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from crm_robots.settings.base import Days, FieldCode, HttpUrl, Name, SectionModel, Strict, Text
from crm_robots.settings.fields import UserFields


def _one_or_nothing(value: Any) -> str | int | float | bool | None:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise PydanticCustomError("scalar", "one value")


Marks = Annotated[dict[FieldCode, Annotated[Any, AfterValidator(_one_or_nothing)]], Field(max_length=50)]
"""`null` empties the field."""


class LostDealRule(Strict):
    """Stages, and what a deal that enters one of them changes in its client."""

    category: Name | None = Field(None, description="Category (funnel) of the deal; absent: any.")
    stages: Annotated[list[Name], Field(min_length=1, max_length=100)] = Field(description="Deal stages.")
    contact: Marks = Field({}, description="Field of the deal's contacts (all of them) -> value; null empties it.")
    company: Marks = Field({}, description="Field of the deal's company -> value.")
    expires_days: Days | None = Field(
        None, description="After so many days the field gets its earlier value back; null or absent: never."
    )
    undo_on_reopen: bool = Field(
        default=True, description="true: the earlier value comes back as well when the deal is opened again."
    )
    video: HttpUrl | None = Field(None, description="Link to a training video, shown in the deal's timeline.")
    comment: Text | None = Field(None, description="Why, in the deal's timeline.")


class LostDeal(SectionModel):
    """The lost-deal robot."""

    rules: Annotated[list[LostDealRule], Field(min_length=1, max_length=100)] = Field(
        description="The first rule that matches wins."
    )
    fields: UserFields = Field({}, description="User fields of the contact; publishing creates what is missing.")
