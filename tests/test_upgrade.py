"""F4, upgrade: what the last version wrote is read by the next, and nothing that it cannot read stops it for ever."""

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from crm_robots.engine.dead_letters import DeadLettersMemory
from crm_robots.engine.executor import Executor
from crm_robots.engine.sweep.decide import SweepMemory
from crm_robots.records.memory import MemoryTable, to_record
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.deals import DealMemory
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.timer_records import TimerRecords
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.robots.conversion.waiting import Waiting
from crm_robots.robots.daily.letters import BagMemory
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.schedule import RunLog
from crm_robots.robots.lost_deal.rules import LostDealMemory, LostDealRules
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.rules import QualificationRules
from crm_robots.robots.routing.memory import RoutingMemory
from crm_robots.robots.routing.rules import RoutingRules
from crm_robots.robots.routing.turns import Turns
from crm_robots.shared.actions import AddComment
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import ItemRef
from crm_robots.shared.plan import Cause, Plan, Record, read_plan, to_json
from crm_robots.shared.portal import PortalRules

from tests.support.client_status import calendar
from tests.upgrade import rows

MEMORIES = [
    *(LeadMemory, ConversionMemory, RoutingMemory, LostDealMemory, DealMemory, Timer, Turns),
    *(DeadLettersMemory, BagMemory, SweepMemory, RunLog, Waiting),
]
RULES = [QualificationRules, ConversionRules, RoutingRules, LostDealRules, ClientStatusRules, PortalRules]
VERSION_BEFORE = "8d26421d03f7b80fb347c9bdaab0660e3df6765d"
"""Its rows know nothing of fill-in pages, deals before a gate, questions about cards, pauses and the stop-list."""
ROWS_BEFORE = Path(__file__).parent / "upgrade" / "before.json"
PLAN_OF_VERSION_ONE = Path(__file__).parent / "upgrade" / "plan.json"


@pytest.mark.parametrize("kind", MEMORIES)
def test_a_memory_lacks_what_came_later_and_holds_what_has_gone_since(kind: Any) -> None:
    assert msgspec.json.decode('{"something_that_has_gone": [1]}', type=kind) == msgspec.json.decode("{}", type=kind)


@pytest.mark.parametrize("kind", [*RULES, News, Plan, Decision, Cause])
def test_what_has_gone_since_is_left_out(kind: Any) -> None:
    """Compiled settings stay in force over a deployment; nobody publishes them anew."""
    for struct in _all_within(kind):
        assert not struct.__struct_config__.forbid_unknown_fields, struct


def _all_within(kind: Any) -> set[Any]:
    found: set[Any] = set()
    waiting = [kind]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, msgspec.Struct):
            if one in found:
                continue
            found.add(one)
            waiting += [field.type for field in msgspec.structs.fields(one)]
        else:
            waiting += get_args(one)
    return found


def test_what_the_version_before_wrote_is_read_by_this_one() -> None:
    """15.8: `before.json` is what that version wrote, with each field filled."""
    assert rows.unread(json.loads(ROWS_BEFORE.read_text())) == {}


def test_15_what_this_version_writes_is_read_by_the_version_before(tmp_path: Path) -> None:
    """15.8: the way back. Its code comes out of git, and reads every field that this version fills."""
    archive = subprocess.run(["git", "archive", VERSION_BEFORE, "layers/robots"], capture_output=True, check=False)
    if archive.returncode:
        pytest.skip("this copy of the project has no history")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(tmp_path, filter="data")

    done = subprocess.run(
        [sys.executable, str(Path(rows.__file__)), "read"],
        env={"PYTHONPATH": str(tmp_path / "layers" / "robots")},
        input=json.dumps(rows.written()),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {}


def test_every_kind_of_row_has_a_sample() -> None:
    sampled = set(rows.kinds().values())
    elsewhere = {SweepMemory}
    """It moved since that version."""

    assert {*MEMORIES, *RULES, News, Cause} - sampled == elsewhere


def test_a_plan_of_the_first_version_is_seen_through_by_this_one() -> None:
    """It holds one action of each kind."""
    text = PLAN_OF_VERSION_ONE.read_text()
    plan = read_plan(text)
    tags = {action.__struct_config__.tag for action in plan.decision.actions}
    assert tags >= {action["type"] for step in json.loads(text)["decision"]["steps"] for action in step["actions"]}


def _plan_of_another_version() -> str:
    known = Plan(2, Cause("ONCRMLEADUPDATE", "lead:17", 5), Decision({}, step(AddComment(ItemRef("lead", 17), "Да"))))
    return to_json(known).replace("add_comment", "add_hologram")


def test_a_plan_with_an_unknown_action_is_given_up_and_the_item_decided_anew(dynamodb: Any) -> None:
    table = MemoryTable(dynamodb, "MemoryTable")
    table.save(Record("lead:17", "routing", memory='{"seen":true}', plan=Plan(1, Cause("", "", 0), Decision({}))))
    table.save(Record("lead:18", "routing", memory='{"seen":true}'))
    dynamodb.update_item(
        TableName="MemoryTable",
        Key={"item": {"S": "lead:17"}, "robot": {"S": "routing"}},
        UpdateExpression="SET #plan = :plan",
        ExpressionAttributeNames={"#plan": "plan"},
        ExpressionAttributeValues={":plan": {"S": _plan_of_another_version()}},
    )

    records = table.load("routing", ["lead:17", "lead:18"])

    assert [record.plan for record in records.values()] == [None, None]
    assert records["lead:17"].remembered(RoutingMemory).seen
    table.save(records["lead:17"])  # the version is the row's own, so work goes on


def test_a_timer_with_such_a_plan_goes_on_as_well(dynamodb: Any) -> None:
    timers = TimerRecords(TimersTable(dynamodb, "TimersTable"), calendar())
    timers.save(Record("contact:1", "client-status", memory=to_json(Timer(status="hot"))))
    dynamodb.update_item(
        TableName="TimersTable",
        Key={"item": {"S": "contact:1"}},
        UpdateExpression="SET #plan = :plan, #gone = :gone",
        ExpressionAttributeNames={"#plan": "plan", "#gone": "of_another_version"},
        ExpressionAttributeValues={":plan": {"S": _plan_of_another_version()}, ":gone": {"S": "x"}},
    )

    record = timers.load(["contact:1"])["contact:1"]

    assert record.plan is None
    assert record.remembered(Timer).status == "hot"
    timers.save(record)


def test_a_row_without_the_later_columns_is_read() -> None:
    row = {"item": {"S": "lead:1"}, "robot": {"S": "routing"}, "version": {"N": "3"}}
    assert to_record(row) == Record("lead:1", "routing", version=3)


@pytest.mark.parametrize("memory", ['{"seen":"no"}', '{"seen":tr', "null", '{"title":null,"draws":null}'])
def test_a_memory_that_cannot_be_read_is_begun_anew_and_told_once(memory: str, dynamodb: Any, caplog: Any) -> None:
    """Else the events of its item would come back for hours."""
    table = MemoryTable(dynamodb, "MemoryTable")
    table.save(Record("lead:17", "routing", memory=memory))

    record = table.load("routing", ["lead:17"])["lead:17"]
    assert record.remembered(RoutingMemory) == RoutingMemory()
    Executor(None, table, None).perform([(record, Decision(RoutingMemory()), Cause("", "lead:17", 5))])  # type: ignore[arg-type]
    again = table.load("routing", ["lead:17"])["lead:17"]

    assert again.remembered(RoutingMemory) == RoutingMemory()
    assert not again.is_begun_anew
    assert [one.message for one in caplog.records].count("a record that could not be read is begun anew") == 1
