"""How units of DynamoDB are counted."""

from crm_robots.records.memory import MemoryTable
from crm_robots.shared.plan import Record

from bench.capacity import Meter, indexes, read_units, write_units

CALM = {"item": {"S": "company:1"}, "status": {"S": "hot"}, "shard": {"S": "3"}, "look_on": {"S": "2026-03-01"}}


def test_a_row_costs_a_unit_per_kilobyte_written_and_per_four_read():
    row = {"item": {"S": "x" * 1020}}
    assert write_units({}, row) == 1
    assert write_units(row, {"item": {"S": "x"}}) == 1
    assert write_units({}, {"item": {"S": "x" * 1021}}) == 2
    assert read_units({"item": {"S": "я" * 2050}}) == 2
    assert read_units({}) == 1


def test_an_entry_of_an_index_that_moves_is_deleted_and_put():
    held = indexes("TimersTable")
    assert write_units({}, CALM, held) == 2
    assert write_units(CALM, CALM | {"look_on": {"S": "2026-03-02"}}, held) == 3
    assert write_units(CALM, CALM | {"last_call": {"N": "1"}}, held) == 1
    assert write_units(CALM, {}, held) == 2


def test_an_index_of_whole_rows_costs_as_much_as_the_table():
    entry = {"item": {"S": "lead:1"}, "at": {"S": "1"}, "day": {"S": "2026-03-01"}}
    assert write_units({}, entry, indexes("JournalTable")) == 2
    assert write_units({}, entry | {"run": {"S": "day"}}, indexes("JournalTable")) == 3


def test_a_meter_sees_reads_and_writes_of_a_table(dynamodb):
    meter, memory = Meter(dynamodb), MemoryTable(dynamodb, "MemoryTable")
    memory.save(Record("lead:1", "routing", memory="{}"))
    memory.load("routing", ["lead:1"])
    assert (meter.calls, meter.writes, meter.reads) == (2, 1, 1)
