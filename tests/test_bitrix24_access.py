"""Which boxes of the incoming webhook are not ticked, in words."""

from crm_robots.portal.access import RIGHTS, in_words, is_dispensable, missing_rights, scope_of
from crm_robots.portal.errors import error_of
from crm_robots.robots.lost_deal import ROW as LOST_DEAL
from crm_robots.robots.registry import ROWS
from crm_robots.robots.routing import ROW as ROUTING

ALL = {scope for row in ROWS for scope in row.scopes}


def test_f2_missing_scopes_are_listed_for_the_robots_in_use():
    assert [right.scope for right in missing_rights(["crm", "user", "im"], LOST_DEAL.scopes)] == []
    missing = missing_rights(["crm", "user", "im"], ROUTING.scopes)
    assert [(right.scope, right.needed) for right in missing] == [
        ("department", True),
        ("task", True),
        ("calendar", False),
    ]


def test_a_narrower_scope_serves_as_well():
    assert "user" not in {right.scope for right in missing_rights(["user_brief"], ALL)}


def test_everything_granted_leaves_nothing_missing():
    assert missing_rights((right.scope.upper() for right in RIGHTS), ALL) == []


def test_every_scope_of_a_robots_row_has_words():
    assert {right.scope for right in RIGHTS} == ALL


def test_methods_know_their_scope():
    methods = ["crm.item.get", "tasks.task.add", "voximplant.statistic.get", "profile"]
    assert [scope_of(method) for method in methods] == ["crm", "task", "telephony", "basic"]


def test_f2_a_lost_right_has_words_in_both_languages():
    scope = error_of("tasks.task.add", "insufficient_scope", "", 403).right
    assert "Задачи (task)" in in_words(scope, "ru")
    assert "Tasks (task)" in in_words(scope, "en")
    revoked = error_of("batch", "NO_AUTH_FOUND", "", 401).right
    assert in_words(revoked, "ru") == "входящий вебхук: отозван или истёк"
    assert in_words(revoked, "en") == revoked


def test_f2_a_right_that_robots_can_do_without_holds_nothing_up():
    assert is_dispensable('scope "calendar"')
    assert not is_dispensable('scope "crm"')
