"""Four kinds of failure, told apart by code, then words, then status (docs/bitrix24.md, "Errors")."""

import pytest
from crm_robots.portal.errors import AccessLost, Busy, Gone, PortalError, Refused, error_of, error_of_status


@pytest.mark.parametrize(
    ("error", "text", "status", "kind"),
    [
        ("QUERY_LIMIT_EXCEEDED", "Too many requests", 503, Busy),
        ("OPERATION_TIME_LIMIT", "", 429, Busy),
        ("INTERNAL_SERVER_ERROR", "", 500, Busy),
        ("ERROR_UNEXPECTED_ANSWER", "", 500, Busy),
        ("SOMETHING_NEW", "", 502, Busy),
        ("OVERLOAD_LIMIT", "REST API is blocked due to overload.", 503, AccessLost),
        ("PORTAL_DELETED", "", 410, AccessLost),
        ("PORTAL_DELETED", "", 500, AccessLost),
        ("NO_AUTH_FOUND", "Wrong authorization data", 401, AccessLost),
        ("expired_token", "", 401, AccessLost),
        ("insufficient_scope", "", 403, AccessLost),
        ("insufficient_scope", "", 0, AccessLost),
        ("INVALID_CREDENTIALS", "", 401, AccessLost),
        ("ACCESS_DENIED", "REST is available only on commercial plans.", 403, AccessLost),
        ("ACCESS_DENIED", "Access denied.", 403, Refused),
        ("ACCESS_DENIED", "Application context required", 403, Refused),
        ("UPDATE_DYNAMIC_ITEM_RESTRICTED", "", 400, AccessLost),
        ("NOT_FOUND", "Element not found", 400, Gone),
        ("OWNER_NOT_FOUND", "", 400, Gone),
        ("", "Not found", 400, Gone),
        ("Not found", "", 400, Gone),
        (0, "Activity is not found", 400, Gone),
        ("0", "Access denied.", 400, Refused),
        ("Access denied.", "", 500, Refused),
        ("", "ID is not defined or invalid.", 500, Refused),
        ("100", "Could not find value for parameter {id}", 400, Refused),
        ("ERROR_METHOD_NOT_FOUND", "Method not found!", 404, Refused),
        ("ERROR_CORE", "User not found<br>", 400, Refused),
        ("CRM_FIELD_ERROR_REQUIRED", "", 400, Refused),
        ("CRM_FIELD_ERROR_REQUIRED", "Не заполнено поле «Тарифный план»", 400, Refused),
        ("WRONG_AUTH_TYPE", "", 403, Refused),
        ({"code": "NOT_FOUND", "message": "no such task"}, "", 400, Gone),
    ],
)
def test_the_kind_follows_code_then_words_then_status(error, text, status, kind):
    assert type(error_of("crm.item.get", error, text, status)) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, Busy), (302, Busy), (429, Busy), (500, Busy), (503, Busy), (401, AccessLost), (403, AccessLost)],
)
def test_without_json_only_the_status_is_left(status, kind):
    assert type(error_of_status("batch", status)) is kind


def test_f1_only_a_limit_is_certain_to_have_done_nothing():
    assert error_of("batch", "QUERY_LIMIT_EXCEEDED", "", 503).applied is False
    assert error_of("batch", "OPERATION_TIME_LIMIT", "", 429).applied is False
    assert error_of("batch", "INTERNAL_SERVER_ERROR", "", 500).applied is None
    assert error_of_status("batch", 503).applied is None


def test_f2_a_missing_scope_is_named():
    assert error_of("tasks.task.add", "insufficient_scope", "", 403).right == 'scope "task"'


def test_an_error_reads_as_method_code_and_plain_text():
    error = error_of("tasks.task.add", "ERROR_CORE", "No responsible<br>&laquo;x&raquo;", 400)
    assert str(error) == "tasks.task.add: ERROR_CORE: No responsible «x»"
    assert isinstance(error, PortalError)
