"""The `conversion` section: when contact, company and deal are made of a lead, and from what."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from crm_robots.settings.addresses import ServiceUrl
from crm_robots.settings.base import (
    FieldCode,
    Name,
    SectionModel,
    Strict,
    Text,
    UserFieldCode,
    each_once,
    placeholders,
)
from crm_robots.settings.fields import DealPlace, Requirements, UserField, UserFields

Paper = Literal["name", "inn", "kpp", "ogrn", "address", "head", "account", "bik", "bank", "corr_account"]
Results = Annotated[list[Literal["contact", "company", "deal"]], Field(max_length=3), AfterValidator(each_once)]

USUAL_FIELDS = {
    "UF_CRM_CLIENT_TYPE": UserField(
        label="Тип клиента", type="enumeration", values=["Физическое лицо", "Юридическое лицо"]
    ),
    "UF_CRM_INN": UserField(label="ИНН", type="string"),
    "UF_CRM_ACCOUNT": UserField(label="Расчётный счёт", type="string"),
    "UF_CRM_BIK": UserField(label="БИК банка", type="string"),
}


class Outcomes(Strict):
    """What a won lead leaves behind."""

    individual: Results = Field(["contact", "deal"], description="For an individual.")
    legal_entity: Results = Field(["company", "contact", "deal"], description="For a legal entity.")


class Conversion(SectionModel):
    """The conversion robot."""

    USUAL: ClassVar[dict[str, UserField]] = USUAL_FIELDS

    assign_creator: bool = Field(default=True, description="A lead made by hand gets its creator as responsible.")
    new_stage: Name = Field("Новый лид", description="Lead stage of a new lead.")
    assigned_stage: Name = Field(
        "Менеджер назначен", description="Where the robot moves a lead once it has a responsible."
    )
    gate_stage: Name = Field(description="From this lead stage on the client type and its data must be complete.")
    on_gap: Literal["return", "remind"] = Field("return", description="As in qualification.")
    contact_required: Requirements = Field(
        ["NAME", "PHONE|EMAIL"], description="Lead fields a contact needs; a|b: either of the two."
    )
    client_type_field: UserFieldCode = Field(description="Dropdown on the lead: individual or legal entity.")
    individual: Name = Field("Физическое лицо", description="Item of client_type_field for individuals.")
    legal_entity: Name = Field("Юридическое лицо", description="Item of client_type_field for legal entities.")
    inn_field: UserFieldCode = Field("UF_CRM_INN", description="Lead field with the INN.")
    account_field: UserFieldCode = Field("UF_CRM_ACCOUNT", description="Lead field with the settlement account.")
    bik_field: UserFieldCode = Field("UF_CRM_BIK", description="Lead field with the BIK of the bank.")
    legal_required: Requirements = Field(
        ["COMPANY_TITLE|UF_CRM_INN", "UF_CRM_ACCOUNT", "UF_CRM_BIK"],
        description="Lead fields a legal entity needs; a|b: either of the two.",
    )
    duplicates: Literal["link", "create"] = Field(
        "link",
        description="link: use the contact or company with this phone, e-mail or INN; create: always new.",
    )
    party_directory: Literal["none", "dadata"] = Field(
        "none", description="Where a new INN is looked up (dadata: its token is the secret dadata-token)."
    )
    party_directory_url: ServiceUrl = Field(
        "https://suggestions.dadata.ru/suggestions/api/4_1/rs", description="Base address of that directory."
    )
    deal_direction_field: UserFieldCode | None = Field(
        None,
        description="Dropdown on the lead that chooses the deal's category; absent: always default_deal.",
    )
    default_deal: DealPlace = Field(
        DealPlace(category="Общая", stage="Новая"),
        description="Where a deal starts if `deals` names no place.",
    )
    deals: Annotated[dict[Name, DealPlace], Field(max_length=200)] = Field(
        {}, description="Item of deal_direction_field -> where the deal starts."
    )
    deal_title: Annotated[Text, placeholders("lead")] = Field(
        "{lead[TITLE]}", description="Title of the deal; {lead[FIELD]} is a field of the lead."
    )
    copy_fields: Annotated[dict[FieldCode, FieldCode], Field(max_length=100)] = Field(
        {}, description="Lead field -> deal field of the same type; dropdowns are matched by label."
    )
    link_clients: Literal["at_once", "when_won"] = Field(
        "at_once",
        description="When contact and company are linked with the lead. at_once: as soon as they are there, and "
        "Bitrix24 makes it a repeat lead; when_won: on the success stage.",
    )
    ambiguous: Literal["best", "ask"] = Field(
        "best",
        description="Several cards fit. best: the one with most open deals, then the last touched; ask: nothing is "
        "linked until a person has chosen on a page.",
    )
    contract_requires: Annotated[list[Paper], Field(max_length=10), AfterValidator(each_once)] = Field(
        ["name", "inn", "kpp", "ogrn", "address", "head", "account", "bik", "bank", "corr_account"],
        description="What a company needs for a contract; an empty list: companies are not looked at.",
    )
    ready_field: UserFieldCode | None = Field(
        None, description="Yes/no field of the company that shows whether all of it is there; null: none."
    )
    recheck_days: Annotated[int, Field(ge=1, le=3650)] | None = Field(
        None, description="Companies are looked up in the directory again after so many days; null: never."
    )
    outcomes: Outcomes = Field(
        Outcomes(), description="What a won lead leaves behind; found duplicates are linked, not made again."
    )
    fields: UserFields = Field({}, description="User fields of the lead; publishing creates what is missing.")
