"""The robot's section of the settings file."""

from crm_robots.robots.client_status.compile import compile_client_status
from crm_robots.robots.client_status.settings import ClientStatus
from crm_robots.settings.provision import specs
from crm_robots.settings.section import Section
from crm_robots.settings.statuses import replan_timers, statuses_in_use

SECTION = Section(
    ClientStatus,
    compile_client_status,
    fields=specs.client_status_fields,
    objections=statuses_in_use,
    after_publish=replan_timers,
)
