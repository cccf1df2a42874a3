"""Why a robot did something: its rule in a sentence."""

from collections.abc import Mapping

from crm_robots.robots.client_status import texts_en as client_status_en
from crm_robots.robots.client_status import texts_ru as client_status_ru
from crm_robots.robots.conversion import texts_en as conversion_en
from crm_robots.robots.conversion import texts_ru as conversion_ru
from crm_robots.robots.lost_deal import texts_en as lost_deal_en
from crm_robots.robots.lost_deal import texts_ru as lost_deal_ru
from crm_robots.robots.qualification import texts_en as qualification_en
from crm_robots.robots.qualification import texts_ru as qualification_ru
from crm_robots.robots.routing import texts_en as routing_en
from crm_robots.robots.routing import texts_ru as routing_ru

type Sentences = Mapping[str, Mapping[str, str]]
"""By language and rule."""

_CLIENT_STATUS = {"ru": client_status_ru.WHY, "en": client_status_en.WHY}
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
    "qualification": {"ru": qualification_ru.WHY, "en": qualification_en.WHY},
    "conversion": {"ru": conversion_ru.WHY, "en": conversion_en.WHY},
    "routing": {"ru": routing_ru.WHY, "en": routing_en.WHY},
    "lost-deal": {"ru": lost_deal_ru.WHY, "en": lost_deal_en.WHY},
    "client-status": _CLIENT_STATUS,
    "daily-run": _CLIENT_STATUS,
}


def why(robot: str, rule: str, language: str) -> str:
    """The sentence; the rule's name where it has none."""
    return _TABLES.get(robot, _OTHERS).get(language, {}).get(rule) or _OTHERS[language].get(rule, rule)
