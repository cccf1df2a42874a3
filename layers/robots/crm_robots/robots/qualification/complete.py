"""Q4 and Q8: a lead without gaps: its to-do is closed, and it goes to those who handle its direction."""

from msgspec.structs import replace

from crm_robots.robots.qualification.case import Case
from crm_robots.robots.qualification.gaps import direction_of, gaps
from crm_robots.robots.qualification.handover import Pick, keeps
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.rules import Direction
from crm_robots.robots.qualification.scene import Scene
from crm_robots.robots.qualification.texts import paragraphs
from crm_robots.robots.qualification.values import values_of
from crm_robots.shared.actions import AddComment, CompleteActivity, UpdateItem
from crm_robots.shared.decision import Decision, Step
from crm_robots.shared.gate.hold import close_todo
from crm_robots.shared.gate.memory import fingerprint
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, Markup


def complete(scene: Scene) -> Decision:
    """Says once that everything is filled, and finds the responsible once per direction."""
    known, case = scene.known, scene.case
    closing = _closing(scene)
    text = paragraphs(scene.news, case.texts.say("filled") if known.reminded and not case.beside else NOTHING)
    settled = known if case.beside else replace(known, announced=(), reminded=False, todo=None)
    item, direction = _direction(scene)
    if heir := _taken_away(scene, direction):
        back = Step((_give(scene, heir, "Q8 again"),))
        return Decision(replace(settled, heir=None), (*scene.steps(text, *closing), back))
    if scene.is_lost or known.refused == fingerprint(scene.lead) or not _waits(direction, item, known):
        return Decision(settled, scene.steps(text, *closing))
    if keeps(direction, scene.lead.responsible_id, case.words.directory):
        return Decision(_handed(scene, settled, scene.lead.responsible_id), scene.steps(text, *closing))
    heir = _heir(scene, direction)
    if heir is None:
        return _nobody(scene, text, settled)
    return _hand_over(scene, heir, text, settled)


def _closing(scene: Scene) -> tuple[CompleteActivity, ...]:
    """Our to-do may list what conversion lacks yet."""
    return () if scene.case.beside else close_todo(scene.known.todo)


def _direction(scene: Scene) -> tuple[str, Direction]:
    item = direction_of(scene.values, scene.case.rules)
    return item, scene.case.rules.directions.get(item, Direction(""))


def _waits(direction: Direction, item: str, known: LeadMemory) -> bool:
    return bool(direction.user or direction.department) and item not in known.handed


def _handed(scene: Scene, memory: LeadMemory, user: int | None) -> LeadMemory:
    item, _ = _direction(scene)
    heir = Pick(user, scene.case.ts) if user else None
    return replace(memory, handed=(*memory.handed, item), heir=heir, unserved="", refused="")


def _taken_away(scene: Scene, direction: Direction) -> int | None:
    """Who had the new lead when another robot, which had not seen that yet, gave it to its creator (C1)."""
    lead, heir = scene.lead, scene.known.heir
    is_other = lead.responsible_id == lead.created_by_id and lead.updated_by_id == scene.case.portal.webhook_user_id
    if heir is None or not is_other or not heir.is_recent(scene.case.ts):
        return None
    return None if keeps(direction, lead.responsible_id, scene.case.words.directory) else heir.user


def _give(scene: Scene, user: int, rule: str) -> UpdateItem:
    old = {"ASSIGNED_BY_ID": scene.lead.responsible_id}
    return UpdateItem(item=scene.lead.ref, fields={"ASSIGNED_BY_ID": user}, old=old, rule=rule)


def _heir(scene: Scene, direction: Direction) -> int | None:
    """Who gets the lead: the person, or the next one of the department."""
    lead, case = scene.lead, scene.case
    team = case.teams.get(direction.department)
    heir = team.choose(int(lead.ref.id), case.ts, case.away) if team else direction.user
    return heir if case.words.directory.is_active(heir) and heir not in case.away else None


def _nobody(scene: Scene, text: Markup, settled: LeadMemory) -> Decision:
    """Said once; the robot goes on looking with every change of the lead. A department that was not counted waits."""
    case = scene.case
    item, direction = _direction(scene)
    if direction.department and direction.department not in case.teams:
        return Decision(settled, scene.steps(text, *_closing(scene)))
    lack = f"{'away' if _is_there(scene, direction) else 'nobody'}_{'team' if direction.department else 'user'}"
    whom = case.texts.say(lack, team=direction.team, direction=direction.label)
    told = NOTHING if settled.unserved == item else case.texts.say("nobody", whom=whom)
    return Decision(replace(settled, unserved=item), scene.steps(paragraphs(text, told), *_closing(scene)))


def _is_there(scene: Scene, direction: Direction) -> bool:
    """Whether somebody would get the lead who is only away today (S11)."""
    if direction.department:
        return bool(scene.case.teams[direction.department].members)
    return scene.case.words.directory.is_active(direction.user)


def _hand_over(scene: Scene, heir: int, text: Markup, settled: LeadMemory) -> Decision:
    lead, case = scene.lead, scene.case
    _, direction = _direction(scene)
    refused = paragraphs(text, case.texts.say("not_handed"))
    step = Step(
        actions=(
            _give(scene, heir, "Q8"),
            AddComment(lead.ref, paragraphs(text, _why(scene, heir, direction)), rule="Q8", optional=True),
            *_closing(scene),
        ),
        otherwise=(AddComment(lead.ref, refused, rule="Q8"), *_closing(scene)),
        memory_otherwise=replace(settled, refused=fingerprint(lead)),
    )
    return Decision(_handed(scene, settled, heir), (step,))


def _why(scene: Scene, heir: int, direction: Direction) -> Markup:
    case = scene.case
    team = case.teams.get(direction.department)
    count = team.count(heir, int(scene.lead.ref.id), case.ts) if team else 0
    return case.texts.say(
        "handed_team" if team else "handed_user",
        name=case.words.directory.name(heir),
        direction=direction.label,
        team=direction.team,
        count=count,
    )


def heir_of(decision: Decision) -> int | None:
    """Who gets the lead by that decision."""
    updates = (action for action in decision.actions if isinstance(action, UpdateItem))
    return next((one.fields["ASSIGNED_BY_ID"] for one in updates if one.rule == "Q8"), None)


def heirs_wanted(lead: Item, memory: LeadMemory, case: Case) -> Direction:
    """The direction whose people must be looked at before this lead can be handed over; one without people for none."""
    values = values_of(lead, case.rules)
    item = direction_of(values, case.rules)
    direction = case.rules.directions.get(item, Direction(""))
    if item in memory.handed or gaps(values, case.rules):
        return Direction("")
    return Direction("") if keeps(direction, lead.responsible_id, case.words.directory) else direction
