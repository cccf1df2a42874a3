"""Why a robot did something: its rule in a sentence."""

from collections.abc import Mapping

from crm_robots.robots.client_status.why import WHY as CLIENT_STATUS
from crm_robots.robots.conversion.why import WHY as CONVERSION
from crm_robots.robots.lost_deal.why import WHY as LOST_DEAL
from crm_robots.robots.qualification.why import WHY as QUALIFICATION
from crm_robots.robots.routing.why import WHY as ROUTING

type Sentences = Mapping[str, Mapping[str, str]]
"""By language and rule."""

_OTHERS = {
    "ru": {
        "T3": "Администратор отменил действия роботов.",
        "F1": "Администраторам сообщается о работе, которую роботы не смогли закончить.",
        "P8": "Администраторам сообщается, чего из настроек больше нет на портале.",
    },
    "en": {
        "T3": "An administrator took the robots' actions back.",
        "F1": "Admins are told of work that the robots could not finish.",
        "P8": "Admins are told what the settings name and the portal has no more.",
    },
}
_TABLES: Mapping[str, Sentences] = {
    "qualification": QUALIFICATION,
    "conversion": CONVERSION,
    "routing": ROUTING,
    "lost-deal": LOST_DEAL,
    "client-status": CLIENT_STATUS,
    "daily-run": CLIENT_STATUS,
}


def why(robot: str, rule: str, language: str) -> str:
    """The sentence; the rule's name where it has none."""
    return _TABLES.get(robot, _OTHERS).get(language, {}).get(rule) or _OTHERS[language].get(rule, rule)
