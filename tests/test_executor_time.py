"""F1, F4: a function whose time is nearly over leaves the rest of its window to the next one."""

from dataclasses import replace

import pytest
from crm_robots.engine.executor import Executor
from crm_robots.portal.errors import Busy
from crm_robots.records.time_left import BEGIN_WITHIN, TimeLeft
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.shared.events import CrmEvent, by_item

from tests.support.world import BASE, World, new_world

CASES = {
    "qualification": (QualificationRobot, "lead", {"stageId": "QUALIFIED"}, 12),
    "client-status": (ClientStatusRobot, "company", {"UF_CRM_CLIENT_STATUS": "Тёплый"}, 16),
}
"""The last number: cards that fit into a request, with four actions (return, comment, to-do, notice) or three."""


def hurried(world: World, sends: int):
    """The world's tools with a clock that runs out after so many requests of plans."""
    left = iter([True] * sends)

    def has_time() -> bool:
        return next(left, False)

    tools = world.tools
    return replace(
        tools, executor=Executor(tools.portal, tools.memory, tools.journal, has_time=has_time), has_time=has_time
    )


@pytest.mark.parametrize("name", CASES)
def test_f1_what_there_is_no_time_for_comes_back_and_is_done_once(name):
    make, kind, change, in_a_batch = CASES[name]
    for world in new_world({name: make}):
        world.publish()
        person = world.person("Петров")
        usual = {"title": "Нитки"} | ({"UF_CRM_CLIENT_STATUS": "Горячий"} if kind == "company" else {})
        items = [person.create(kind, **usual) for _ in range(in_a_batch + 2)]
        world.settle()
        for item in items:
            person.update(kind, item, **change)
        now = int(world.portal.clock.now().timestamp())
        events = [CrmEvent(f"ONCRM{kind.upper()}UPDATE", f"{kind}:{item}", now, now, BASE) for item in items]

        failures = make(hurried(world, 1)).handle(by_item(events))

        assert set(failures) == {f"{kind}:{item}" for item in items[in_a_batch:]}
        assert all(isinstance(error, Busy) for error in failures.values())
        assert [len(world.comments(kind, item)) for item in items] == [1] * in_a_batch + [0, 0]
        world.settle()
        assert [len(world.comments(kind, item)) for item in items] == [1] * len(items)


def test_the_time_counts_anew_with_every_invocation():
    now = [0.0]
    has_time = TimeLeft(lambda: now[0])
    now[0] = 10 * BEGIN_WITHIN
    assert has_time()
    has_time.start()
    now[0] += BEGIN_WITHIN
    assert not has_time()
    has_time.start()
    assert has_time()
