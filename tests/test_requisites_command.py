"""C12: `robots requisites` on a stack in moto, the sandbox portal, and a directory in memory."""

import json
import subprocess
import sys

import boto3
import httpx
import pytest
from typer.testing import CliRunner

from admin import at_work
from admin.commands import requisites
from admin.main import app
from sandbox.transport import PortalTransport
from tests.support import admin
from tests.support.conversion import BIK, INN, PARTY
from tests.support.world import EXAMPLE, World, new_world

LIQUIDATED = PARTY | {"inn": "7728168971", "kpp": "", "ogrn": "", "state": {"status": "LIQUIDATED"}}


class DirectoryOfTwo:
    """Knows two parties and no bank; may be down."""

    def __init__(self) -> None:
        self.is_down = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        query = json.loads(request.content)["query"]
        found = [{"data": party} for party in (PARTY, LIQUIDATED) if party["inn"] == query]
        return httpx.Response(503) if self.is_down else httpx.Response(200, json={"suggestions": found})


@pytest.fixture
def directory():
    return DirectoryOfTwo()


@pytest.fixture
def world(monkeypatch, tmp_path, directory):
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    for made in new_world({}):
        made.publish(EXAMPLE.read_text().replace("party_directory: none", "party_directory: dadata"))
        admin.deploy()
        name = f"/{admin.NAME}/secrets/portal-webhook"
        boto3.client("ssm").put_parameter(Name=name, Value=made.office.webhook, Type="SecureString")
        wired = httpx.Client(transport=PortalTransport(made.portal))
        asked = httpx.Client(transport=httpx.MockTransport(directory.answer))
        monkeypatch.setattr(at_work, "httpx", _Wired(wired))
        monkeypatch.setattr(requisites, "httpx", _Wired(asked))
        yield made


class _Wired:
    """`httpx`, whose clients are this one."""

    Timeout = httpx.Timeout

    def __init__(self, client: httpx.Client) -> None:
        self.Client = lambda **_: client


def robots(*words):
    result = CliRunner().invoke(app, ["requisites", *words])
    return result.exit_code, result.stdout


def in_json(*words):
    code, text = robots(*words, "--json")
    return code, json.loads(text)


def company(world: World, inn: str = INN, **fields: str) -> tuple[int, int]:
    number = world.person("Петров").create("company", title=f"Клиент {inn}")
    owner = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": number, "PRESET_ID": 1, "NAME": "x", "RQ_INN": inn}
    own = world.portal.requisites.add(1, owner | fields)
    world.portal.requisites.add_bank_detail(1, {"ENTITY_ID": own, "NAME": "x", "RQ_BIK": BIK})
    return number, own


def test_c12_one_company_is_completed_and_what_differs_is_printed_and_stays(world):
    number, own = company(world, RQ_KPP="111111111")

    code, found = in_json("company", str(number))

    assert code == 0
    assert found["directory"] == "up"
    (row,) = found["companies"]
    assert (row["item"], row["title"], row["closed"]) == (f"company:{number}", f"Клиент {INN}", None)
    assert row["differences"] == [{"field": "RQ_KPP", "ours": "111111111", "theirs": "773601001"}]
    assert "RQ_OGRN" in row["completed"]
    kept = world.portal.tables.requisites.get(own)
    assert (kept["RQ_KPP"], kept["RQ_OGRN"]) == ("111111111", "1027700132195")
    assert in_json("company", str(number))[1]["companies"][0]["completed"] == []


def test_c12_all_of_them_and_closed_parties_in_words(world):
    open_one, _ = company(world)
    closed_one, _ = company(world, "7728168971")
    company(world, "")

    code, text = robots("--all")

    assert code == 0
    assert f"company:{open_one} " in text
    assert f"company:{closed_one} " in text
    assert "в справочнике: ликвидирована" in text
    assert text.count("company:") == 2
    assert any("ликвидирована" in one for one in world.comments("company", closed_one))
    assert [one["closed"] for one in in_json("--all")[1]["companies"]] == [None, "LIQUIDATED"]


def test_c12_a_directory_that_is_down_is_exit_status_1_and_one_document(world, directory):
    number, own = company(world)
    directory.is_down = True

    code, found = in_json("company", str(number))

    assert (code, found["companies"], found["directory"]) == (1, [], "down")
    assert robots("--all")[0] == 1
    assert not world.portal.tables.requisites.get(own).get("RQ_OGRN")


@pytest.mark.parametrize("words", [(), ("company",), ("contact", "5"), ("company", "5", "--all"), ("company", "0")])
def test_c12_what_is_neither_one_company_nor_all_is_refused(world, words):
    code, found = in_json(*words)

    assert code == 2
    assert found["error"]


def test_section_7_what_the_robots_modules_log_is_not_in_the_answer():
    code = (
        "import contextlib, sys; sys.argv = ['robots', 'nonsense']; from admin.entry import run\n"
        "with contextlib.suppress(SystemExit): run()\n"
        "from crm_robots.robots.conversion.dadata import logger; logger.warning('the directory is down')"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "the directory is down" not in found.stdout + found.stderr
