"""The `lost_deal` section: what the end of a deal says about its client."""

from typing import Annotated

from pydantic import Field

from crm_robots.settings.base import FieldCode, HttpUrl, Name, SectionModel, Strict, Text, Value
from crm_robots.settings.fields import UserFields

Marks = Annotated[dict[FieldCode, Value], Field(max_length=50)]


class LostDealRule(Strict):
    """Stages, and what a deal that enters one of them changes in its client."""

    category: Name | None = Field(None, description="Category (funnel) of the deal; absent: any.")
    stages: Annotated[list[Name], Field(min_length=1, max_length=100)] = Field(description="Deal stages.")
    contact: Marks = Field({}, description="Field of the deal's contacts (all of them) -> value.")
    company: Marks = Field({}, description="Field of the deal's company -> value.")
    video: HttpUrl | None = Field(None, description="Link to a training video, shown in the deal's timeline.")
    comment: Text | None = Field(None, description="Why, in the deal's timeline.")


class LostDeal(SectionModel):
    """The lost-deal robot."""

    rules: Annotated[list[LostDealRule], Field(min_length=1, max_length=100)] = Field(
        description="The first rule that matches wins."
    )
    fields: UserFields = Field({}, description="User fields of the contact; publishing creates what is missing.")
