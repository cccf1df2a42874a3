"""Plans that share requests: each is performed as if it were alone."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from crm_robots.engine.executor import Executor
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Busy, Gone, PortalError, Refused
from crm_robots.portal.seen import Seen
from crm_robots.shared.actions import Action, AddComment, AddItem, Notify, UpdateItem
from crm_robots.shared.decision import Decision, Step
from crm_robots.shared.items import ItemRef
from crm_robots.shared.plan import Cause, Record
from crm_robots.shared.words.values import Words
from hypothesis import given
from hypothesis import strategies as st

REFUSAL, GONE = Refused("", "", "a field is empty"), Gone("", "", "Not found")
KEEPER: Any = SimpleNamespace(save=lambda record: None, write=list, words=Words)


class Portal:
    """Runs batches. Every command holds the name of its action, and some names are refused."""

    seen = Seen()

    def __init__(
        self, refused: Mapping[str, PortalError] | None = None, rows: Callable[[str], Any] = lambda name: []
    ) -> None:
        self.refused = refused or {}
        self.rows = rows
        self.seconds: float | None = None
        """How long a command takes; a slow portal is sent fewer at a time."""
        self.batches: list[list[str]] = []
        self.done: list[str] = []

    def batch(self, commands: Mapping[str, Command], *, halt: bool = False) -> dict[str, Reply]:
        if not commands:
            return {}
        assert len(commands) <= 50
        replies = dict.fromkeys(commands, Reply(executed=False))
        batch: list[str] = []
        self.batches.append(batch)
        for name, command in commands.items():
            batch.append(named(command))
            replies[name] = replace(self._run(command), seconds=self.seconds)
            if halt and replies[name].error:
                break
        return replies

    def _run(self, command: Command) -> Reply:
        name = named(command)
        if name in self.refused:
            return Reply(error=self.refused[name])
        if command.method.endswith((".list", ".delete")):
            return Reply(self.rows(name))
        self.done.append(name)
        made = 1000 + len(self.done)
        return Reply({"item": {"id": made}} if command.method == "crm.item.add" else made)


def named(command: Command) -> str:
    """The action's name, wherever its command keeps a text; of a question, the method."""
    fields = command.params.get("fields", {})
    texts = (fields.get("COMMENT"), fields.get("title"), fields.get("stageId"), command.params.get("MESSAGE"))
    return next((str(text) for text in texts if text), command.method)


def performed(portal: Any, *decisions: Decision, sends: int = 1000) -> list[Record]:
    records = [Record(f"lead:{number}", "watch") for number in range(len(decisions))]
    left = iter([True] * sends)
    executor = Executor(portal, KEEPER, KEEPER, has_time=lambda: next(left, False))
    causes = [(record, one, Cause("", record.item, 1)) for record, one in zip(records, decisions, strict=True)]
    executor.perform(causes)
    return records


def gate(number: int) -> Decision:
    """A lead that is put back: the move, then what is said of it."""
    ref = ItemRef("lead", number)
    move = UpdateItem(ref, {"STAGE_ID": f"move{number}"})
    comments = (AddComment(ref, f"moved{number}", optional=True), AddComment(ref, f"gaps{number}", optional=True))
    stays = AddComment(ref, f"stays{number}")
    return Decision({}, (Step((move, *comments), otherwise=(stays,), memory_otherwise={"refused": True}),))


def warned(number: int) -> Decision:
    """A status that is put back, and a message to whoever changed it."""
    ref = ItemRef("company", number)
    actions = (
        UpdateItem(ref, {"STAGE_ID": f"back{number}"}),
        AddComment(ref, f"told{number}"),
        Notify(5, f"sent{number}"),
    )
    return Decision({}, (Step(actions, otherwise=(AddComment(ref, f"stays{number}"),)),))


def test_d8_steps_that_stop_at_a_refusal_share_requests():
    """D8: a mass edit in which every lead is put back costs a request per fifty actions, not one per lead."""
    portal = Portal()
    performed(portal, *[gate(number) for number in range(50)])

    assert len(portal.batches) == 4
    assert portal.done == [f"{what}{number}" for number in range(50) for what in ("move", "moved", "gaps")]


def test_d8_a_refusal_holds_up_nobody_for_good():
    """D8: one refused move in the middle of a mass edit stops nothing but its own step."""
    portal = Portal({"move1": REFUSAL})
    records = performed(portal, *[gate(number) for number in range(4)])

    assert sorted(portal.done) == sorted(
        [f"{what}{number}" for number in (0, 2, 3) for what in ("move", "moved", "gaps")] + ["stays1"]
    )
    assert [record.memory for record in records] == ["{}", '{"refused":true}', "{}", "{}"]
    assert portal.batches[0] == ["move0", "moved0", "gaps0", "move1"]
    assert portal.batches[1] == ["stays1", "move2", "move3"]


def test_d8_a_portal_that_refuses_every_single_move_is_asked_a_few_times_only():
    """D8: where one was refused, the others go on by their first actions, all together."""
    portal = Portal({f"move{number}": REFUSAL for number in range(50)})
    performed(portal, *[gate(number) for number in range(50)])

    assert sorted(portal.done) == sorted(f"stays{number}" for number in range(50))
    assert len(portal.batches) <= 6


def test_f4_a_message_that_was_held_up_goes_out_behind_its_witness_in_one_batch():
    """F4: a message cannot be looked up after a crash; the comment in front of it can."""
    portal = Portal({"back0": REFUSAL})
    performed(portal, *[warned(number) for number in range(3)])

    assert portal.batches[1] == ["stays0", "back1", "back2"]
    assert portal.batches[2] == ["told1", "sent1", "told2", "sent2"]
    assert portal.done.count("sent1") == portal.done.count("sent2") == 1


