"""T3: after a whole life, an administrator takes robots' actions back. `tests/simulation` lives it; few seeds."""

from collections.abc import Callable

import pytest
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.window import Window
from crm_robots.robots.undo.undo import HOLDER, Undo
from crm_robots.robots.undo.undoing import Undoing
from crm_robots.shared.values import same_value
from crm_robots.shared.written import Entry

from sandbox.portal.types import BY_NAME
from tests.simulation import checks
from tests.simulation.acting import STATUS_FIELD, Actor
from tests.simulation.days import LIFETIME
from tests.simulation.life import Life, life
from tests.simulation.run import _calm, _storm
from tests.simulation.story import story

_OUR_NAMES = {"STAGE_ID": "stageId", "ASSIGNED_BY_ID": "assignedById", "OPENED": "opened"}


def spawned[T](lived: Life, do: Callable[[], T]) -> T:
    """Beside everything else, in the life's own time."""
    found: list[T] = []

    def run() -> None:
        lived.wires.begin(LIFETIME)
        try:
            found.append(do())
        finally:
            lived.wires.end()

    lived.scheduler.spawn(run)
    assert lived.scheduler.run(most=60_000), "W7: the world does not settle"
    return found[0]


def taken_back(lived: Life, entries: list[Entry]) -> Undoing:
    def do() -> Undoing:
        tools = lived.tools()
        current = tools.settings.load("client_status", ClientStatusRules)
        window = Window(tools, current.rules, current.portal, HOLDER) if current else None
        return Undo(tools, window, int(lived.portal.clock.now().timestamp()), sleep=lived.wires.sleep).done(entries)

    return spawned(lived, do)


def shown(lived: Life, name: str) -> dict[str, object]:
    """A field of all cards, as people see it."""
    rows = {f"{kind}:{row['id']}": row for kind in BY_NAME for row in lived.portal.items.table(BY_NAME[kind].id)}
    return {item: row.get(_OUR_NAMES.get(name, name)) for item, row in rows.items()}


@pytest.mark.parametrize("seed", [3, 21, 55])
def test_t3_an_administrator_takes_everything_back_and_the_world_settles(seed: int) -> None:
    with life(seed) as lived:
        actor, start, acts = Actor(lived), lived.scheduler.now, story(seed)
        for act in acts:
            lived.scheduler.at(start + act.at, lambda act=act: actor.do(act))  # type: ignore[misc]
        assert not (_storm(lived, start + acts[-1].at))
        assert not (_calm(lived))
        entries = checks._entries(lived)
        names = {entry.field for entry in entries if entry.field and not entry.part} & {
            *_OUR_NAMES,
            *_user_fields(lived),
        }
        names -= {"UF_CRM_DUE"}  # it follows the status (S8)
        before = {name: shown(lived, name) for name in names}

        first = taken_back(lived, entries)
        undone = [entry for card in first.cards for entry in card.entries]
        for name in names:
            for item, value in shown(lived, name).items():
                if not same_value(value, before[name].get(item)):
                    mine = [one for one in undone if (one.item, one.field) == (item, name)]
                    assert mine, f"{item} {name} was nobody's to change"
                    assert same_value(before[name][item], mine[0].new), "what a person changed is never touched"

        for card in first.cards:
            for name in card.fields.keys() & (names - {STATUS_FIELD}):
                assert same_value(shown(lived, name)[card.item], card.fields[name]), "robots leave it alone"
        assert undone

        again = taken_back(lived, entries)
        assert [one for card in again.cards for one in card.entries] == []
        back = taken_back(lived, [one for one in checks._entries(lived) if one.rule == "T3"])
        assert (back.cards, back.stayed, back.made) == ((), (), ())
        assert not [*checks._queues(lived), *checks._records(lived)]


def _user_fields(lived: Life) -> set[str]:
    return {row["FIELD_NAME"] for row in lived.portal.tables.user_fields}
