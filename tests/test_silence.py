"""F4, D7: messages cannot be looked up, so it matters what counts as no answer."""

from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from crm_robots.engine.executor import Executor
from crm_robots.engine.patience import wait
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.errors import Busy
from crm_robots.portal.limiter import LocalLimiter
from crm_robots.shared.actions import AddComment, Notify
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import ItemRef
from crm_robots.shared.plan import Cause, Record
from crm_robots.shared.words.values import Words


@pytest.mark.parametrize(("status", "sent"), [(504, 1), (502, 2), (500, 2), (503, 2)])
def test_a_message_behind_a_gateways_time_out_is_not_sent_again_and_one_that_failed_is(status: int, sent: int) -> None:
    """Found by simulation, seed 3016: the day's letter was written twice."""
    answers = [httpx.Response(status, text="<html></html>"), httpx.Response(200, json=_done())]
    asked: list[bytes] = []

    def portal(request: httpx.Request) -> httpx.Response:
        asked.append(request.read())
        return answers[len(asked) - 1]

    http = httpx.Client(transport=httpx.MockTransport(portal))
    bitrix24 = Bitrix24("https://p.example/rest/1/x/", http, LocalLimiter(), sleep=lambda _: None)
    keeper: Any = SimpleNamespace(save=lambda record: None, write=list, words=Words)
    executor, record = Executor(bitrix24, keeper, keeper), Record("lead:17", "watch")

    failures = executor.perform(
        [(record, Decision({}, step(Notify(user_id=5, text="Пора"))), Cause("schedule", "lead:17", 1))]
    )
    assert list(failures) == ["lead:17"]
    assert executor.resume([record]) == {}

    assert len(asked) == sent
    assert record.plan is None


def _done() -> dict[str, Any]:
    result = {"result": {"p0_step0_0": 9}, "result_error": {}, "result_total": {}, "result_next": {}, "result_time": {}}
    return {"result": result, "time": {}}


@pytest.mark.parametrize(
    ("failure", "seconds"),
    [
        (httpx.ReadTimeout("x"), 60),
        (httpx.Response(504, text="<html></html>"), 60),
        (httpx.RemoteProtocolError("x"), None),
        (httpx.Response(502, text="<html></html>"), None),
    ],
)
def test_f4_what_took_too_long_is_looked_for_when_the_portal_must_be_done_with_it(failure: Any, seconds: Any) -> None:
    """F4: a portal goes on with what it no longer answers; who looked at once found nothing and made it twice."""

    def portal(_request: httpx.Request) -> httpx.Response:
        if isinstance(failure, Exception):
            raise failure
        return failure  # type: ignore[no-any-return]

    http = httpx.Client(transport=httpx.MockTransport(portal))
    bitrix24 = Bitrix24("https://p.example/rest/1/x/", http, LocalLimiter(), sleep=lambda _: None)
    keeper: Any = SimpleNamespace(save=lambda record: None, write=list, words=Words)
    comment = AddComment(ItemRef("lead", 17), "Готово", rule="Q4")

    failures = Executor(bitrix24, keeper, keeper).perform(
        [(Record("lead:17", "qualification"), Decision({}, step(comment)), Cause("", "lead:17", 1))]
    )

    error = failures["lead:17"]
    assert isinstance(error, Busy)
    assert error.retry_after == seconds
    assert wait(error, receives=1, waited=0, chance=0) == (61 if seconds else 4)
