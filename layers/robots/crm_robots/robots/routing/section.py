"""The robot's section of the settings file."""

from crm_robots.robots.routing.compile import compile_routing
from crm_robots.robots.routing.settings import Routing
from crm_robots.settings.provision import specs
from crm_robots.settings.section import Section

SECTION = Section(Routing, compile_routing, fields=specs.routing_fields)
