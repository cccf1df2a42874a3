"""The `conversion` section: stages, dropdown labels, categories and requisite presets become ids."""

from collections.abc import Iterable, Iterator
from string import Formatter

from crm_robots.robots.conversion.rules import ConversionRules, CopyField, Place
from crm_robots.robots.conversion.settings import Conversion
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.fields import DealPlace
from crm_robots.settings.portal_data import PortalField
from crm_robots.shared.gate.gaps import Field
from crm_robots.shared.gate.rules import Gate
from crm_robots.shared.gate.stages import Stage

_FAILURE = "F"
_COPIED_NEVER = ("file", "crm_multifield")
"""What the portal shows of a file is no file, and phones are no field of a deal."""


def compile_conversion(section: Conversion, facts: PortalFacts) -> ConversionRules:
    """Everything that the robot goes by."""
    kind = facts.field("client_type_field", "lead", section.client_type_field, ("enumeration",))
    codes = {name: facts.field(name, "lead", getattr(section, name), ("string",)) for name in _CODES}
    contact, legal = _requirements("contact_required", section, facts), _requirements("legal_required", section, facts)
    individual, legal_entity = (str(facts.item(name, kind, getattr(section, name)).id) for name in _CLIENT_TYPES)
    if individual == legal_entity != _NO_ITEM:
        facts.note("legal_entity", "repeated", found=section.legal_entity)
    required = [field for names in (*contact, *legal) for field in names]
    return ConversionRules(
        assign_creator=section.assign_creator,
        new_stage=_stage("new_stage", section, facts),
        assigned_stage=_stage("assigned_stage", section, facts),
        gate=_gate(section, facts),
        fields={one.code: Field(one.label, one.type) for one in (kind, *codes.values(), *required)},
        contact_required=tuple(tuple(one.code for one in names) for names in contact),
        legal_required=tuple(tuple(one.code for one in names) for names in legal),
        client_type_field=kind.code,
        individual=individual,
        legal_entity=legal_entity,
        inn_field=codes["inn_field"].code,
        account_field=codes["account_field"].code,
        bik_field=codes["bik_field"].code,
        links_duplicates=section.duplicates == "link",
        party_directory_url=section.party_directory_url if section.party_directory == "dadata" else "",
        deal_direction_field=section.deal_direction_field or "",
        default_place=_default_place(section, facts),
        places=dict(_places(section, facts)),
        deal_title=section.deal_title,
        title_words=_title_words(section, facts),
        copy_fields=tuple(_copied(section, facts)),
        contract_requires=tuple(section.contract_requires),
        recheck_days=section.recheck_days or 0,
        ready_field=section.ready_field or "",
        asks=section.ambiguous == "ask",
        links_at_once=section.link_clients == "at_once",
        outcomes={
            "individual": tuple(section.outcomes.individual),
            "legal_entity": tuple(section.outcomes.legal_entity),
        },
        company_preset=_preset(facts, "_COMPANY#", ("организация", "organization", "company")),
        entrepreneur_preset=_preset(facts, "_INDIVIDUAL#", ("ип", "sole", "entrepreneur", "individual")),
    )


_RESERVED = "#CRM_REQUISITE_PRESET_DEF_"
_NO_ITEM = "0"
_CLIENT_TYPES = ("individual", "legal_entity")
_CODES = ("inn_field", "account_field", "bik_field")


def _stage(key: str, section: Conversion, facts: PortalFacts) -> str:
    """A stage that the file does not name is the default's, on portals that have it."""
    name = str(getattr(section, key))
    known = {stage.name for stage in facts.lead_stages()} | {stage.id for stage in facts.lead_stages()}
    if key not in section.model_fields_set and name not in known:
        return ""
    return facts.lead_stage(key, name).id


def _gate(section: Conversion, facts: PortalFacts) -> Gate:
    gate = facts.lead_stage("gate_stage", section.gate_stage)
    stages = tuple(Stage(one.id, one.name, one.semantics) for one in facts.lead_stages() if one.semantics != _FAILURE)
    if gate.semantics == _FAILURE:
        facts.note("gate_stage", "invalid", found=gate.name, expected=", ".join(one.name for one in stages))
    return Gate(gate.id, stages, returns=section.on_gap == "return")


def _requirements(key: str, section: Conversion, facts: PortalFacts) -> list[list[PortalField]]:
    wanted: Iterable[str] = getattr(section, key)
    return [[facts.field(key, "lead", name) for name in names.split("|")] for names in wanted]


def _default_place(section: Conversion, facts: PortalFacts) -> Place:
    """A portal without the default's names gets its first category's first stage, unless the file asks for more."""
    categories = facts.data.categories
    is_named = any(one.name == section.default_deal.category for one in categories)
    if "default_deal" not in section.model_fields_set and categories and not is_named:
        first = min(categories, key=lambda one: one.id)
        return Place(first.id, facts.deal_stages(first.id)[0].id)
    return _place("default_deal", section.default_deal, facts)


def _place(key: str, place: DealPlace, facts: PortalFacts) -> Place:
    category = facts.category(f"{key}.category", place.category)
    return Place(category.id, facts.deal_stage(f"{key}.stage", category, place.stage).id)


def _places(section: Conversion, facts: PortalFacts) -> Iterator[tuple[str, Place]]:
    if not section.deal_direction_field:
        return
    field = facts.field("deal_direction_field", "lead", section.deal_direction_field, ("enumeration",))
    for label, place in section.deals.items():
        item = facts.item(f"deals.{label}", field, label)
        yield str(item.id), _place(f"deals.{label}", place, facts)


def _title_words(section: Conversion, facts: PortalFacts) -> dict[str, dict[str, str]]:
    """Dropdowns of the title are told by their labels."""
    named = {name for _, name, _, _ in Formatter().parse(section.deal_title) if name and name.startswith("lead[")}
    fields = [facts.field("deal_title", "lead", name[len("lead[") : -1]) for name in sorted(named)]
    return {one.code: {str(item.id): item.value for item in one.items} for one in fields}


def _copied(section: Conversion, facts: PortalFacts) -> Iterator[CopyField]:
    for source, target in section.copy_fields.items():
        key = f"copy_fields.{source}"
        ours = facts.field(key, "lead", source)
        if ours.type in _COPIED_NEVER:
            facts.note(key, "field_type", found=source, expected="string, enumeration, date, money")
        theirs = facts.field(key, "deal", target, (ours.type,))
        items = _alike(ours, theirs) if ours.type == "enumeration" else None
        lacking = {} if items is None else {str(one.id): one.value for one in ours.items if str(one.id) not in items}
        yield CopyField(ours.code, theirs.code, items, theirs.label, lacking)


def _alike(ours: PortalField, theirs: PortalField) -> dict[str, int | str]:
    """Items of the same label; one that the deal's dropdown lacks is not carried over, and the comment says so."""
    pairs = ((str(item.id), theirs.item(item.value)) for item in ours.items)
    return {number: item.id for number, item in pairs if item}


def _preset(facts: PortalFacts, ending: str, names: tuple[str, ...]) -> int:
    """Bitrix24's own presets carry a reserved XML_ID; else the name decides, else there is none."""
    presets = facts.data.presets
    own = (number for number, _, xml_id in presets if xml_id.startswith(_RESERVED) and xml_id.endswith(ending))
    named = (number for number, name, _ in presets if name.casefold().startswith(names))
    return next(own, None) or next(named, None) or (presets[0][0] if presets else 0)
