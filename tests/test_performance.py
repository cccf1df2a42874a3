"""A plan while it is being performed."""

from crm_robots.engine.performance import Performance
from crm_robots.portal.errors import Refused
from crm_robots.records.journal import Journal
from crm_robots.shared.actions import AddComment, AddItem, UpdateItem
from crm_robots.shared.decision import Decision, Step
from crm_robots.shared.items import ItemRef
from crm_robots.shared.plan import Cause, Plan, Record
from crm_robots.shared.words.values import Words

LEAD = ItemRef("lead", 17)


class Table:
    """DynamoDB as far as it matters here: it refuses a request that holds a key twice."""

    def __init__(self):
        self.rows = {}

    def batch_write_item(self, RequestItems):  # noqa: N803 - the SDK's name
        (requests,) = RequestItems.values()
        rows = [one["PutRequest"]["Item"] for one in requests]
        keys = [(row["item"]["S"], row["at"]["S"]) for row in rows]
        assert len(keys) == len(set(keys)), "Provided list of item keys contains duplicates"
        self.rows |= dict(zip(keys, rows, strict=True))
        return {}


def test_c10_what_was_made_before_a_refusal_and_what_was_said_after_it_both_stand_in_the_journal():
    contact = AddItem(key="contact", kind="contact", fields={}, mark="lead:17:contact")
    deal = AddItem(key="deal", kind="deal", fields={}, mark="lead:17:deal")
    step = Step((contact, deal), otherwise=(AddComment(LEAD, "stopped"),))
    record = Record(str(LEAD), "conversion")
    record.plan = Plan(1, Cause("ONCRMLEADUPDATE", "lead:17", 1767000000), Decision({}, (step,)))
    performance, table = Performance(record), Table()

    performance.done(0, 5)
    performance.refused(1, Refused("crm.item.add", "", "a field is empty"))
    performance.done(0, 6)
    Journal(table, "journal").write(performance.entries(Words()))

    assert len([row for row in table.rows.values() if "day" in row]) == 2


def test_q3_a_refusal_that_holds_nothing_up_is_remembered_once_the_later_steps_are_done():
    move, comment = UpdateItem(LEAD, {"STAGE_ID": "NEW"}), AddComment(LEAD, "made")
    steps = (Step((move,), memory_otherwise={"refused": "so"}, goes_on=True), Step((comment,)))
    record = Record(str(LEAD), "conversion")
    record.plan = Plan(1, Cause("ONCRMLEADUPDATE", "lead:17", 1767000000), Decision({"refused": ""}, steps))
    performance = Performance(record)

    performance.refused(0, Refused("crm.item.update", "", "a field is empty"))
    performance.next_step()
    assert performance.actions == (comment,)
    performance.done(0, 6)
    performance.next_step()

    assert record.memory == '{"refused":"so"}'
