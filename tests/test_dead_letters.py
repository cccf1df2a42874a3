"""F1: one message to the admins about dead letters, until they are cleared."""

from crm_robots.engine.dead_letters import DeadLettersMemory, decide
from crm_robots.shared.actions import Notify
from crm_robots.shared.portal import PortalRules

PORTAL = PortalRules("https://acme.bitrix24.example", "Europe/Moscow", "ru", (1, 5), 7)


def test_f1_every_admin_hears_which_robot_gave_up_and_what_to_do():
    decision = decide({"routing": 2, "conversion": 0}, DeadLettersMemory(), PORTAL)

    assert [action.user_id for action in decision.actions if isinstance(action, Notify)] == [1, 5]
    assert "routing — 2" in decision.actions[0].text
    assert "robots redrive" in decision.actions[0].text
    assert decision.memory == DeadLettersMemory(("routing",))


def test_f1_the_same_dead_letters_are_not_told_twice():
    assert decide({"routing": 3}, DeadLettersMemory(("routing",)), PORTAL).actions == ()


def test_f1_another_robots_dead_letters_are_news():
    assert decide({"routing": 3, "conversion": 1}, DeadLettersMemory(("routing",)), PORTAL).actions


def test_f1_letters_that_were_cleared_may_be_told_of_again():
    cleared = decide({"routing": 0}, DeadLettersMemory(("routing",)), PORTAL)

    assert cleared.actions == ()
    assert decide({"routing": 1}, cleared.memory, PORTAL).actions
