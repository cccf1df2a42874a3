"""The list of Bitrix24's queue addresses: read, kept, and gone by."""

import contextlib
import gzip
import json

import httpx
import pytest
from crm_robots.engine.gatekeeper import Caller, Gatekeeper
from crm_robots.portal.address_list import MOST_BYTES, fetch_list
from crm_robots.portal.gate import Sender
from crm_robots.portal.queue_addresses import GRACE_SECONDS, HOLDS_SECONDS, NoList, QueueAddresses, read_list
from hypothesis import given
from hypothesis import strategies as st

from tests.support.functions import load_function
from tests.support.tables import template

NOON = 1_767_000_000
HERE, THERE = "3.217.33.54", "52.29.163.104"
URL = "https://dl.bitrix24.example/webhook/app-world.json"


def published(*nodes):
    return json.dumps({"nodes": nodes}).encode()


def listed(*nodes, now=NOON):
    return QueueAddresses().followed_by(read_list(published(*nodes)), now)


def test_w4_a_webhook_passes_from_a_listed_address_alone():
    """W4: the list is a second lock beside the token."""
    addresses = listed(HERE, "2001:db8::/32", "198.51.100.0/24", f" {HERE} ")

    for address in (HERE, "2001:db8:1::7", "2001:DB8::1", "198.51.100.200"):
        assert addresses.refusal(address, NOON) == ""
    for address in (THERE, "2001:db9::1", "198.51.101.1", "", "nonsense", f"{HERE}, {THERE}", f"{HERE}:443"):
        assert "addresses of Bitrix24's queue" in addresses.refusal(address, NOON)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b"\xff",
        b'{"nodes":[]}',
        b'{"nodes":"3.217.33.54"}',
        b'{"nodes":{}}',
        b'{"nodes":[3]}',
        b'{"nodes":[null]}',
        b'{"nodes":["3.217.33.54", "queue.example"]}',
        b'{"nodes":["3.217.33.54", ""]}',
        b'{"nodes":["3.217.33.999"]}',
        b"[" * 60_000,
    ],
)
def test_an_empty_or_broken_list_is_none(body):
    with pytest.raises(NoList):
        read_list(body)


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: published(text)))
def test_nothing_that_is_published_breaks_the_reader(body):
    with contextlib.suppress(NoList):
        assert read_list(body)


def test_w4_an_address_that_left_the_list_is_let_in_for_an_hour():
    """W4: what a server that leaves has taken from the queue still arrives."""
    later = listed(HERE, THERE).followed_by((f"{HERE}/32",), NOON + 300).followed_by((f"{HERE}/32",), NOON + 600)

    assert later.left == {f"{THERE}/32": NOON}
    assert later.refusal(THERE, NOON + 600) == ""
    gone = later.followed_by(later.listed, NOON + GRACE_SECONDS + 1)
    assert gone.refusal(THERE, NOON + GRACE_SECONDS + 1)
    assert gone.followed_by((f"{THERE}/32",), NOON + 4000).left == {f"{HERE}/32": NOON + GRACE_SECONDS + 1}


def test_w4_a_list_that_is_old_or_missing_lets_everybody_in():
    """W4: an address may be in use that it does not know, and Bitrix24 never sends again."""
    addresses = listed(HERE)

    assert addresses.refusal(THERE, NOON + HOLDS_SECONDS)
    assert addresses.refusal(THERE, NOON + HOLDS_SECONDS + 1) == ""
    assert QueueAddresses().refusal(THERE, 0) == ""


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"at":1}', '{"at":1,"listed":["x"],"left":{}}', '{"at":1,"listed":3}']
)
def test_a_parameter_that_cannot_be_read_is_no_list(text):
    assert QueueAddresses.of(text) == QueueAddresses()


def test_a_list_comes_back_from_the_parameter_as_it_was():
    addresses = listed(HERE, THERE).followed_by(("2001:db8::/32",), NOON + 300)

    assert QueueAddresses.of(addresses.text()) == addresses


def test_a_parameter_holds_two_hundred_addresses():
    """AWS's limit is 8 KB."""
    many = listed(
        *(f"203.113.1{number:02}.{number}" for number in range(100)), *(f"10.113.113.{i}" for i in range(200))
    )

    assert len(many.text()) < 8192


def served(body=b"", status=200, **headers):
    return httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=headers)))


def test_the_list_is_fetched():
    assert fetch_list(served(published(HERE)), URL) == (f"{HERE}/32",)


@pytest.mark.parametrize(
    "http",
    [
        served(published(HERE), 404),
        served(published(HERE), 302, location="http://evil.example/"),
        served(b" " * MOST_BYTES + published(HERE)),
        served(gzip.compress(b" " * 10_000_000), **{"content-encoding": "gzip"}),
    ],
)
def test_what_is_no_list_or_too_long_is_not_taken(http):
    with pytest.raises(NoList):
        fetch_list(http, URL)


