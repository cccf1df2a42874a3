"""One portal behind httpx.MockTransport: what is sent, what is repeated, what is never said."""

import contextlib
import json
import traceback

import httpx
import pytest
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command
from crm_robots.portal.errors import AccessLost, Busy, Gone
from crm_robots.portal.redirects import is_family

URL = "https://acme.bitrix24.example/rest/7/s3cr3tc0de"
GET = Command("crm.item.get", {"entityTypeId": 1, "id": 481})
NOW = 1_767_000_000.0


class Free:
    """A limiter that lets everything pass and remembers what it was told."""

    def __init__(self):
        self.waits, self.told = [], []

    def wait(self, methods, *, background=False):
        self.waits.append(set(methods))

    def learn(self, method, operating, operating_reset_at):
        self.told.append(("learn", method, operating, operating_reset_at))

    def park(self, method, until):
        self.told.append(("park", method, until))

    def pause(self, seconds):
        self.told.append(("pause", seconds))


class Portal:
    """Answers in order; the last answer stays. Keeps what it was asked."""

    def __init__(self, *answers):
        self.answers, self.requests = list(answers), []
        self.limiter, self.slept = Free(), []

    def __call__(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, body, *headers = answer
        if isinstance(body, str):
            return httpx.Response(status, text=body, headers=headers[0] if headers else None)
        return httpx.Response(status, json=body, headers=headers[0] if headers else None)

    def client(self):
        http = httpx.Client(transport=httpx.MockTransport(self))
        return Bitrix24(URL, http, self.limiter, sleep=self.slept.append, clock=lambda: NOW)


def batch(result, **parts):
    return 200, {"result": {"result": result} | parts, "time": {}}


LIMIT = (503, {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"})


def test_a_call_posts_json_and_unwraps_the_result():
    portal = Portal((200, {"result": {"item": {"id": 481}}}))
    assert portal.client().call("crm.item.get", {"id": 481, "x": []}) == {"item": {"id": 481}}
    (request,) = portal.requests
    assert str(request.url) == f"{URL}/crm.item.get"
    assert json.loads(request.content) == {"id": 481, "x": []}


def test_a_batch_is_one_request():
    portal = Portal(batch({"a": {"item": {"id": 481}}}))
    replies = portal.client().batch({"a": GET}, halt=True)
    assert replies["a"].result == {"item": {"id": 481}}
    assert json.loads(portal.requests[0].content) == {
        "halt": 1,
        "cmd": {"a": "crm.item.get?entityTypeId=1&id=481"},
    }
    assert portal.limiter.waits == [{"crm.item.get"}]


def test_an_error_that_comes_with_http_200_is_an_error():
    portal = Portal((200, {"error": "", "error_description": "Not found"}))
    with pytest.raises(Gone, match=r"crm\.lead\.get: Not found"):
        portal.client().call("crm.lead.get", {"id": 1})


def test_f1_a_full_bucket_is_waited_for_and_tried_again():
    portal = Portal(LIMIT, LIMIT, batch({"a": 1}))
    assert portal.client().batch({"a": GET})["a"].result == 1
    assert len(portal.requests) == 3
    assert ("pause", 1.0) in portal.limiter.told
    assert 0 < sum(portal.slept) < 10


def test_f1_a_bucket_that_stays_full_is_raised_after_seconds():
    portal = Portal(LIMIT)
    with pytest.raises(Busy) as caught:
        portal.client().batch({"a": GET})
    assert caught.value.applied is False
    assert sum(portal.slept) <= 10


@pytest.mark.parametrize(
    ("failure", "applied", "requests"),
    [
        (httpx.ConnectError("x"), False, 5),
        (httpx.ConnectTimeout("x"), False, 5),
        (httpx.ReadTimeout("x"), None, 1),
        (httpx.WriteError("x"), None, 1),
        (httpx.RemoteProtocolError("x"), None, 1),
        ((502, "<html>Bad gateway</html>"), None, 1),
        ((200, "<html>"), None, 1),
        ((200, ""), None, 1),
        ((200, '{"result": NaN}'), None, 1),
        ((200, "[]"), None, 1),
        ((500, {"error": "INTERNAL_SERVER_ERROR"}), None, 1),
        ((429, {"error": "OPERATION_TIME_LIMIT"}), False, 1),
    ],
)
def test_only_what_was_certainly_not_executed_is_repeated(failure, applied, requests):
    portal = Portal(failure)
    with pytest.raises(Busy) as caught:
        portal.client().batch({"a": GET})
    assert caught.value.applied is applied
    assert len(portal.requests) == requests


def test_a_method_over_its_time_is_parked_until_the_portals_own_clock_says_so():
    """The refusal tells nothing; the last answer that succeeded told when the method's window ends."""
    time = {"finish": 5_000.0, "operating": 400.0, "operating_reset_at": 5_090}
    portal = Portal((200, {"result": 1, "time": time}), (429, {"error": "OPERATION_TIME_LIMIT"}))
    client = portal.client()
    client.call("crm.item.list")
    with pytest.raises(Busy) as caught:
        client.call("crm.item.list")
    assert caught.value.retry_after == 90
    assert portal.limiter.told == [
        ("learn", "crm.item.list", 400.0, NOW + 90),
        ("park", "crm.item.list", NOW + 90),
    ]


def test_in_a_batch_only_the_method_over_its_time_fails():
    errors = {"a": {"error": "OPERATION_TIME_LIMIT", "error_description": ""}}
    portal = Portal(batch({"b": 1}, result_error=errors))
    replies = portal.client().batch({"a": GET, "b": GET})
    assert isinstance(replies["a"].error, Busy)
    assert replies["b"].result == 1
    assert portal.limiter.told == [("park", "crm.item.get", NOW + 60)]


def test_a_bare_429_is_a_limit_too():
    portal = Portal((429, "<html>slow down</html>", {"retry-after": "2"}), batch({"a": 1}))
    assert portal.client().batch({"a": GET})["a"].result == 1
    assert portal.limiter.told == [("pause", 2.0)]


def test_d8_the_limiter_learns_how_long_a_method_has_run():
    spent = {"operating": 12.5, "operating_reset_at": 1_100, "finish": 1_000.0, "duration": 0.2}
    portal = Portal(batch({"a": 1}, result_time={"a": spent}))
    portal.client().batch({"a": GET})
    assert portal.limiter.told == [("learn", "crm.item.get", 12.5, NOW + 100)]


def test_f2_an_overloaded_portal_is_not_asked_again():
    portal = Portal((503, {"error": "OVERLOAD_LIMIT"}))
    with pytest.raises(AccessLost):
        portal.client().batch({"a": GET})
    assert len(portal.requests) == 1
    assert portal.limiter.told == [("pause", 300.0)]


def redirect(location):
    return (302, "<html>moved</html>", {"location": location})


NEW_HOST = "https://new.bitrix24.example"


def test_a_renamed_portal_gets_the_same_body_at_its_new_host():
    portal = Portal(redirect(f"{NEW_HOST}/rest/7/s3cr3tc0de/batch"), batch({"a": 1}))
    client = portal.client()
    client.batch({"a": GET})
    client.batch({"a": GET})
    first, second, third = portal.requests
    assert (second.method, second.url.host, second.content) == ("POST", "new.bitrix24.example", first.content)
    assert second.url.path == first.url.path
    assert third.url.host == client.host == "new.bitrix24.example"


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/rest/7/s3cr3tc0de/batch",
        "https://acme.bitrix24.example.evil.example/rest/7/s3cr3tc0de/batch",
        "https://evilbitrix24.example/rest/7/s3cr3tc0de/batch",
        "http://new.bitrix24.example/rest/7/s3cr3tc0de/batch",
        "https://new.bitrix24.example/login",
        "https://new.bitrix24.example/rest/7/s3cr3tc0de/batch/",
        "https://acme.bitrix24.example@evil.example/rest/7/s3cr3tc0de/batch",
        "/auth/?backurl=/rest/",
        "//evil.example/rest/7/s3cr3tc0de/batch",
        "https://[broken/",
        "",
    ],
)
def test_section_10_no_other_redirect_gets_the_secret_and_it_is_an_outage_that_names_where_it_leads(location):
    """Section 10: a sign-on page, a proxy or a page of maintenance gets neither the path nor the body."""
    portal = Portal(redirect(location), batch({"a": 1}))
    client = portal.client()

    with pytest.raises(Busy, match="redirects its API to") as caught:
        client.batch({"a": GET})

    assert caught.value.applied is False
    assert "s3cr3tc0de" not in str(caught.value)
    assert {request.url.host for request in portal.requests} == {"acme.bitrix24.example"}
    assert client.batch({"a": GET})["a"].result == 1  # it is over as soon as the portal answers again


@pytest.mark.parametrize(
    "failure", [(503, "down"), httpx.ConnectError("gone"), httpx.ReadTimeout("slow"), redirect("https://a.example/")]
)
def test_f1_the_configured_host_is_asked_again_when_the_new_one_fails(failure):
    portal = Portal(redirect(f"{NEW_HOST}/rest/7/s3cr3tc0de/batch"), failure, batch({"a": 1}))
    client = portal.client()

    with contextlib.suppress(Busy):
        client.batch({"a": GET})
    client.batch({"a": GET})

    assert [request.url.host for request in portal.requests[:3]] == [
        "acme.bitrix24.example",
        "new.bitrix24.example",
        "acme.bitrix24.example",
    ]


@pytest.mark.parametrize(
    ("one", "other", "are_family"),
    [
        ("acme.bitrix24.ru", "acme-2.bitrix24.ru", True),
        ("acme.example", "www.acme.example", True),
        ("crm.acme.co.uk", "b24.acme.co.uk", True),
        ("acme.co.uk", "evil.co.uk", False),
        ("acme.ru", "evil.ru", False),
        ("acme.bitrix24.ru", "acme.bitrix24.com", False),
        ("10.0.0.7", "10.0.0.8", False),
        ("crm", "crm.evil.example", False),
    ],
)
def test_which_hosts_are_one_family(one, other, are_family):
    assert is_family(one, other) is are_family


def test_a_portal_that_sends_us_in_circles_is_followed_once():
    portal = Portal(*(redirect(f"https://{name}.bitrix24.example/rest/7/s3cr3tc0de/batch") for name in "bc"))
    with pytest.raises(Busy):
        portal.client().batch({"a": GET})
    assert len(portal.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout(f"timed out: {URL}"),
        (404, f"<html>{URL}/batch was not found</html>"),
        (400, {"error": "INVALID_REQUEST", "error_description": f"bad address {URL}/batch"}),
    ],
)
def test_p6_no_failure_tells_the_webhooks_secret(answer):
    try:
        Portal(answer).client().batch({"a": GET})
    except Exception:
        told = traceback.format_exc()
    assert "s3cr3tc0de" not in told


