"""F2: a lost right is told once, through a channel that still works."""

from typing import Any

import pytest
from crm_robots.engine.access_notice import AccessNotice
from crm_robots.portal.errors import AccessLost, Busy, Denied, Refused
from crm_robots.shared.items import ItemRef
from crm_robots.shared.portal import PortalRules

LOST = AccessLost("tasks.task.add", "insufficient_scope", right='scope "task"')
REFUSED = Refused("crm.timeline.comment.add", "ACCESS_DENIED", "Access denied")
DENIED = Denied(REFUSED, ItemRef("company", 42))


class Messenger:
    """A portal that notifies, or refuses to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.told: list[int] = []
        self.texts: list[str] = []

    def call(self, method: str, params: dict[str, Any]) -> int:
        assert method == "im.notify.system.add"
        if self.error:
            raise self.error
        self.told.append(params["USER_ID"])
        self.texts.append(params["MESSAGE"])
        return 1


class Settings:
    def portal(self) -> PortalRules:
        return PortalRules("https://acme.bitrix24.example", "Europe/Moscow", "ru", (1, 5), 7)


class Desk:
    def __init__(self, dynamodb: Any, messenger: Messenger) -> None:
        self.messenger = messenger
        self.announced: list[str] = []
        self.now = 1_767_000_000.0
        self.notice = AccessNotice(
            dynamodb,
            "MemoryTable",
            lambda: messenger,  # type: ignore[arg-type, return-value]
            Settings(),  # type: ignore[arg-type]
            self.announced.append,
            lambda: self.now,
        )


@pytest.fixture
def desk(dynamodb: Any) -> Desk:
    return Desk(dynamodb, Messenger())


def test_f2_every_admin_hears_once_which_right_is_missing(desk):
    for _ in range(5):
        desk.notice(LOST)

    assert desk.messenger.told == [1, 5]
    assert len(desk.announced) == 1
    assert "task" in desk.announced[0]


def test_f2_the_topic_tells_when_the_portal_itself_is_out_of_reach(dynamodb):
    revoked = AccessLost("batch", "NO_AUTH_FOUND", right="incoming webhook: revoked or expired")
    desk = Desk(dynamodb, Messenger(revoked))

    desk.notice(revoked)

    assert len(desk.announced) == 1


def test_f2_another_right_is_another_message_and_a_day_later_so_is_the_same(desk):
    desk.notice(LOST)
    desk.notice(AccessLost("im.notify.system.add", "insufficient_scope", right='scope "im"'))
    desk.now += 25 * 3600
    desk.notice(LOST)

    assert len(desk.announced) == 3


@pytest.mark.parametrize("number", [42, 43])
def test_f2_a_denied_card_is_named_and_the_method_told_once(desk, number):
    """A denial of one card is no reason to say that nothing works; of a thousand there is one message."""
    desk.notice(DENIED)
    desk.notice(Denied(REFUSED, ItemRef("company", number)))

    (text,) = desk.announced
    assert "https://acme.bitrix24.example/crm/company/details/42/" in text
    assert "crm.timeline.comment.add" in text
    assert "с другими карточками роботы работают дальше" in text
    assert "[URL" not in text
    assert desk.messenger.texts[0].count("[URL=https://acme.bitrix24.example/crm/company/details/42/]") == 1


def test_f2_a_denial_that_is_about_no_card_is_told_as_before(desk):
    desk.notice(Denied(REFUSED, None))

    assert "не могут работать дальше" in desk.announced[0]


def test_a_busy_portal_is_no_lost_right(desk):
    desk.notice(Busy("batch", "QUERY_LIMIT_EXCEEDED"))
    assert desk.announced == []
