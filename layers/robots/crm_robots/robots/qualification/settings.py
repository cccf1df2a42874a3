"""The `qualification` section: which data a lead needs before the gate, by direction."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from crm_robots.settings.base import FieldCode, Hours, Name, SectionModel, Strict, Text, UserFieldCode, Value, each_once
from crm_robots.settings.fields import Addressee, Alternatives, Requirements, UserField

FieldList = Annotated[list[FieldCode], Field(max_length=100), AfterValidator(each_once)]
ItemNames = Annotated[list[Name], Field(max_length=500), AfterValidator(each_once)]


class DependsOn(Strict):
    """Which items of a dropdown go with which item of another one."""

    field: UserFieldCode = Field(description="The other dropdown of the same card.")
    options: Annotated[dict[Name, ItemNames], Field(min_length=1, max_length=500)] = Field(
        description="Item of that dropdown → items of this one that go with it; one that is absent has none."
    )


class AskedField(UserField):
    """A user field that the robot may ask for."""

    depends_on: DependsOn | None = Field(
        None, description="Of a dropdown: which of its items go with which item of another dropdown."
    )


AskedFields = Annotated[dict[UserFieldCode, AskedField], Field(max_length=200)]


def _list_or_word(value: Any) -> str:
    """The tags stand in angle brackets so that error locations can drop them."""
    return "<list>" if isinstance(value, list) else "<word>"


Expected = Annotated[
    Annotated[Literal["filled"], Tag("<word>")]
    | Annotated[list[Value], Field(min_length=1, max_length=100), Tag("<list>")],
    Discriminator(_list_or_word),
]


class RequiredWhen(Strict):
    """A field that is required under conditions."""

    field: Alternatives = Field(description="The required field; A|B: either of the two.")
    when: Annotated[dict[FieldCode, Expected], Field(min_length=1, max_length=20)] = Field(
        description="Field → values of which it holds one, or filled. All of these must hold."
    )


def _field_or_condition(value: Any) -> str:
    return "<condition>" if isinstance(value, dict | RequiredWhen) else "<field>"


Needs = Annotated[
    list[
        Annotated[
            Annotated[Alternatives, Tag("<field>")] | Annotated[RequiredWhen, Tag("<condition>")],
            Discriminator(_field_or_condition),
        ]
    ],
    Field(max_length=100),
    AfterValidator(each_once),
]


class DealDirection(Strict):
    """What a deal of one direction needs."""

    required: Needs = Field(
        [], description="Fields that must be filled; A|B: either of the two; {field: …, when: …}: under conditions."
    )
    confirm: FieldList = Field([], description="Fields whose change, once filled, waits for a person's consent.")


class Direction(DealDirection):
    """What a lead of one direction needs, and who gets it."""

    responsible: Addressee | None = Field(
        None,
        description="Who gets the lead without gaps: {user: …} or {department: …}; absent: left as is.",
    )


class QualifiedDeals(Strict):
    """The same in deals of one funnel, for companies that work without leads."""

    category: Name = Field(description="Funnel whose deals are kept before its gate.")
    gate_stage: Name = Field(description="A deal with gaps may not stand at this stage of the funnel or past it.")
    direction_field: UserFieldCode = Field(description="Dropdown on the deal that says what the client does.")
    required_always: Needs = Field([], description="Deal fields required whatever the direction.")
    contact_required: Requirements = Field(
        [], description="Fields required of the deal's contact, or of its company where it has no contact."
    )
    fields: AskedFields = Field({}, description="User fields of the deal; publishing creates what is missing.")
    directions: Annotated[dict[Name, DealDirection], Field(min_length=1, max_length=200)] = Field(
        description="One entry per item of the deal's direction_field."
    )


class Qualification(SectionModel):
    """The qualification robot."""

    direction_field: UserFieldCode = Field(description="Dropdown on the lead that says what the client does.")
    required_always: Needs = Field([], description="Lead fields required whatever the direction.")
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
    fields: AskedFields = Field({}, description="User fields of the lead; publishing creates what is missing.")
    directions: Annotated[dict[Name, Direction], Field(min_length=1, max_length=200)] = Field(
        description="One entry per item of direction_field."
    )
    confirm_hours: Annotated[int, Field(ge=1, le=720)] = Field(
        24, description="An unanswered change is dropped after this many hours."
    )
    form_hours: Annotated[int, Field(ge=1, le=720)] | None = Field(
        None,
        description="How long the fill-in page works that is offered when a direction is chosen; null: there is none.",
    )
    next_steps: Annotated[dict[Name, Text], Field(max_length=50)] = Field(
        {}, description="Lead stage → what to do next: a to-do for the responsible of a complete lead at that stage."
    )
    deals: QualifiedDeals | None = Field(None, description="The same in deals, for companies without leads.")
