"""The robot's section of the settings file."""

from crm_robots.robots.conversion.compile import compile_conversion
from crm_robots.robots.conversion.settings import Conversion
from crm_robots.settings.provision import specs
from crm_robots.settings.section import Section

SECTION = Section(Conversion, compile_conversion, fields=specs.conversion_fields)
