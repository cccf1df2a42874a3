"""All sections of the settings file: the portal's, and one for each robot's row."""

from importlib import import_module

from crm_robots.robots.registry import ROWS
from crm_robots.settings.portal_compile import compile_portal
from crm_robots.settings.portal_section import Portal
from crm_robots.settings.section import Section

SECTIONS: dict[str, Section] = {
    "portal": Section(Portal, compile_portal, after_publish=lambda _before, rules, desk: desk.keep_hosts(rules.hosts)),
    **{row.section: import_module(f"crm_robots.robots.{row.section}.section").SECTION for row in ROWS},
}
"""In the order in which they are published: later ones may use fields of earlier ones."""
