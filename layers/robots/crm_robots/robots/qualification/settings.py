"""The `qualification` section: which data a lead needs before the gate, by direction."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from crm_robots.settings.base import FieldCode, Hours, Name, SectionModel, Strict, UserFieldCode, each_once
from crm_robots.settings.fields import Addressee, Requirements, UserFields

FieldList = Annotated[list[FieldCode], Field(max_length=100), AfterValidator(each_once)]


class Direction(Strict):
    """What a lead of one direction needs, and who gets it."""

    required: Requirements = Field([], description="Lead fields that must be filled; A|B: either of the two.")
    confirm: FieldList = Field([], description="Fields whose change, once filled, waits for a person's consent.")
    responsible: Addressee | None = Field(
        None,
        description="Who gets the lead without gaps: {user: …} or {department: …}; absent: left as is.",
    )


class Qualification(SectionModel):
    """The qualification robot."""

    direction_field: UserFieldCode = Field(description="Dropdown on the lead that says what the client does.")
    required_always: Requirements = Field([], description="Lead fields required whatever the direction.")
    gate_stage: Name = Field(description="A lead with gaps may not stand at this lead stage or past it.")
    on_gap: Literal["return", "remind"] = Field(
        "return", description="return: put the lead back where it last stood; remind: comment and to-do only."
    )
    todo_deadline_hours: Hours | None = Field(
        24,
        description="Deadline of the to-do for the responsible when there are gaps, in conversion too; null: no to-do.",
    )
    arrange_card: bool = Field(
        default=False, description="true: publishing lays out the common lead card, a section per direction."
    )
    fields: UserFields = Field({}, description="User fields of the lead; publishing creates what is missing.")
    directions: Annotated[dict[Name, Direction], Field(min_length=1, max_length=200)] = Field(
        description="One entry per item of direction_field."
    )
    confirm_hours: Annotated[int, Field(ge=1, le=720)] = Field(
        24, description="An unanswered change is dropped after this many hours."
    )