class Book:
    """What the function works with, in memory."""

    url = URL

    def __init__(self):
        self.http, self.held, self.asked = served(published(HERE)), QueueAddresses(), 0

    def kept(self):
        self.asked += 1
        return self.held

    def keep(self, addresses):
        self.held = addresses


@pytest.fixture
def book(monkeypatch):
    function, made = load_function("queue_addresses"), Book()
    monkeypatch.setattr(function, "address_book", lambda: made)
    monkeypatch.setattr(function.time, "time", lambda: made.now)
    made.now = float(NOON)
    made.fire = lambda: function.lambda_handler({}, Context())
    return made


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "queue-addresses"


def test_w4_a_list_that_cannot_be_had_leaves_the_kept_one(book):
    """W4: the schedule's try fails as a whole, so that Lambda tries again and an alarm hears of it."""
    book.fire()
    book.now += 300
    for broken in (served(b'{"nodes":[]}'), served(b"", 503), httpx.Client(transport=httpx.MockTransport(refuse))):
        book.http = broken
        with pytest.raises((NoList, httpx.HTTPError)):
            book.fire()

    assert book.held == listed(HERE)


def refuse(request):
    raise httpx.ConnectError("down")


def test_bitrix24_is_asked_no_more_than_once_a_minute(book):
    assert book.fire() == {"listed": 1, "left": 0, "at": NOON}
    book.http = served(published(THERE))

    book.now += 59
    assert book.fire()["at"] == NOON
    book.now += 1
    assert book.fire() == {"listed": 1, "left": 1, "at": NOON + 60}


class Parameters:
    """Parameter Store, and what was asked of it."""

    def __init__(self, **held):
        self.held = {f"/s/{name.replace('__', '/').replace('_', '-')}": value for name, value in held.items()}
        self.asked = []

    def get_parameters(self, Names, WithDecryption):  # noqa: N803 - the SDK's names
        self.asked.append(Names)
        rows = [{"Name": name, "Type": "String", "Version": 1, "Value": self.held.get(name)} for name in Names]
        return {"Parameters": [row for row in rows if row["Value"] is not None]}


def store(**more):
    secrets = {
        "secrets__application_tokens": "first",
        "state__queue_addresses": listed(HERE).text(),
    }
    return Parameters(**secrets | more)


def sender(token="first"):
    return Sender(token, "acme.example")


def keeper(parameters, *, by_address=True):
    return Gatekeeper(parameters, "s", clock=lambda: 0.0, by_address=by_address)


def test_w4_a_known_token_from_an_unknown_address_is_refused_and_counted(caplog):
    """W4: the alarm's filter in the template counts this very line, at any level of logging."""
    gate = keeper(store())

    assert gate.refusal(sender(), Caller(HERE, NOON)) == ""
    assert "addresses" in gate.refusal(sender(), Caller(THERE, NOON))
    (line,) = caplog.records
    pattern = template()["Resources"]["UnknownAddresses"]["Properties"]["FilterPattern"]
    assert (line.levelname, pattern) == ("ERROR", f'{{ $.message = "{line.getMessage()}" }}')


def test_w4_whoever_calls_from_elsewhere_learns_nothing_of_the_token(caplog):
    """W4: right or wrong, the answer is the same; and wrong ones ring no alarm."""
    gate = keeper(store())
    answers = {gate.refusal(sender(token), Caller(THERE, NOON)) for token in ("first", "wrong", "")}

    assert len(answers) == 1
    assert len(caplog.records) == 1


def test_w4_wrong_tokens_from_elsewhere_cost_no_reads():
    """W4: their answer needs none."""
    parameters = store()
    gate = keeper(parameters)
    for _ in range(50):
        gate.refusal(sender("wrong"), Caller(THERE, NOON))

    assert len(parameters.asked) == 1


@pytest.mark.parametrize("held", ["", "nonsense", listed(HERE, now=NOON - 601).text()])
def test_w4_without_a_list_to_go_by_the_token_decides(held):
    """W4: losing events is worse."""
    gate = keeper(store(state__queue_addresses=held))

    assert gate.refusal(sender(), Caller(THERE, NOON)) == ""
    assert "token" in gate.refusal(sender("wrong"), Caller(THERE, NOON))


def test_w4_a_stack_without_the_list_does_not_even_ask_for_it():
    """W4: what an earlier list left behind does not count."""
    parameters = store()

    assert keeper(parameters, by_address=False).refusal(sender(), Caller(THERE, NOON)) == ""
    assert "queue-addresses" not in str(parameters.asked)


def test_section_9_the_list_comes_along_with_the_secrets():
    """Section 9: no further call for a webhook."""
    parameters = store()
    gate = keeper(parameters)
    for _ in range(20):
        gate.refusal(sender(), Caller(HERE, NOON))

    assert [len(names) for names in parameters.asked] == [3]
