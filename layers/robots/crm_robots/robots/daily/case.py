"""What the day's run knows beside the client at hand."""

from datetime import date

import msgspec

from crm_robots.robots.client_status.timer import Calendar
from crm_robots.shared.people import Directory
from crm_robots.shared.portal import PortalRules


class Case(msgspec.Struct, frozen=True):
    """What is the same for all clients of a run."""

    day: date
    calendar: Calendar
    portal: PortalRules
    directory: Directory
