"""T4: what a settings file would do, from today's timers, before it is published."""

from datetime import date, timedelta

import msgspec
import pytest
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.effect import Settings, effect, next_run
from crm_robots.robots.daily.schedule import Run, RunLog
from crm_robots.robots.qualification.effect import gap_effect
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.robots.qualification.rules import QualificationRules

from tests.support.days import DAY, ROBOTS, client, fire, look_ahead, settings
from tests.support.world import World, new_world

TODAY = date(2026, 3, 2)


@pytest.fixture
def world():
    for made in new_world(ROBOTS):
        made.publish()
        yield made


def rules(world: World) -> ClientStatusRules:
    in_force = world.tools.settings.load("client_status", ClientStatusRules)
    assert in_force
    return in_force.rules


def foreseen(world: World) -> dict[str, str]:
    return {one.item: one.action for one in look_ahead(world).clients}


def company(world: World) -> None:
    """Clients of every age, some of them called."""
    for status in ("Горячий", "Тёплый", "Холодный", "Горячий", "Новый"):
        world.portal.clock.advance(timedelta(days=1))
        client(world, "Петров", status)
    world.portal.clock.advance(6 * DAY)
    client(world, "Петров", "Тёплый")
    world.portal.clock.advance(20 * DAY)


def days(rules: ClientStatusRules, **of: int) -> ClientStatusRules:
    changed = tuple(msgspec.structs.replace(one, days=of.get(one.code, one.days)) for one in rules.statuses)
    return msgspec.structs.replace(rules, statuses=changed)


def warned(rules: ClientStatusRules, before: int | None) -> ClientStatusRules:
    return msgspec.structs.replace(rules, warning=msgspec.structs.replace(rules.warning, days_before=before))


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        (lambda rules: days(rules, hot=15), "label: Горячий, days: 30", "label: Горячий, days: 15"),
        (lambda rules: days(rules, cold=60), "label: Холодный, days: 30", "label: Холодный, days: 60"),
        (lambda rules: warned(rules, 12), "days_before: 3", "days_before: 12"),
        (lambda rules: warned(rules, None), "days_before: 3", "days_before: null"),
        (lambda rules: None, "client_status:\n  enabled: true", "client_status:\n  enabled: false"),
    ],
)
def test_t4_after_publishing_the_dry_run_agrees_with_what_was_foreseen(world, changes, old, new):
    company(world)
    before, now, portal = foreseen(world), rules(world), world.tools.settings.portal()
    requests = world.requests

    found = effect(world.tools, Settings(portal, now), Settings(portal, changes(now)), today(world))

    assert world.requests - requests <= 3
    assert found
    assert len({one.item for one in found}) == len(found)
    expected = dict(before)
    for one in found:
        if one.added:
            expected[one.item] = one.action
        else:
            assert expected.pop(one.item) == one.action
    assert old in settings()
    world.publish(settings().replace(old, new, 1))
    assert foreseen(world) == expected


def today(world: World) -> Run:
    return Run(world.portal.clock.now().date(), int(world.portal.clock.now().timestamp()))


def test_t4_of_settings_that_change_nothing_nothing_is_told(world):
    company(world)
    portal, now = world.tools.settings.portal(), rules(world)
    run = Run(world.portal.clock.now().date(), int(world.portal.clock.now().timestamp()))

    assert effect(world.tools, Settings(portal, now), Settings(portal, now), run) == []


def test_t4_the_day_is_todays_until_it_has_finished():
    assert next_run(RunLog(), TODAY, 5).day == TODAY
    assert next_run(RunLog(current=Run(TODAY, 4)), TODAY, 5).day == TODAY
    assert next_run(RunLog(done=(TODAY,)), TODAY, 5).day == TODAY + DAY


def test_t4_clients_whose_day_was_run_already_are_looked_at_as_of_tomorrow(world):
    client(world, "Петров", "Холодный")
    world.portal.clock.advance(30 * DAY)
    fire(world)
    portal, now = world.tools.settings.portal(), rules(world)
    run = Run(world.portal.clock.now().date() + DAY, int(world.portal.clock.now().timestamp()))

    assert effect(world.tools, Settings(portal, now), Settings(portal, None), run) == []


def test_t4_leads_at_the_gate_that_would_have_gaps():
    for world in new_world({"qualification": QualificationRobot}):
        world.publish()
        lead = world.person("Петров").create("lead", title="Ромашка", UF_CRM_DIRECTION="Физические лица")
        world.settle()
        in_force = world.tools.settings.load("qualification", QualificationRules).rules
        held = msgspec.structs.replace(in_force, gate=world.person("Петров").read("lead", lead)["stageId"])
        code = next(one.code for one in held.looked_at if one.code != held.direction_field)
        strict = msgspec.structs.replace(held, required_always=((code,),))

        (added,) = gap_effect(world.tools.portal, held, strict)
        (removed,) = gap_effect(world.tools.portal, strict, held)

        assert (added.item, added.added, removed.added) == (f"lead:{lead}", True, False)
        assert list(gap_effect(world.tools.portal, held, held)) == []
