"""Tokens, the portal's names, and what is kept of them."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from crm_robots.engine.gatekeeper import Caller, Gatekeeper
from crm_robots.portal.gate import Gate, Sender
from crm_robots.portal.hosts import read_host
from crm_robots.records.parameters import ANY_HOST, MissingParameter, Parameters

GATE = Gate.of("first, second,")
TOKENS, HOSTS = "/s/secrets/application-tokens", "/s/state/portal-hosts"
ANYWHERE = Caller("203.0.113.7", 1_767_000_000.0)


def sender(token="first", domain="acme.bitrix24.example"):
    return Sender(token, domain)


@pytest.mark.parametrize("token", ["first", "second"])
@pytest.mark.parametrize("domain", ["acme.bitrix24.example", "crm.acme.example:8443", "", "no host at all"])
def test_w4_several_tokens_are_valid_at_once_whatever_host_is_named(token, domain):
    assert GATE.refusal(sender(token, domain)) == ""


@pytest.mark.parametrize("token", ["", "third", "first,second", "firs", "FIRST", "пароль", "\ud800"])
def test_w4_any_other_token_is_refused_and_not_repeated(token):
    """W4: 403, and W3: the token is never echoed."""
    refusal = GATE.refusal(sender(token))

    assert "token is unknown" in refusal
    assert "third" not in refusal


@pytest.mark.parametrize("tokens", ["", " , "])
def test_w4_with_no_tokens_stored_nobody_passes(tokens):
    assert Gate.of(tokens).refusal(sender(""))


def test_w4_no_hosts_in_the_settings_are_any():
    assert Gate.of("first", ANY_HOST).refusal(sender(domain="any.example")) == ""


@pytest.mark.parametrize(
    ("named", "domain", "passes"),
    [
        ("acme.example", "acme.example", True),
        ("acme.example", "ACME.Example.:8443", True),
        ("acme.example:8443", "acme.example:8443", True),
        ("acme.example:8443", "acme.example:8444", False),
        ("acme.example:8443", "acme.example", False),
        ("acme.example:443", "acme.example", True),
        ("црм.рф", "xn--l1ahr.xn--p1ai", True),
        ("xn--l1ahr.xn--p1ai", "ЦРМ.рф:80", True),
        ("[::1]:8600", "[::1]:8600", True),
        ("acme.example", "www.acme.example", False),
        ("acme.example", "acme.example.evil.example", False),
        ("acme.example", "evil.example, acme.example", False),
        ("acme.example", "acme.example/x", False),
        ("acme.example", "", True),
    ],
)
def test_w4_where_the_settings_name_hosts_another_one_is_refused(named, domain, passes):
    """W4: a name without a port covers every port; case and punycode make no difference; no host needs no match."""
    assert (Gate.of("first", named).refusal(sender(domain=domain)) == "") is passes


@pytest.mark.parametrize("text", ["", ":80", "a b", "a:port", "a:123456", "user@host", "пример..рф", "x" * 256, "a/b"])
def test_what_is_no_host_is_none(text):
    assert read_host(text) is None


class Store:
    """Parameter Store with what it holds, how often it was asked, and what was decrypted."""

    def __init__(self, **held):
        self.rows, self.asked, self.opened, self.broken = {}, 0, [], None
        self.put(TOKENS, "first")

    def put(self, name, value):
        self.rows[name] = value, self.rows.get(name, ("", 0))[1] + 1

    def get_parameters(self, Names, WithDecryption):  # noqa: N803 - the SDK's names
        self.asked += 1
        if self.broken:
            raise self.broken
        return {"Parameters": [self._row(name, WithDecryption) for name in Names if name in self.rows]}

    def _row(self, name, decrypted):
        value, version = self.rows[name]
        secret = "/secrets/" in name
        if secret and decrypted:
            self.opened.append(name)
        shown = value if decrypted or not secret else f"ciphertext of {version}"
        return {"Name": name, "Type": "SecureString" if secret else "String", "Version": version, "Value": shown}


class Clock:
    """Seconds that a test sets."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keeper(store, clock):
    return Gatekeeper(store, "s", clock)


def test_w4_a_token_works_from_its_first_use_and_wrong_ones_cost_few_reads(store, clock, keeper):
    assert keeper.refusal(sender("first"), ANYWHERE) == ""

    store.put(TOKENS, "first,second")
    assert keeper.refusal(sender("second"), ANYWHERE) == ""

    before = store.asked
    for _ in range(1000):
        clock.now += 0.005
        assert keeper.refusal(sender("wrong"), ANYWHERE)
    assert store.asked - before < 20


def test_w4_a_withdrawn_token_is_refused_within_seconds(store, clock, keeper):
    assert keeper.refusal(sender("first"), ANYWHERE) == ""

    store.put(TOKENS, "second")
    clock.now = 11

    assert keeper.refusal(sender("first"), ANYWHERE)


def test_w4_hosts_of_the_settings_are_obeyed_within_seconds(store, clock, keeper):
    assert keeper.refusal(sender(domain="other.example"), ANYWHERE) == ""

    store.put(HOSTS, "acme.bitrix24.example")
    clock.now = 11

    assert "portal.hosts" in keeper.refusal(sender(domain="other.example"), ANYWHERE)
    assert keeper.refusal(sender(), ANYWHERE) == ""


def test_section_9_a_secret_is_decrypted_once_and_again_when_it_changed(store, clock, keeper):
    """Section 9: reading is free, decrypting is not."""
    for clock.now in range(0, 3600, 5):
        assert keeper.refusal(sender(), ANYWHERE) == ""
    assert store.opened == [TOKENS]

    store.put(TOKENS, "first,other")
    clock.now += 11
    assert keeper.refusal(sender("other"), ANYWHERE) == ""
    assert store.opened == [TOKENS, TOKENS]


THROTTLED = ClientError({"Error": {"Code": "ThrottlingException"}}, "GetParameters")


@pytest.mark.parametrize("failure", [THROTTLED, EndpointConnectionError(endpoint_url="https://ssm.example")])
def test_w4_secrets_that_cannot_be_read_hold_for_an_hour_and_a_line_tells(store, clock, keeper, caplog, failure):
    assert keeper.refusal(sender(), ANYWHERE) == ""
    store.broken, before = failure, store.asked

    for clock.now in range(11, 3600, 5):
        assert keeper.refusal(sender(), ANYWHERE) == ""
    assert keeper.refusal(sender("wrong"), ANYWHERE)
    assert caplog.records[0].getMessage() == "the secrets cannot be read; the last ones hold"
    assert store.asked - before < 3600 / 30 + 2, "its time-outs would be paid by each webhook"

    clock.now = 3700
    with pytest.raises(type(failure)):
        keeper.refusal(sender(), ANYWHERE)


def test_w4_secrets_that_were_never_read_let_nobody_in(store, keeper):
    store.broken = THROTTLED
    with pytest.raises(ClientError):
        keeper.refusal(sender(), ANYWHERE)


def test_p6_a_robots_secret_is_renewed_within_a_minute_and_decrypted_when_it_changed(store, clock):
    parameters = Parameters(store, "s", clock)
    for clock.now in range(0, 600, 10):
        assert parameters.get("secrets/application-tokens") == "first"
    assert store.opened == [TOKENS]

    store.put(TOKENS, "second")
    clock.now += 61
    assert parameters.get("secrets/application-tokens") == "second"

    del store.rows[TOKENS]
    clock.now += 61
    with pytest.raises(MissingParameter):
        parameters.get("secrets/application-tokens")
