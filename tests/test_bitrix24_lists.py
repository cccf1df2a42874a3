"""Whole lists: many pages a request, and nothing lost when rows disappear meanwhile."""

import pytest
from crm_robots.portal import lists
from crm_robots.portal.commands import Reply
from crm_robots.portal.errors import Refused, error_of


class Cards:
    """Answers list commands from a set of ids; counts requests as `read` would make them."""

    def __init__(self, ids, key="id"):
        self.ids, self.key, self.requests, self.commands = sorted(ids), key, 0, []
        self.vanish = {}

    def read(self, commands):
        self.requests += -(-len(commands) // 50)
        return {name: self.page(command) for name, command in commands.items()}

    def page(self, command):
        self.commands.append(command)
        wanted = command.params.get("filter", {})
        ids = [i for i in self.ids if i > wanted.get(f">{self.key}", 0)]
        ids = [i for i in ids if i < wanted.get(f"<{self.key}", 10**9)]
        ids = [i for i in ids if "@id" not in wanted or i in wanted["@id"]]
        start = command.params["start"]
        rows = [{self.key: i} for i in ids[max(start, 0) : max(start, 0) + 50]]
        self.ids = [i for i in self.ids if i not in self.vanish.pop(start, ())]
        return Reply({"items": rows} if self.key == "id" else rows, total=len(ids) if start >= 0 else 0)


def ids_of(cards, **kwargs):
    kwargs = {"rows": "items", "key": None, "expect": 0} | kwargs
    method = "crm.item.list" if cards.key == "id" else "crm.activity.list"
    return [lists.row_id(row) for row in lists.pages(cards, method, {"entityTypeId": 4}, **kwargs)]


def test_many_items_come_2500_a_request():
    cards = Cards(range(1, 12_001))
    found = lists.items(cards, 4, range(1, 12_501), ["title"])
    assert len(found) == 12_000
    assert cards.requests == 5
    assert cards.commands[0].params["select"] == ["id", "title"]
    assert cards.commands[0].params["start"] == -1


def test_a_list_of_12000_is_one_small_request_and_five_full_ones():
    cards = Cards(range(10, 120_000, 10))
    assert ids_of(cards) == list(range(10, 120_000, 10))
    assert cards.requests == 6


def test_with_a_good_guess_five_requests_are_enough():
    cards = Cards(range(1, 12_001))
    assert len(ids_of(cards, expect=11_700)) == 12_000
    assert cards.requests == 5


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100])
def test_short_lists_are_one_request_more_than_pages_need(count):
    cards = Cards(range(1, count + 1))
    assert ids_of(cards) == list(range(1, count + 1))
    assert cards.requests == (1 if count <= 50 else 2)


def test_a_guess_that_is_too_high_does_no_harm():
    assert ids_of(Cards(range(1, 61)), expect=500) == list(range(1, 61))


def test_windows_follow_each_other(monkeypatch):
    monkeypatch.setattr(lists, "_WINDOW", 200)
    assert ids_of(Cards(range(1, 1_024))) == list(range(1, 1_024))


def test_rows_that_slip_between_pages_are_fetched():
    cards = Cards(range(1, 301))
    cards.vanish = {50: {3, 4}, 150: {160}}
    kept = set(range(1, 301)) - {3, 4, 160}
    assert kept <= set(ids_of(cards))


def test_older_methods_list_by_their_capital_id():
    cards = Cards(range(1, 121), key="ID")
    assert ids_of(cards, rows=None) == list(range(1, 121))
    assert cards.commands[0].params["order"] == {"ID": "ASC"}


def test_users_and_departments_have_their_own_order():
    cards = Cards([1], key="ID")
    list(lists.pages(cards, "user.get", {"FILTER": {"ACTIVE": True}}, rows=None, key=None, expect=0))
    assert cards.commands[0].params == {"sort": "ID", "order": "ASC", "FILTER": {"ACTIVE": True}, "start": 0}
    cards.read = lambda commands: {n: Reply([], total=0) for n, c in commands.items() if "START" in c.params}
    assert not list(lists.pages(cards, "department.get", {}, rows=None, key=None, expect=0))


def test_a_refused_filter_is_raised():
    error = error_of("crm.item.list", "INVALID_ARG_VALUE", "bad filter", 0)
    cards = Cards([])
    cards.read = lambda commands: {name: Reply(error=error) for name in commands}
    with pytest.raises(Refused):
        ids_of(cards)


def test_rows_come_as_a_list_or_as_a_map_of_numbers():
    row = {"ID": "5"}
    for result, name in (
        ([row], None),
        ({"0": row}, None),
        ({"items": [row]}, "items"),
        ({"items": {"0": row}}, "items"),
    ):
        assert lists.rows_of(Reply(result), name) == [row]
    assert lists.rows_of(Reply(None), None) == []


def test_a_guess_too_low_still_fills_the_first_request():
    cards = Cards(range(1, 2_401))
    found = [row for _, rows, _ in lists.item_pages(cards, {4: 10}, ["id"]) for row in rows]
    assert len(found) == 2_400
    assert cards.requests == 1
