"""The `portal` section, compiled."""

from importlib.resources import files

from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.portal_section import Portal
from crm_robots.shared.portal import PortalRules


def compile_portal(section: Portal, facts: PortalFacts) -> PortalRules:
    """The administrators' ids, and the portal's address for links."""
    admins = [facts.user(f"admins.{place}", name).id for place, name in enumerate(section.admins)]
    return PortalRules(
        url=facts.data.origin,
        timezone=section.timezone,
        language=section.language,
        admins=tuple(dict.fromkeys(admins)),
        webhook_user_id=facts.data.webhook_user_id,
        country=country_of(section.timezone),
        hosts=tuple(dict.fromkeys(section.hosts)),
    )


def country_of(timezone: str) -> str:
    """The country of a time zone by the tz database; Russia where a zone has none, as `UTC`."""
    rows = (line.split("\t") for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text().splitlines())
    return next((row[0] for row in rows if row[2:3] == [timezone]), "RU")
