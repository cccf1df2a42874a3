"""Official clients against the sandbox, unchanged. Two of them insist on https: a certificate of the test serves it."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from b24pysdk import BitrixWebhook, Client
from b24pysdk.errors import BitrixAPIError
from fast_bitrix24 import Bitrix

from sandbox.portal.core import Portal
from sandbox.portal.types import COMPANY
from sandbox.seed import Company
from tests.support.served import Certificate, self_made, served

# fast-bitrix24 asks asyncio for a loop in a way that Python 3.13 frowns upon.
pytestmark = pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")

JS_SDK = "@bitrix24/b24jssdk@2.2.0"
JS_STORY = Path(__file__).parent / "clients" / "b24jssdk.mjs"
TOOLS = Path(__file__).parents[1] / ".tools" / "b24jssdk"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return self_made(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def https(portal: Portal, office: Company, certificate: Certificate) -> Iterator[str]:
    """The portal with 120 companies behind https; its address."""
    for number in range(1, 121):
        portal.items.add(COMPANY.id, {"title": f"Фабрика {number}"}, 1)
    with served(portal, certificate) as address:
        yield address


@pytest.fixture
def sdk(https: str, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.cert))
    return Client(BitrixWebhook(domain=https.removeprefix("https://"), webhook_token="1/sandbox"))


def test_b24pysdk_reads_and_writes(sdk: Client, portal: Portal) -> None:
    lead = sdk.crm.lead.add(fields={"TITLE": "Нитки", "PHONE": [{"VALUE": "+7999", "VALUE_TYPE": "WORK"}]}).result
    assert sdk.crm.lead.update(bitrix_id=lead, fields={"STATUS_ID": "IN_PROCESS"}).result is True
    assert sdk.crm.lead.get(bitrix_id=lead).result["STATUS_ID"] == "IN_PROCESS"
    item = sdk.crm.item.add(entity_type_id=2, fields={"title": "Сделка", "leadId": lead}).result["item"]
    assert (item["leadId"], item["stageId"]) == (lead, "NEW")
    comment = {"ENTITY_ID": lead, "ENTITY_TYPE": "lead", "COMMENT": "Да"}
    assert sdk.crm.timeline.comment.add(fields=comment).result == 1
    assert [one["text"] for one in portal.timeline.comments(1, lead)] == ["Да"]


def test_b24pysdk_walks_lists(sdk: Client) -> None:
    request = sdk.crm.company.list(select=["ID"], order={"ID": "ASC"})
    assert (request.response.total, request.response.next) == (120, 50)
    assert len(request.as_list().result) == 120
    fast = sdk.crm.company.list(select=["ID"]).as_list_fast().result
    assert [int(row["ID"]) for row in fast] == list(range(1, 121))
    assert len(sdk.crm.item.list(entity_type_id=4, select=["id"]).as_list().result) == 120


def test_b24pysdk_batches(sdk: Client) -> None:
    calls = {f"c{number}": sdk.crm.company.get(bitrix_id=number) for number in (1, 2, 404)}
    result = sdk.call_batch(calls).result
    assert result.result["c2"]["TITLE"] == "Фабрика 2"
    assert list(result.result_error) == ["c404"]
    many = sdk.call_batches([sdk.crm.company.get(bitrix_id=number) for number in range(1, 121)]).result
    assert len(many.result) == 120


def refusal(request: Any) -> str:
    with pytest.raises(BitrixAPIError) as refused:
        assert request.response
    return str(refused.value.error)


def test_b24pysdk_understands_refusals(sdk: Client, portal: Portal) -> None:
    assert refusal(sdk.crm.item.get(bitrix_id=404, entity_type_id=1)) == "NOT_FOUND"
    portal.incoming.set_scopes(1, ["crm"])
    assert refusal(sdk.user.current()) == "insufficient_scope"


@pytest.fixture
def fast(https: str, certificate: Certificate) -> Any:
    return Bitrix(f"{https}/rest/1/sandbox/", ssl=False, verbose=False)


def test_fast_bitrix24_gets_everything(fast: Any) -> None:
    companies = fast.get_all("crm.company.list", {"select": ["ID", "TITLE"]})
    assert sorted(int(row["ID"]) for row in companies) == list(range(1, 121))
    items = fast.get_all("crm.item.list", {"entityTypeId": 4, "select": ["id"]})
    assert len(items) == 120


def test_fast_bitrix24_gets_by_id_and_writes_many(fast: Any, portal: Portal) -> None:
    found = fast.get_by_ID("crm.company.get", list(range(1, 61)))
    assert found["60"]["TITLE"] == "Фабрика 60"
    changes = [{"ID": number, "fields": {"COMMENTS": f"№{number}"}} for number in range(1, 61)]
    assert fast.call("crm.company.update", changes) == (True,) * 60
    assert (portal.items.get(COMPANY.id, 60) or {})["comments"] == "№60"


def test_fast_bitrix24_batches(fast: Any) -> None:
    commands = {"one": "crm.company.get?ID=1", "two": "crm.company.get?ID=$result[one][ID]"}
    result = fast.call_batch({"halt": 0, "cmd": commands})
    assert [result[name]["ID"] for name in ("one", "two")] == ["1", "1"]


def test_fast_bitrix24_takes_plain_http(portal: Portal, office: Company) -> None:
    with served(portal) as address:
        assert Bitrix(f"{address}/rest/1/sandbox/", verbose=False).call("profile", raw=True)["result"]["ID"] == "1"


@pytest.fixture(scope="session")
def js_modules() -> Path:
    """Node modules with the JavaScript SDK, installed once."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("node and npm are not installed")
    if not (TOOLS / "node_modules" / "@bitrix24" / "b24jssdk").exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(TOOLS), JS_SDK]
        done = subprocess.run(install, capture_output=True, text=True, check=False, timeout=180)
        if done.returncode:
            pytest.skip(f"npm cannot install {JS_SDK}: {done.stderr.strip().splitlines()[-1:]}")
    return TOOLS


def test_b24jssdk_plays_its_story(https: str, certificate: Certificate, js_modules: Path) -> None:
    story = js_modules / JS_STORY.name
    story.write_text(JS_STORY.read_text())
    environment = {**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate.cert), "B24_HOOK": f"{https}/rest/1/sandbox/"}
    done = subprocess.run(
        ["node", str(story)], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "title": "Нитки",
        "companies": 120,
        "fetched": 120,
        "batch": ["Фабрика 1", "Фабрика 2"],
        "named": "Фабрика 1",
        "chunks": 60,
        "missing": "NOT_FOUND",
        "unknown": "ERROR_METHOD_NOT_FOUND",
    }
