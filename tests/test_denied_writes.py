"""F2: what the portal denies is not remembered as done: it waits for the right and is told once it can be."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from crm_robots.engine.executor import Executor
from crm_robots.engine.patience import gives_up
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import AccessLost, Refused, error_of
from crm_robots.portal.seen import Seen
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.shared.actions import Action, AddComment, AddItem, AddTodo, Notify, UpdateItem
from crm_robots.shared.decision import Decision, Step
from crm_robots.shared.items import ItemRef
from crm_robots.shared.markup import REFUSAL, Markup
from crm_robots.shared.plan import Cause, Record, read_plan
from crm_robots.shared.words.values import Words
from msgspec.structs import replace

from tests.support.world import EXAMPLE, World, new_world

LEAD = ItemRef("lead", 17)
KEEPER: Any = SimpleNamespace(save=lambda record: None, write=list, words=Words)
ACTIONS = {
    type(action).__name__: action
    for step in read_plan((Path(__file__).parent / "upgrade" / "plan.json").read_text()).decision.steps
    for action in step.actions
}
"""One of each kind."""


class Portal:
    """Denies some methods, or all, until the right is given back."""

    seen = Seen()

    def __init__(self, denied: str = "") -> None:
        self.denied = denied
        self.done: list[str] = []

    def batch(self, commands: Mapping[str, Command], *, halt: bool = False) -> dict[str, Reply]:
        replies = dict.fromkeys(commands, Reply(executed=False))
        for name, command in commands.items():
            if self.denied and self.denied in command.method:
                replies[name] = Reply(error=error_of(command.method, "ACCESS_DENIED", "Access denied!"))
                if halt:
                    break
            else:
                self.done.append(command.method)
                replies[name] = Reply({"item": {"id": 5}, "task": {"id": 5}, "id": 5})
        return replies

    def read(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        return {
            name: Reply({"item": {"id": 17, "TITLE": "x"}} if command.method == "crm.item.get" else {"ID": "5"})
            if command.method.endswith((".item.get", ".activity.get"))
            else Reply([])
            for name, command in commands.items()
        }


def performed(portal: Portal, *steps: Step) -> tuple[Record, Executor, dict[str, Exception]]:
    record = Record("lead:17", "x", memory='{"seen":false}')
    executor = Executor(portal, KEEPER, KEEPER)  # type: ignore[arg-type]
    return record, executor, executor.perform([(record, Decision({"seen": True}, steps), Cause("", "", 0))])


@pytest.mark.parametrize("is_optional", [False, True])
@pytest.mark.parametrize("name", ACTIONS)
def test_f2_each_kind_of_write_waits_for_the_right_and_is_done_once_it_is_back(name: str, is_optional: bool) -> None:
    action: Action = replace(ACTIONS[name], optional=is_optional)
    if isinstance(action, UpdateItem):
        action = replace(action, fields={"TITLE": "new"})
    if isinstance(action, AddItem):
        action = replace(action, kind="contact")
    portal = Portal(denied=".")

    record, executor, failures = performed(portal, Step((action,)))

    assert isinstance(failures["lead:17"], AccessLost)
    assert not gives_up(failures["lead:17"], 1000, 1e9)
    assert record.plan is not None
    assert record.memory == '{"seen":false}'
    assert portal.done == []

    portal.denied = ""
    assert executor.resume([record]) == {}
    assert len(portal.done) == 1
    assert record.memory == '{"seen":true}'


MOVE = UpdateItem(LEAD, {"STAGE_ID": "NEW"}, {"STAGE_ID": "WON"})
TOLD = AddComment(LEAD, Markup("told"))
SORRY = AddComment(LEAD, Markup("sorry: {}").format(REFUSAL))


def test_f2_a_denied_reminder_is_no_reason_to_say_that_the_move_was_refused() -> None:
    portal = Portal(denied="comment")
    record, executor, failures = performed(portal, Step((MOVE, TOLD), otherwise=(SORRY,)))
    assert isinstance(failures["lead:17"], AccessLost)

    portal.denied = ""
    assert executor.resume([record]) == {}
    assert portal.done == ["crm.item.update", "crm.timeline.comment.add"]
    assert record.refusal == ""


def test_f2_a_denied_move_is_told_and_waits_for_the_right_to_tell() -> None:
    portal = Portal(denied="crm.")
    record, executor, failures = performed(
        portal, Step((MOVE, TOLD), otherwise=(SORRY,), memory_otherwise={"seen": None})
    )
    assert isinstance(failures["lead:17"], AccessLost)

    portal.denied = "crm.item.update"
    assert executor.resume([record]) == {}
    assert portal.done == ["crm.timeline.comment.add"]
    assert record.memory == '{"seen":null}'


def test_f2_what_was_done_before_the_denial_is_not_done_again() -> None:
    portal = Portal(denied="todo")
    todo = AddTodo("todo", LEAD, Markup("a"), Markup("b"), 5, datetime(2026, 1, 5, tzinfo=UTC), optional=True)
    record, executor, failures = performed(portal, Step((TOLD, todo, Notify(5, Markup("a")))))
    assert isinstance(failures["lead:17"], AccessLost)

    portal.denied = ""
    assert executor.resume([record]) == {}
    assert sorted(portal.done) == ["crm.activity.todo.add", "crm.timeline.comment.add", "im.notify.system.add"]


@pytest.mark.parametrize(
    ("code", "text", "is_denial"),
    [
        ("ACCESS_DENIED", "", True),
        ("", "Access denied.", True),
        ("", "Доступ запрещён", True),
        ("ERROR_CORE", "Недостаточно прав", True),
        ("CRM_FIELD_ERROR_REQUIRED", "Не заполнено поле", False),
        ("", "ID is not defined or invalid.", False),
    ],
)
def test_f2_a_denial_is_told_from_other_refusals(code: str, text: str, is_denial: bool) -> None:
    error = error_of("crm.timeline.comment.add", code, text, 400)
    assert isinstance(error, Refused)
    assert error.is_denial == is_denial


@pytest.mark.parametrize(("robot", "make"), [("qualification", QualificationRobot), ("conversion", ConversionRobot)])
def test_f2_a_reminder_that_was_denied_for_a_while_reaches_people_once_the_right_is_back(robot: str, make: Any) -> None:
    for world in new_world({robot: make}):
        world.publish(EXAMPLE.read_text())
        manager = world.person("Смирнов")
        # A person's lead asks nothing of qualification, so conversion speaks for itself (Q3).
        asks = {} if robot == "qualification" else {"UF_CRM_DIRECTION": "Физические лица"}
        lead = manager.create("lead", title="Шьём", stageId="ASSIGNED", **asks)
        world.settle()
        denied = ("crm.timeline.comment.add", "crm.activity.todo.add")
        faults = [world.portal.faults.add("access_denied", method, times=None, inner=True) for method in denied]
        manager.move("lead", lead, "КП отправлено")
        tries(world, 3)
        assert manager.read("lead", lead)["stageId"] == "ASSIGNED"
        assert world.comments("lead", lead) == []

        for fault in faults:
            world.portal.faults.remove(fault)
        world.settle()

        assert len(world.comments("lead", lead)) == 1
        assert len(world.portal.activities.todos(1, lead)) == 1


def tries(world: World, count: int) -> None:
    """Works, while some work has to come back each time."""
    for _ in range(count):
        assert world.work()