def test_f4_a_message_whose_witness_is_refused_stays_at_home():
    """F4: so do the messages of those behind it, until their own witnesses are written."""
    portal = Portal({"told0": REFUSAL})
    performed(portal, *[warned(number) for number in range(2)])

    assert portal.done == ["back0", "stays0", "back1", "told1", "sent1"]


def conversion(number: int) -> Decision:
    lead = ItemRef("lead", number)
    makings = [
        AddItem(key=kind, kind=kind, fields={"TITLE": f"{kind}{number}"}, mark=f"{lead}:{kind}", one_per_lead=number)
        for kind in ("contact", "deal")
    ]
    return Decision({}, (Step(tuple(makings), otherwise=(AddComment(lead, f"stopped{number}"),)),))


def test_c8_every_making_in_a_shared_batch_is_asked_about_behind_it():
    """C8: a refusal further behind leaves no making without the question whether a person made another."""
    portal = Portal({"deal2": REFUSAL})
    performed(portal, *[conversion(number) for number in (1, 2, 3)])

    both = ["crm.contact.list", "crm.deal.list"]
    assert portal.batches[-3] == ["contact1", "deal1", *both, "contact2", "deal2"]
    assert portal.batches[-2] == ["stopped2", "contact3", "crm.contact.list"]
    assert portal.batches[-1] == ["deal3", *both]


def test_c8_a_twin_that_cannot_be_deleted_now_keeps_only_its_own_plan_open():
    """C8: the other leads of the request are done."""

    def rows(name: str) -> Any:
        by_a_person = {"ID": "7", "LEAD_ID": "1", "ORIGINATOR_ID": None, "ORIGIN_ID": None}
        ours = {"ID": "8", "LEAD_ID": "1", "ORIGINATOR_ID": "crm_robots", "ORIGIN_ID": "lead:1:deal"}
        return [by_a_person, ours] if name == "crm.deal.list" else []

    portal = Portal({"crm.item.delete": Busy("", "QUERY_LIMIT_EXCEEDED", applied=False)}, rows)

    class Cut(Portal):
        def batch(self, commands: Mapping[str, Command], *, halt: bool = False) -> dict[str, Reply]:
            if any(one.method == "crm.item.delete" for one in commands.values()):
                raise Busy("", "QUERY_LIMIT_EXCEEDED", applied=False)
            return portal.batch(commands, halt=halt)

    lone = [performed(Cut(), conversion(number))[0] for number in (1, 2)]
    together = performed(Cut(), gate(0), conversion(1), conversion(2))

    assert [record.plan is None for record in lone] == [False, True]
    assert [record.plan is None for record in together] == [True, False, True]


def test_f1_what_a_hurried_function_did_of_a_step_is_written_down():
    """F1: a plan that was held up and then had no time left is not begun anew."""
    portal = Portal({"back0": REFUSAL})
    _, second = performed(portal, warned(0), warned(1), sends=2)

    assert portal.batches[1] == ["stays0", "back1"]
    assert second.plan is not None
    assert second.plan.settled == [0]


actions = st.builds(
    lambda kind, optional: (kind, optional), st.sampled_from(["comment", "notify", "deal"]), st.booleans()
)
steps = st.lists(st.tuples(st.lists(actions, min_size=1, max_size=4), st.booleans(), st.booleans()), max_size=3)
plans = st.lists(steps, min_size=1, max_size=7)


def named_plan(number: int, shape: list[tuple[list[tuple[str, bool]], bool, bool]]) -> Decision:
    ref = ItemRef("lead", number)

    def action(name: str, kind: str, *, optional: bool) -> Action:
        if kind == "deal":
            return AddItem(key=name, kind="deal", fields={"TITLE": name}, mark=name)
        if kind == "notify":
            return Notify(5, name, optional=optional)
        return AddComment(ref, name, optional=optional)

    made: list[Step] = []
    for place, (wanted, has_other_way, goes_on) in enumerate(shape):
        main = [action(f"p{number}s{place}a{i}", kind, optional=optional) for i, (kind, optional) in enumerate(wanted)]
        other = [AddComment(ref, f"p{number}s{place}o{i}") for i in range(2)] if has_other_way else []
        made.append(Step(tuple(main), tuple(other), {"at": place} if has_other_way else None, goes_on=goes_on))
    return Decision({}, tuple(made))


@given(plans, st.data())
def test_d8_sharing_requests_changes_nothing_for_anybody(shapes, data):
    """D8: any plans, any refusals: each does and remembers what it would have done and remembered alone."""
    decisions = [named_plan(number, shape) for number, shape in enumerate(shapes)]
    names = [named_of(action) for one in decisions for action in one.actions]
    errors = st.sampled_from([REFUSAL, GONE])
    refused = data.draw(st.dictionaries(st.sampled_from(names), errors) if names else st.just({}))

    together = Portal(refused)
    together.seconds = data.draw(st.sampled_from([None, 4.0, 12.0]))
    records = performed(together, *decisions)

    for number, decision in enumerate(decisions):
        alone = Portal(refused)
        # The item's number is part of every name, so the lone plan keeps its own.
        (record,) = performed(alone, decision)
        assert [name for name in together.done if name.startswith(f"p{number}s")] == alone.done
        assert (record.plan, record.memory) == (records[number].plan, records[number].memory)
    assert max(Counter(together.done).values(), default=1) == 1


def named_of(action: Action) -> str:
    if isinstance(action, AddItem):
        return action.key
    assert isinstance(action, AddComment | Notify)
    return action.text
