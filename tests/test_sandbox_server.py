"""The portal behind a socket: REST, the sandbox's own API, deliveries, and the directory of parties."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import httpx
import pytest

from sandbox.portal.core import Portal
from sandbox.seed import Company
from tests.support.served import served


@pytest.fixture
def web(portal: Portal, office: Company) -> Iterator[httpx.Client]:
    """An HTTP client of the portal's root."""
    with served(portal) as address, httpx.Client(base_url=address, timeout=5) as client:
        yield client


class Robots(BaseHTTPRequestHandler):
    """Takes events down."""

    forms: list[dict[str, list[str]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.forms.append(parse_qs(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def robots() -> Iterator[HTTPServer]:
    Robots.forms = []
    server = HTTPServer(("127.0.0.1", 0), Robots)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def wait_for(condition: object) -> None:
    """Waits up to five seconds for something that a thread does."""
    until = time.monotonic() + 5
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.01)


def test_rest_over_a_socket(web: httpx.Client) -> None:
    assert web.get("/rest/1/sandbox/profile.json").json()["result"]["ID"] == "1"
    assert web.post("/rest/1/wrong/profile").status_code == 401
    assert web.post("/rest/1/sandbox/nonsense").status_code == 404


def test_events_reach_their_handler(web: httpx.Client, robots: HTTPServer) -> None:
    url = f"http://127.0.0.1:{robots.server_port}/webhooks/all"
    web.post("/sandbox/webhooks", json={"url": url, "events": ["ONCRMLEADADD"], "token": "secret"})
    lead = web.post("/sandbox/as/5/create", json={"item": "lead", "fields": {"title": "Нитки"}}).json()["id"]
    wait_for(lambda: Robots.forms)
    form = Robots.forms[0]
    assert (form["event"], form["data[FIELDS][ID]"]) == (["ONCRMLEADADD"], [str(lead)])
    assert form["auth[application_token]"] == ["secret"]
    wait_for(lambda: web.get("/sandbox/deliveries").json()[0]["outcome"] == "200")


def test_a_handler_that_is_gone_gets_nothing_twice(web: httpx.Client, portal: Portal) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    web.post("/sandbox/webhooks", json={"url": url, "token": "secret"})
    web.post("/sandbox/as/5/create", json={"item": "lead"})
    wait_for(lambda: [one.outcome for one in portal.outbox.log] == ["ConnectError"])
    assert len(portal.outbox) == 0


def test_people_act_and_look(web: httpx.Client) -> None:
    web.post("/sandbox/as/5/create", json={"item": "lead", "fields": {"title": "Нитки"}})
    web.post("/sandbox/as/6/move", json={"item": "lead", "id": 1, "stage": "КП отправлено"})
    web.post("/sandbox/as/6/comment", json={"item": "lead", "id": 1, "text": "Отправил"})
    web.post("/sandbox/as/6/call", json={"item": "lead", "id": 1, "seconds": 90})
    card = web.get("/sandbox/as/5/card", params={"item": "lead", "id": 1}).json()
    assert (card["item"]["stageId"], card["item"]["createdBy"], card["item"]["movedBy"]) == ("OFFER", 5, 6)
    assert [one["text"] for one in card["comments"]] == ["Отправил"]
    assert card["activities"][0]["TYPE_ID"] == 2
    web.post("/rest/1/sandbox/im.notify.system.add", json={"USER_ID": 6, "MESSAGE": "Клиент ждёт"})
    assert [one["text"] for one in web.get("/sandbox/as/6/notifications").json()] == ["Клиент ждёт"]


def test_what_cannot_be_done_is_a_sentence(web: httpx.Client) -> None:
    answer = web.post("/sandbox/as/5/update", json={"item": "lead", "id": 404, "fields": {}})
    assert (answer.status_code, answer.json()["error"]) == (400, "NOT_FOUND")
    unknown = web.post("/sandbox/faults", json={"kind": "teapot"})
    assert "there are query_limit" in unknown.json()["error_description"]
    assert web.post("/sandbox/limits", json={"speed": 1}).status_code == 400


def test_the_clock_jumps(portal: Portal, web: httpx.Client) -> None:
    before = web.get("/sandbox/state").json()["now"]
    after = web.post("/sandbox/clock", json={"advance": 14 * 86400}).json()["now"]
    assert (before[:10], after[:10]) == ("2026-01-12", "2026-01-26")
    assert web.post("/rest/1/sandbox/server.time").json()["result"] == after
    assert web.post("/sandbox/clock", json={"set": "2026-03-01T10:00:00+03:00"}).json()["now"][:10] == "2026-03-01"


def test_section_8_faults_are_switched_over_http(web: httpx.Client) -> None:
    web.post("/sandbox/faults", json={"kind": "html_502", "method": "profile", "times": None})
    assert web.post("/rest/1/sandbox/profile").status_code == 502
    assert web.get("/sandbox/faults").json()["faults"][0]["kind"] == "html_502"
    assert web.delete("/sandbox/faults").json() == {"faults": []}
    assert web.post("/rest/1/sandbox/profile").status_code == 200
    assert web.post("/sandbox/faults/events", json={"drop": 0.5}).json()["drop"] == 0.5
    web.post("/sandbox/incoming/1", json={"scopes": ["crm"]})
    assert web.post("/rest/1/sandbox/user.get").status_code == 403


@pytest.mark.parametrize(("applied", "written"), [(0, 0), (None, 1)])
def test_section_8_a_connection_is_cut(web: httpx.Client, portal: Portal, applied: int | None, written: int) -> None:
    web.post("/sandbox/faults", json={"kind": "cut", "method": "crm.item.add", "applied": applied})
    with pytest.raises(httpx.RemoteProtocolError):
        web.post("/rest/1/sandbox/crm.item.add", json={"entityTypeId": 1, "fields": {"title": "x"}})
    assert len(portal.items.table(1)) == written


def test_section_8_an_answer_takes_too_long(web: httpx.Client, portal: Portal) -> None:
    web.post("/sandbox/faults", json={"kind": "timeout", "seconds": 0.5, "applied": None})
    with pytest.raises(httpx.ReadTimeout):
        web.post("/rest/1/sandbox/crm.item.add", json={"entityTypeId": 1, "fields": {"title": "x"}}, timeout=0.1)
    assert len(portal.items.table(1)) == 1


def test_section_8_a_portal_moves(web: httpx.Client, portal: Portal) -> None:
    port = portal.faults.domain.split(":")[1]
    web.post("/sandbox/rename", json={"domain": f"localhost:{port}"})
    moved = web.post("/rest/1/sandbox/profile")
    assert moved.status_code == 302
    assert httpx.post(moved.headers["location"]).json()["result"]["ID"] == "1"


def party(web: httpx.Client, inn: str, token: str = "sandbox-directory") -> httpx.Response:
    path = "/suggestions/api/4_1/rs/findById/party"
    return web.post(path, json={"query": inn}, headers={"Authorization": f"Token {token}"})


def test_the_directory_knows_a_few_parties(web: httpx.Client) -> None:
    data = party(web, "7712345671").json()["suggestions"][0]["data"]
    assert data["name"]["short_with_opf"] == "ООО «ШВЕЙНАЯ МАНУФАКТУРА»"
    assert (data["kpp"], data["state"]["status"], data["management"]["name"]) == (
        "771201001",
        "ACTIVE",
        "Ткачёва Ольга Петровна",
    )
    assert party(web, "7812345675").json()["suggestions"][0]["data"]["state"]["status"] == "LIQUIDATED"
    branches = [one["data"]["branch_type"] for one in party(web, "7707083893").json()["suggestions"]]
    assert branches == ["MAIN", "BRANCH"]
    person = party(web, "500100732259").json()["suggestions"][0]["data"]
    assert (person["type"], person["fio"]["surname"], "kpp" in person) == ("INDIVIDUAL", "Иголкина", False)
    assert party(web, "7700000000").json() == {"suggestions": []}


def test_the_directory_can_fail(web: httpx.Client) -> None:
    assert party(web, "7712345671", token="wrong").status_code == 401
    web.post("/sandbox/directory", json={"down": True})
    assert party(web, "7712345671").status_code == 503


def test_a_busy_port_is_a_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = subprocess.run(
            [sys.executable, "-m", "sandbox", "--port", str(port)], capture_output=True, text=True, check=False
        )
    assert run.returncode == 1
    assert run.stderr == f"Port {port} is busy. Choose another with SANDBOX_PORT={port + 1}\n"
