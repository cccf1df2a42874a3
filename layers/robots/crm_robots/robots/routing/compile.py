"""The `routing` section: services become dropdown items, departments and deal stages become ids."""

from collections.abc import Iterable, Sequence
from string import Formatter

from crm_robots.robots.routing.rules import RoutingRules, Service
from crm_robots.robots.routing.settings import Routing
from crm_robots.robots.routing.settings import Service as ServiceModel
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.portal_data import PortalField, Stage


def compile_routing(section: Routing, facts: PortalFacts) -> RoutingRules:
    """The section with ids for names."""
    ticks = facts.field("services_field", "lead", section.services_field, ["enumeration"])
    return RoutingRules(
        representative=_representative(section, facts),
        visit_deadline_hours=section.visit_deadline_hours,
        visit_title=section.visit_title,
        services_field=ticks.code,
        comment_field=facts.field("comment_field", "lead", section.comment_field).code,
        reported_stages=_reported(section.report_stage, facts),
        services=tuple(_service(name, one, ticks, facts) for name, one in section.services.items()),
        pick=section.pick,
        skip_absent=section.skip_absent,
        main_manager=section.main_manager,
        deal_title=section.deal_title,
        managers_field=facts.field("managers_field", "deal", section.managers_field, ["employee"]).code,
        main_manager_field=facts.field("main_manager_field", "deal", section.main_manager_field, ["employee"]).code,
        control_title=section.control_title,
        control_deadline_days=section.control_deadline_days,
        words=dict(_words((section.visit_title, section.deal_title, section.control_title), facts)),
    )


def _representative(section: Routing, facts: PortalFacts) -> int | None:
    if section.representative == "responsible":
        return None
    return facts.user("representative", section.representative, words=["responsible"]).id


def _service(name: str, one: ServiceModel, ticks: PortalField, facts: PortalFacts) -> Service:
    key = f"services.{name}"
    item = facts.item(key, ticks, name)
    department = facts.department(f"{key}.department", one.department)
    category = facts.category(f"{key}.category", one.category)
    stage = facts.deal_stage(f"{key}.stage", category, one.stage)
    return Service(int(item.id), item.value, department.id, department.name, category.id, stage.id)


def _reported(name: str | None, facts: PortalFacts) -> frozenset[str] | None:
    """The stage and all behind it in the portal's order; lost leads have nothing to report."""
    if name is None:
        return None
    first = facts.lead_stage("report_stage", name)
    stages: Sequence[Stage] = [stage for stage in facts.lead_stages() if stage.semantics != "F"]
    places = [place for place, stage in enumerate(stages) if stage.id == first.id]
    return frozenset({first.id, *(stage.id for stage in stages[min(places, default=len(stages)) :])})


def _words(templates: Iterable[str], facts: PortalFacts) -> Iterable[tuple[str, dict[str, str]]]:
    """Fields that the titles name; of dropdowns, their labels too."""
    for template in templates:
        for _, name, _, _ in Formatter().parse(template):
            if name and name.startswith("lead[") and (code := name[5:-1]).startswith("UF_"):
                field = facts.field("deal_title", "lead", code)
                yield field.code, {str(item.id): item.value for item in field.items}
