"""What robots remember of items, on DynamoDB."""

import pytest
from crm_robots.engine.executor import Executor
from crm_robots.records.journal import Journal
from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.shared.actions import AddComment
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import ItemRef
from crm_robots.shared.plan import Cause, Plan, Record

LEAD = "lead:17"


@pytest.fixture
def table(dynamodb):
    return MemoryTable(dynamodb, "MemoryTable")


def test_f4_a_record_comes_back_as_it_was_written(table):
    """F4: plan, refusal and newest ids are what a retry goes by."""
    decision = Decision({"seen": 1}, step(AddComment(ItemRef("lead", 17), "Привет", rule="Q4")))
    plan = Plan(1, Cause("ONCRMLEADUPDATE", LEAD, 5), decision)
    record = Record(LEAD, "routing", memory='{"a":1}', plan=plan, last_ids={"comment:lead:17": 9}, refusal="[]")
    table.save(record)

    assert table.load("routing", [LEAD])[LEAD] == record
    assert record.version == 1


def test_f4_only_the_version_that_was_read_is_written_over(table):
    table.save(Record(LEAD, "routing"))
    (first, second) = (table.load("routing", [LEAD])[LEAD] for _ in range(2))
    table.save(first)
    with pytest.raises(Contended):
        table.save(second)


def test_f3_what_is_known_of_a_deleted_item_is_forgotten_by_that_robot_alone(table):
    """F3: quietly, also when nothing was known."""
    for robot in ("routing", "conversion"):
        table.save(Record(LEAD, robot, memory='{"a":1}'))
    for _ in range(2):
        table.forget(Record(LEAD, "routing"))

    assert table.load("routing", [LEAD])[LEAD] == Record(LEAD, "routing")
    assert table.load("conversion", [LEAD])[LEAD].version == 1


def test_more_records_are_read_than_one_request_takes(table):
    table.save(Record("lead:150", "routing", memory='{"a":1}'))
    found = table.load("routing", [f"lead:{number}" for number in range(1, 202)])

    assert len(found) == 201
    assert [item for item, record in found.items() if record.version] == ["lead:150"]


def test_section_9_a_decision_that_asks_for_nothing_writes_its_memory_once_and_only_if_it_changed(dynamodb, table):
    """SECTION 9: what changes nothing costs nothing."""
    executor = Executor(None, table, Journal(dynamodb, "JournalTable"))
    cause = Cause("ONCRMLEADUPDATE", LEAD, 5)

    record = table.load("routing", [LEAD])[LEAD]
    assert executor.perform([(record, Decision({"a": 1}), cause)]) == {}
    assert executor.perform([(record, Decision({"a": 1}), cause)]) == {}
    assert table.load("routing", [LEAD])[LEAD] == Record(LEAD, "routing", version=1, memory='{"a":1}')
