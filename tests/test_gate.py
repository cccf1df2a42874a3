"""Tokens and portals."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from crm_robots.portal.events import Webhook
from crm_robots.portal.gate import Gate
from crm_robots.portal.rename import new_host
from crm_robots.records.gatekeeper import Caller, Gatekeeper

GATE = Gate.of("https://Acme.bitrix24.example/rest/7/secret/", "first, second,", "new.bitrix24.example")

ANYWHERE = Caller("203.0.113.7", 1_767_000_000.0)


def webhook(token="first", domain="acme.bitrix24.example"):
    return Webhook(event="ONCRMLEADADD", item="lead:1", ts=1, domain=domain, token=token)


@pytest.mark.parametrize("token", ["first", "second"])
def test_w4_several_tokens_are_valid_at_once(token):
    assert GATE.refusal(webhook(token), "") == ""


@pytest.mark.parametrize("token", ["", "third", "first,second", "firs", "FIRST", "пароль", "\ud800"])
def test_w4_any_other_token_is_refused_and_not_repeated(token):
    """W4: 403, and W3: the token is never echoed."""
    refusal = GATE.refusal(webhook(token), "")

    assert "token is unknown" in refusal
    assert "third" not in refusal


def test_w4_with_no_tokens_stored_nobody_passes():
    assert Gate.of("https://acme.bitrix24.example/rest/7/x/", " , ").refusal(webhook(""), "")


@pytest.mark.parametrize("domain", ["ACME.bitrix24.example", "acme.bitrix24.example:443", "new.bitrix24.example"])
def test_w4_the_portal_is_known_by_its_host_and_by_the_one_it_moved_to(domain):
    assert GATE.refusal(webhook(domain=domain), "") == ""


@pytest.mark.parametrize("domain", ["evil.example", "acme.bitrix24.example.evil.example", "bitrix24.example"])
def test_w4_another_portal_is_refused(domain):
    assert "portal" in GATE.refusal(webhook(domain=domain), "")


def test_w4_two_portals_on_one_host_are_told_apart_by_port():
    gate = Gate.of("http://127.0.0.1:8600/rest/1/x/", "first")

    assert gate.refusal(webhook(domain="127.0.0.1:8600"), "") == ""
    assert gate.refusal(webhook(domain="127.0.0.1"), "") == ""
    assert gate.refusal(webhook(domain="127.0.0.1:8601"), "")


def test_w2_a_token_in_the_address_counts_where_bitrix24_sends_none_and_the_portal_must_be_named():
    assert GATE.refusal(webhook(token=""), "second") == ""
    assert "portal" in GATE.refusal(webhook(token="", domain=""), "second")
    assert "token is unknown" in GATE.refusal(webhook(token="wrong"), "second")


class Parameters:
    """Parameter Store with what it holds and how often it was asked."""

    def __init__(self):
        self.held = {"/s/secrets/portal-webhook": "https://acme.bitrix24.example/rest/7/x/"}
        self.reads = 0

    def get_parameters(self, Names, WithDecryption):  # noqa: N803 - the SDK's names
        self.reads += 1
        return {"Parameters": [{"Name": name, "Value": self.held[name]} for name in Names if name in self.held]}


def test_w4_a_token_works_from_its_first_use_and_wrong_ones_cost_few_reads():
    parameters, now = Parameters(), [0.0]
    keeper = Gatekeeper(parameters, "s", clock=lambda: now[0], moved=lambda _: "")
    parameters.held["/s/secrets/application-tokens"] = "first"
    assert keeper.refusal(webhook("first"), "", ANYWHERE) == ""

    parameters.held["/s/secrets/application-tokens"] = "first,second"
    assert keeper.refusal(webhook("second"), "", ANYWHERE) == ""
    assert parameters.reads == 2

    for _ in range(1000):
        now[0] += 0.005
        assert keeper.refusal(webhook("wrong"), "", ANYWHERE)
    assert parameters.reads < 20


def test_w4_a_portal_that_was_just_renamed_is_let_in_at_once():
    parameters = Parameters()
    keeper = Gatekeeper(parameters, "s", clock=lambda: 0.0, moved=lambda _: "")
    parameters.held["/s/secrets/application-tokens"] = "first"
    assert keeper.refusal(webhook(domain="new.example"), "", ANYWHERE)

    parameters.held["/s/state/portal-host"] = "new.example"

    assert keeper.refusal(webhook(domain="new.example"), "", ANYWHERE) == ""


def test_w4_a_renamed_portal_is_asked_for_its_new_name_when_its_event_comes_first():
    parameters, now, asked = Parameters(), [0.0], []
    parameters.held["/s/secrets/application-tokens"] = "first"
    keeper = Gatekeeper(parameters, "s", lambda: now[0], moved=lambda url: asked.append(url) or "new.example")

    assert keeper.refusal(webhook("wrong", "new.example"), "", ANYWHERE)
    assert asked == []  # nobody without a token makes us call anyone
    assert keeper.refusal(webhook(domain="new.example"), "", ANYWHERE) == ""
    assert asked == ["https://acme.bitrix24.example/rest/7/x/"]

    for _ in range(100):
        now[0] += 0.1
        assert keeper.refusal(webhook(domain="evil.example"), "", ANYWHERE)
        assert keeper.refusal(webhook(domain="new.example"), "", ANYWHERE) == ""
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("status", "location", "host"),
    [
        (302, "http://127.0.0.1:9/rest/7/x/server.time", "127.0.0.1:9"),
        (302, "https://new.example/rest/7/x/server.time", "new.example"),
        (302, "ftp://new.example/", ""),
        (200, "http://new.example/", ""),
        (302, "", ""),
    ],
)
def test_w4_a_redirect_tells_the_new_name(status, location, host):
    class Moved(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(status)
            self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Moved) as portal:
        Thread(target=portal.handle_request, daemon=True).start()
        assert new_host(f"http://127.0.0.1:{portal.server_port}/rest/7/x/") == host


def test_w4_a_portal_that_does_not_answer_has_no_new_name():
    assert new_host("http://127.0.0.1:9/rest/7/x/") == ""


def test_w4_a_withdrawn_token_is_refused_within_seconds():
    parameters, now = Parameters(), [0.0]
    keeper = Gatekeeper(parameters, "s", clock=lambda: now[0], moved=lambda _: "")
    parameters.held["/s/secrets/application-tokens"] = "first"
    assert keeper.refusal(webhook("first"), "", ANYWHERE) == ""

    parameters.held["/s/secrets/application-tokens"] = "second"
    now[0] = 11

    assert keeper.refusal(webhook("first"), "", ANYWHERE)