def test_an_endless_answer_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr("crm_robots.portal.transport.MOST_BYTES", 10)
    with pytest.raises(Busy, match="TOO_LARGE"):
        Portal(batch({"a": "x" * 100})).client().batch({"a": GET})


@pytest.mark.parametrize("url", ["acme.bitrix24.example", "ftp://acme/rest/7/x", "https:///rest", "http://a:x/"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url):
    with pytest.raises(AccessLost, match="incoming webhook's address") as caught:
        Bitrix24(url, httpx.Client(), Free())
    assert url not in str(caught.value)


def test_links_begin_with_the_portals_origin():
    client = Bitrix24("http://127.0.0.1:8600/rest/1/x/", httpx.Client(), Free())
    assert (client.host, client.origin) == ("127.0.0.1:8600", "http://127.0.0.1:8600")


TIME = {"finish": 5_000.0, "operating": 1.5, "operating_reset_at": 5_600}


@pytest.mark.parametrize("code", ["QUERY_LIMIT_EXCEEDED", "INTERNAL_SERVER_ERROR"])
def test_f1_only_a_method_that_used_its_time_up_waits_for_the_end_of_its_window(code):
    """F1: every reply says when its method's window ends; a hiccup is no reason to stand still for ten minutes."""
    alone = Portal((503, {"error": code, "time": TIME}))
    with pytest.raises(Busy) as caught:
        alone.client().call("crm.item.list")
    within = Portal(batch([], result_error={"a": {"error": code}}, result_time={"a": TIME}))
    reply = within.client().batch({"a": GET})["a"]

    assert caught.value.retry_after is None
    assert isinstance(reply.error, Busy)
    assert reply.error.retry_after is None
    assert {told for told in alone.limiter.told + within.limiter.told if told[0] == "pause"} <= {("pause", 1.0)}


def test_f1_a_function_whose_time_is_over_asks_no_further():
    """F1, F4: Lambda ends it in the middle of a request otherwise, and its events are hidden for minutes."""
    portal, answers = Portal(httpx.ReadTimeout("x")), iter([True, False])
    http = httpx.Client(transport=httpx.MockTransport(portal))
    bitrix24 = Bitrix24(URL, http, portal.limiter, sleep=portal.slept.append, has_time=lambda: next(answers))

    with pytest.raises(Busy, match="time is nearly over") as caught:
        bitrix24.together({"a": GET})

    assert caught.value.applied is False
    assert len(portal.requests) == 1
