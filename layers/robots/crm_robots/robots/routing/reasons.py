"""Why somebody got a service, in a few words."""

from collections.abc import Sequence

from crm_robots.robots.routing.memory import Draw
from crm_robots.robots.routing.words import WORDS
from crm_robots.shared.items import ItemRef
from crm_robots.shared.people import Directory
from crm_robots.shared.portal import PortalRules


def why(draw: Draw, portal: PortalRules) -> str:
    """The reason behind one draw: `by lot, one of 3`."""
    words = WORDS[portal.language]
    if draw.way == "client":
        deal = portal.link(ItemRef("deal", draw.client_deal or 0), draw.client_deal_title)
        is_away = any(one.user == draw.manager for one in draw.left_out)
        return words["client_away" if is_away else "client"].format(deal=deal)
    if draw.lack:
        return words[draw.way].format(lack=words[draw.lack].format(department=draw.department_name))
    key = "only" if len(draw.eligible) == 1 else draw.way
    number = draw.numbers.get(draw.manager, 0)
    return words[key].format(count=len(draw.eligible), department=draw.department_name, number=number)


def absent_people(draws: Sequence[Draw], directory: Directory) -> list[str]:
    """Names of those who were left out because they are away."""
    away = {one.user for draw in draws for one in draw.left_out if one.why == "absent"}
    taken = {draw.manager for draw in draws}
    return sorted(directory.name(user) for user in away - taken)
