"""The robot's section of the settings file."""

from crm_robots.robots.qualification.compile import compile_qualification
from crm_robots.robots.qualification.settings import Qualification
from crm_robots.settings.provision import specs
from crm_robots.settings.provision.card import arrange_card
from crm_robots.settings.section import Section

SECTION = Section(Qualification, compile_qualification, fields=specs.qualification_fields, arrange=arrange_card)
