"""Q8: colleagues are counted once, and two functions at once never share out the same turn."""

import pytest
from crm_robots.portal.commands import Reply
from crm_robots.portal.errors import Busy, Refused
from crm_robots.records.memory import MemoryTable
from crm_robots.robots.qualification.teams import Teams

from tests.support.qualification import NINE, PEOPLE


@pytest.fixture
def make_teams(dynamodb):
    return lambda: Teams(MemoryTable(dynamodb, "MemoryTable"), "qualification", PEOPLE, ["NEW"])


def counted(teams, **totals):
    asked = teams.questions([5], NINE)
    teams.count({name: Reply(total=totals.get(f"u{name[-1]}", 0)) for name in asked})
    return asked


def test_q8_everyone_of_the_department_is_counted_in_one_go(make_teams):
    teams = make_teams()
    asked = counted(teams, u5=3, u6=1)
    assert {name: command.params["filter"] for name, command in asked.items()} == {
        "open_5_5": {"assignedById": 5, "@stageId": ["NEW"]},
        "open_5_6": {"assignedById": 6, "@stageId": ["NEW"]},
    }
    assert teams.questions([5], NINE) == {}
    assert teams.teams[5].choose(17, NINE) == 6


def test_q8_of_two_functions_at_once_the_second_counts_anew(make_teams):
    first, second = make_teams(), make_teams()
    for teams in (first, second):
        counted(teams)
        teams.teams[5].take(17, 5, NINE)
    assert first.save() == set()
    assert second.save() == {5}
    third = make_teams()
    asked = counted(third)
    assert asked["open_5_5"].params["filter"]["!@id"] == [17]
    assert third.teams[5].choose(18, NINE) == 6


def test_q8_turns_that_did_not_move_are_not_written(make_teams):
    teams = make_teams()
    counted(teams)
    assert teams.save() == set()
    assert make_teams().questions([5], NINE)["open_5_5"].params["filter"].keys() == {"assignedById", "@stageId"}


def test_q8_a_portal_that_will_not_count_leaves_it_to_turns(make_teams):
    teams = make_teams()
    asked = teams.questions([5], NINE)
    teams.count({name: Reply(error=Refused("crm.item.list", "INVALID_ARG_VALUE")) for name in asked})
    assert teams.teams[5].choose(17, NINE) == 5


def test_q8_a_portal_that_is_down_is_asked_again_later(make_teams):
    teams = make_teams()
    asked = teams.questions([5], NINE)
    with pytest.raises(Busy):
        teams.count({name: Reply(error=Busy("crm.item.list")) for name in asked})
