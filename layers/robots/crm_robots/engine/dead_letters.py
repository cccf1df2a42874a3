"""F1: dead letters are told to the admins once, until somebody has cleared them."""

from collections.abc import Mapping

import msgspec

from crm_robots.shared.actions import Notify
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.markup import Markup
from crm_robots.shared.portal import PortalRules

_TEXTS = {
    "ru": (
        "Роботы CRM отложили события, с которыми не справились: {list}. Ничего не потеряно. "
        "Когда причина устранена, верните их в работу командой robots redrive."
    ),
    "en": (
        "The CRM robots put aside events that they could not work off: {list}. Nothing is lost. "
        "Once the cause is mended, put them back to work with robots redrive."
    ),
}


class DeadLettersMemory(msgspec.Struct, frozen=True):
    """Which robots' dead letters the admins know of."""

    told: tuple[str, ...] = ()


def decide(waiting: Mapping[str, int], memory: DeadLettersMemory, portal: PortalRules) -> Decision:
    """`waiting`: dead letters by robot. Robots whose letters were cleared may be told of again later."""
    stuck = {robot: count for robot, count in waiting.items() if count}
    seen = DeadLettersMemory(tuple(sorted(stuck)))
    if set(stuck) <= set(memory.told):
        return Decision(seen)
    listed = ", ".join(f"{robot} — {count}" for robot, count in sorted(stuck.items()))
    text = Markup(_TEXTS[portal.language]).format(list=listed)
    return Decision(seen, step(*(Notify(user_id=admin, text=text, rule="F1") for admin in portal.admins)))
