"""Q3 and Q4: a lead with gaps at the gate or past it goes back, and its responsible hears what is missing."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from crm_robots.domain.actions import Action, AddComment, AddTodo, UpdateItem
from crm_robots.domain.decision import Decision, Step
from crm_robots.domain.qualification.gaps import key_of
from crm_robots.domain.qualification.memory import LeadMemory, fingerprint
from crm_robots.domain.qualification.rules import Requirement, Stage
from crm_robots.domain.qualification.scene import Scene
from crm_robots.domain.qualification.texts import paragraphs


def at_gate(scene: Scene, missing: tuple[Requirement, ...]) -> Decision:
    """Moves the lead each time, but tells of the same gaps only once."""
    keys = tuple(map(key_of, missing))
    is_new = not set(keys) <= set(scene.known.announced)
    names = scene.case.words.requirements(missing)
    reminder = _todo(scene, names) if is_new else ()
    told = replace(scene.known, announced=keys, reminded=scene.known.reminded or is_new)
    if reminder:
        told = replace(told, todo="$result[todo][id]")
    target = _target(scene)
    if target is None or scene.known.refused == fingerprint(scene.lead):
        kind = "converted" if scene.is_won else "remind"
        stage = scene.case.order.name(scene.lead.stage_id)
        reminded = scene.case.texts.listed(kind, names, stage=stage) if is_new else ""
        return Decision(told, scene.steps(paragraphs(scene.news, reminded), *reminder))
    told = replace(told, refused="")
    return Decision(told, (_move(scene, target, names if is_new else [], names, reminder, told),))


def _target(scene: Scene) -> Stage | None:
    """Where to put the lead back to. A converted one is not moved."""
    if not scene.case.rules.returns or scene.is_won:
        return None
    return scene.case.order.return_to(scene.known.before_gate)


def _move(
    scene: Scene, target: Stage, new: list[str], missing: list[str], reminder: tuple[Action, ...], told: LeadMemory
) -> Step:
    """The move comes before the reminder, which says whether the portal let it be; nothing else can stop the move."""
    lead, texts = scene.lead, scene.case.texts
    move = UpdateItem(item=lead.ref, fields={"STAGE_ID": target.id}, old={"STAGE_ID": lead.stage_id}, rule="Q3 gate")
    news = (AddComment(lead.ref, scene.news, rule="Q5", optional=True),) if scene.news else ()
    comment = (
        (AddComment(lead.ref, texts.listed("returned", new, stage=target.name), rule="Q4", optional=True),)
        if new
        else ()
    )
    refused = paragraphs(texts.listed("not_returned", missing), texts.say("portal_refused", stage=target.name))
    return Step(
        actions=(*news, move, *comment, *reminder),
        otherwise=(AddComment(lead.ref, refused, rule="Q3 refused"), *reminder),
        memory_otherwise=replace(told, refused=fingerprint(lead)),
    )


def _todo(scene: Scene, names: list[str]) -> tuple[Action, ...]:
    """A new to-do in place of the one that lists other gaps."""
    case, responsible = scene.case, scene.lead.responsible_id
    if case.rules.todo_hours is None or responsible is None:
        return ()
    todo = AddTodo(
        key="todo",
        item=scene.lead.ref,
        title=case.texts.todo_title(names),
        description=case.texts.listed("todo_text", names),
        responsible_id=responsible,
        deadline=datetime.fromtimestamp(case.ts, case.words.zone) + timedelta(hours=case.rules.todo_hours),
        rule="Q4",
        optional=True,
    )
    return (todo, *scene.close_todo())
