"""What a person does on a card besides saving it. Each is a POST and leads back to the card."""

from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from sandbox.portal.activities import INCOMING, OUTGOING, CallMade
from sandbox.portal.clock import iso
from sandbox.portal.errors import Refusal
from sandbox.portal.types import BY_NAME, COMPANY, CONTACT, LEAD
from sandbox.portal.values import BadValue, parse_moment
from sandbox.web.addresses import address, named
from sandbox.web.card_form import refused
from sandbox.web.visit import Visit


def move(visit: Visit) -> Response:
    """Moves a card to another stage, from a board or the card."""
    kind, item_id, row = named(visit)
    if not BY_NAME[kind].staged:
        raise HTTPException(404)
    stage = visit.text("stage")
    try:
        visit.person.move(kind, item_id, stage)
    except Refusal as refusal:
        return visit.back(refused(visit, kind, row, refusal, stage), bad=True)
    return visit.back()


def comment(visit: Visit) -> Response:
    """Writes into the timeline."""
    kind, item_id, _ = named(visit)
    try:
        visit.person.comment(kind, item_id, visit.text("text"))
    except Refusal:
        return visit.go(address(kind, item_id), visit.word("Напишите что-нибудь", "Write something first"), bad=True)
    return visit.go(address(kind, item_id))


def call(visit: Visit) -> Response:
    """Records a call with the client, answered or not."""
    kind, item_id, _ = named(visit)
    direction = INCOMING if visit.text("direction") == "in" else OUTGOING
    missed = visit.text("missed") == "Y"
    made = CallMade(direction, max(visit.number("seconds", 60), 0), "304" if missed else "200")
    visit.person.call(kind, item_id, made)
    return visit.go(address(kind, item_id), visit.word("Звонок записан", "The call is recorded"))


def add_todo(visit: Visit) -> Response:
    """Adds a to-do; without a time it is for tomorrow."""
    kind, item_id, _ = named(visit)
    text = visit.text("text")
    if not text:
        return visit.go(address(kind, item_id), visit.word("Напишите, что сделать", "Say what is to be done"), bad=True)
    clock = visit.portal.clock
    try:
        deadline = parse_moment(visit.text("deadline"), clock.zone)
    except BadValue:
        deadline = clock.now() + timedelta(days=1)
    with visit.portal.lock:
        owner = (BY_NAME[kind].id, item_id)
        visit.portal.activities.add_todo(owner, visit.user_id, iso(deadline), DESCRIPTION=text)
    return visit.go(address(kind, item_id))


def complete(visit: Visit) -> Response:
    """Ticks off a to-do or a task, wherever it is shown."""
    try:
        if task := visit.number("task"):
            visit.person.complete_task(task)
        else:
            visit.person.complete_activity(visit.number("activity"))
    except Refusal:
        return visit.back(visit.word("Этого дела уже нет", "It is no longer there"), bad=True)
    return visit.back()


def convert(visit: Visit) -> Response:
    """Makes contact, company and deal of a lead by hand."""
    kind, item_id, row = named(visit)
    if kind != LEAD.name:
        raise HTTPException(404)
    try:
        made = visit.person.convert(item_id, company=visit.text("company") == "Y", deal=visit.text("deal") == "Y")
    except Refusal as refusal:
        return visit.go(address(kind, item_id), refused(visit, kind, row, refusal), bad=True)
    names = {"contact": ("контакт", "contact"), "company": ("компания", "company"), "deal": ("сделка", "deal")}
    what = ", ".join(visit.word(*names[one]) for one in made)
    return visit.go(address(kind, item_id), visit.word(f"Создано: {what or 'ничего'}", f"Made: {what or 'nothing'}"))


def add_requisite(visit: Visit) -> Response:
    """Adds requisites of a contact or a company, with a bank account if one is given."""
    kind, item_id, _ = named(visit)
    if kind not in (CONTACT.name, COMPANY.name):
        raise HTTPException(404)
    portal, preset = visit.portal, visit.number("preset")
    name = (portal.tables.presets.get(preset) or {"NAME": visit.text("inn")})["NAME"]
    owner = {"ENTITY_TYPE_ID": BY_NAME[kind].id, "ENTITY_ID": item_id, "PRESET_ID": preset}
    with portal.lock:
        requisite = portal.requisites.add(visit.user_id, {**owner, "NAME": name, "RQ_INN": visit.text("inn")})
        bank = {"RQ_ACC_NUM": visit.text("account"), "RQ_BIK": visit.text("bik")}
        if any(bank.values()):
            portal.requisites.add_bank_detail(visit.user_id, {"ENTITY_ID": requisite, "NAME": name, **bank})
    return visit.go(address(kind, item_id))


def delete(visit: Visit) -> Response:
    """Deletes the card."""
    kind, item_id, _ = named(visit)
    visit.person.delete(kind, item_id)
    return visit.go(f"/crm/{kind}/", visit.word("Удалено", "Deleted"))
