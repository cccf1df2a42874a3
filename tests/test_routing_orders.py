"""R2, R5–R8: whatever the order of ticks, repeats and refusals, the deals come out the same."""

import itertools
from typing import Any

import msgspec
from crm_robots.engine.references import resolve, resolve_memory
from crm_robots.robots.routing import draw
from crm_robots.robots.routing.ballot import ballot
from crm_robots.robots.routing.decide import decide
from crm_robots.robots.routing.facts import ControlTask
from crm_robots.robots.routing.memory import RoutingMemory
from crm_robots.robots.routing.report import to_draw
from crm_robots.shared.actions import AddItem, AddTask, UpdateItem, UpdateTask
from crm_robots.shared.decision import Decision
from crm_robots.shared.items import Item, to_ids
from hypothesis import given
from hypothesis import strategies as st

from tests.support.routing import DESIGN, MOUNTING, PORTAL, REPAIR, RULES, make_deal, make_facts, make_lead

TICKS = st.sets(st.sampled_from([MOUNTING, DESIGN, REPAIR]))
EVENTS = st.lists(st.tuples(TICKS, st.sampled_from(["", "Забор", "Два забора"]), st.integers(0, 3)), max_size=8)


class Desk:
    """A portal of plain values: one lead's deals and tasks."""

    def __init__(self) -> None:
        self.memory = RoutingMemory()
        self.deals: dict[int, Item] = {}
        self.tasks: dict[int, AddTask | UpdateTask] = {}
        self._ids = itertools.count(100)

    def happens(self, ticks: set[int], comment: str, chance: float = 0.0, *, refuses: int = 0) -> Decision:
        lead = make_lead(*sorted(ticks), UF_CRM_COMMENT=comment)
        control = next((ControlTask(_bindings(task), is_open=True) for key, task in self.tasks.items() if key), None)
        facts = make_facts(deals=self.deals, control=control, born=True)
        ballots = [ballot(service, lead, facts.company, []) for service in to_draw(lead, self.memory, RULES, born=True)]
        draws = [draw.at_random(one, chance, facts.ts) for one in ballots]
        decision = decide(lead, self.memory, draws, facts, RULES, PORTAL)
        self._apply(decision, refuses=refuses)
        return decision

    def _apply(self, decision: Decision, *, refuses: int) -> None:
        made: dict[str, int] = {}
        memory: Any = decision.memory
        for step in decision.steps:
            is_making = isinstance(step.actions[0], AddItem)
            for action in step.actions[: refuses - 1] if refuses and is_making else step.actions:
                self._do(resolve(action, made), made)
            if is_making and 0 < refuses <= len(step.actions):
                memory = step.memory_otherwise
                break
        self.memory = msgspec.json.decode(resolve_memory(memory, made), type=RoutingMemory)

    def _do(self, action: Any, made: dict[str, int]) -> None:
        if isinstance(action, AddItem):
            made[action.key] = next(self._ids)
            number = made[action.key]
            self.deals[number] = make_deal(number, action.fields["ASSIGNED_BY_ID"], **action.fields)
        elif isinstance(action, AddTask):
            made[action.key] = next(self._ids)
            if action.key == "control":
                self.tasks[made[action.key]] = action
        elif isinstance(action, UpdateTask):
            self.tasks[action.task_id] = action
        elif isinstance(action, UpdateItem):
            old = self.deals[int(action.item.id)]
            self.deals[int(action.item.id)] = Item(old.ref, {**old.fields, **action.fields})


def _bindings(task: AddTask | UpdateTask) -> tuple[str, ...]:
    return tuple(one if isinstance(one, str) else one.binding for one in task.bindings)


@given(EVENTS)
def test_r5_r8_every_order_ends_with_one_deal_per_service_and_everybody_on_all_of_them(events):
    desk = Desk()
    for ticks, comment, refuses in events:
        desk.happens(ticks, comment, refuses=refuses)
    ticks, comment = {MOUNTING, DESIGN, REPAIR}, "Забор"
    desk.happens(ticks, comment)

    assert desk.happens(ticks, comment).actions == ()
    assert len(desk.deals) == 3
    involved = {deal.responsible_id for deal in desk.deals.values()}
    for deal in desk.deals.values():
        assert set(to_ids(deal.fields["UF_CRM_MANAGERS"])) == involved
        assert set(to_ids(deal.fields.get("OBSERVERS"))) == involved - {deal.responsible_id}
        said, *about_client = deal.fields["COMMENTS"].splitlines()
        assert (said, about_client) == (comment, ["К клиенту выезжает: Фёдор"])
    assert len({deal.fields["UF_CRM_MAIN"] for deal in desk.deals.values()}) == 1
    (task,) = desk.tasks.values()
    assert set(_bindings(task)) == {"L_17", *(f"D_{number}" for number in desk.deals)}


@given(TICKS, st.floats(min_value=0, max_value=1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_r7_a_draw_that_was_recorded_is_kept_whatever_chance_says_later(ticks, first, second):
    desk = Desk()
    desk.happens(ticks, "", first, refuses=1)
    recorded = {one.service: one.manager for one in desk.memory.draws}
    desk.happens(ticks, "", second)
    assert {one.service: one.manager for one in desk.memory.draws} == recorded
    assert sorted(deal.responsible_id or 0 for deal in desk.deals.values()) == sorted(recorded.values())
