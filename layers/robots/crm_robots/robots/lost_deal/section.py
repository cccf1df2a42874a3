"""The robot's section of the settings file."""

from crm_robots.robots.lost_deal.compile import compile_lost_deal
from crm_robots.robots.lost_deal.settings import LostDeal
from crm_robots.settings.provision import specs
from crm_robots.settings.section import Section

SECTION = Section(LostDeal, compile_lost_deal, fields=specs.lost_deal_fields)
