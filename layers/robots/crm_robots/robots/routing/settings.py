"""The `routing` section: the visit, the report, and how managers are drawn."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from crm_robots.settings.base import Hours, Name, SectionModel, Text, UserFieldCode, placeholders
from crm_robots.settings.fields import DealPlace, Person, Place, UserField, UserFields


class Service(DealPlace):
    """Who handles a service, and where its deal starts."""

    department: Place = Field(description="Department whose people are drawn; sub-departments are included.")


class Routing(SectionModel):
    """The routing robot."""

    ENGLISH: ClassVar[dict[str, str]] = {
        "visit_title": "Visit the client: {lead[TITLE]}",
        "control_title": "Close or control the deals: {lead[TITLE]}",
    }
    USUAL: ClassVar[dict[str, UserField]] = {
        "UF_CRM_VISIT_COMMENT": UserField(label="Комментарий по визиту", type="string")
    }

    representative: Person = Field(
        "responsible",
        description="Who visits: `responsible` (of the lead), or a user: e-mail, full name or id.",
    )
    visit_deadline_hours: Hours = Field(48, description="Deadline of the visit, in hours after the lead's event.")
    visit_title: Annotated[Text, placeholders("lead")] = Field(
        "Выезд к клиенту: {lead[TITLE]}", description="Title of the visit's task."
    )
    services_field: UserFieldCode = Field(description="Multiple dropdown on the lead: the ticks of the report.")
    comment_field: UserFieldCode = Field("UF_CRM_VISIT_COMMENT", description="Lead field with the visitor's comment.")
    report_stage: Name | None = Field(
        None, description="A lead stage that says that the report is complete; null: the first tick does."
    )
    services: Annotated[dict[Name, Service], Field(min_length=1, max_length=100)] = Field(
        description="Item of services_field -> the department that handles it, and where its deal starts."
    )
    pick: Literal["random", "round_robin", "least_loaded"] = Field(
        "random", description="How a manager is drawn; least_loaded: fewest open deals."
    )
    skip_absent: bool = Field(default=True, description="Leave out people whom the calendar shows as away today.")
    main_manager: Literal["random", "first"] = Field(
        "random", description="The main manager among those drawn; first: the first service's."
    )
    deal_title: Annotated[Text, placeholders("service", "lead")] = Field(
        "{service}: {lead[TITLE]}", description="Title of each deal."
    )
    managers_field: UserFieldCode = Field(
        "UF_CRM_DEAL_MANAGERS", description="Deal field (employees) that lists everyone involved."
    )
    main_manager_field: UserFieldCode = Field(
        "UF_CRM_DEAL_MAIN_MANAGER", description="Deal field (employee) with the main manager."
    )
    control_title: Annotated[Text, placeholders("lead")] = Field(
        "Закрыть или проконтролировать сделки: {lead[TITLE]}", description="Title of the main manager's task."
    )
    control_deadline_days: Annotated[int, Field(ge=1, le=365)] = Field(14, description="Deadline of that task.")
    fields: UserFields = Field({}, description="User fields of the lead; publishing creates what is missing.")
