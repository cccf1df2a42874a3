"""Whole lists: many pages a request, and nothing lost when rows disappear meanwhile."""

from random import Random

import pytest
from crm_robots.portal import lists
from crm_robots.portal.commands import Reply
from crm_robots.portal.errors import Busy, Refused, error_of
from crm_robots.portal.lists import Guess
from crm_robots.shared.reference import Reference


class Cards:
    """Answers list commands from a set of ids; counts requests, and resolves references as the portal does."""

    def __init__(self, ids, key="id"):
        self.ids, self.key, self.requests, self.commands = sorted(ids), key, 0, []
        self.failures = []

    def read(self, commands):
        self.requests += -(-len(commands) // 50)
        return {name: self.page(command, {}) for name, command in commands.items()}

    def batch(self, commands):
        assert len(commands) <= 50
        self.requests += 1
        failure = self.failures.pop(0) if self.failures else None
        if failure and failure[0] == 0:
            raise failure[1]
        replies = {}
        for place, (name, command) in enumerate(commands.items()):
            replies[name] = Reply(error=failure[1]) if failure and place >= failure[0] else self.page(command, replies)
        return replies

    def page(self, command, earlier):
        self.commands.append(command)
        wanted = {name: self.value(one, earlier) for name, one in command.params.get("filter", {}).items()}
        ids = [i for i in self.ids if i > wanted.get(f">{self.key}", 0) and i < wanted.get(f"<{self.key}", 10**9)]
        ids = [i for i in ids if "@id" not in wanted or i in wanted["@id"]]
        if "DESC" in command.params.get("order", {}).values():
            ids.reverse()
        rows = [{self.key: i} for i in ids[:50]]
        return Reply({"items": rows} if self.key == "id" else rows, total=0)

    def value(self, one, earlier):
        """What a missing reference becomes: something with which the filter finds rows from the start."""
        if not isinstance(one, Reference):
            return one
        rows = lists.rows_of(earlier[one.command], "items")
        return lists.row_id(rows[49]) if len(rows) == 50 else 0


def ids_of(cards, **kwargs):
    method, rows = ("crm.item.list", "items") if cards.key == "id" else ("crm.activity.list", None)
    found = lists.pages(cards, method, {"entityTypeId": 4}, rows=rows, sleep=lambda _: None, **kwargs)
    return [lists.row_id(row) for row in found]


def test_many_items_come_2500_a_request():
    cards = Cards(range(1, 12_001))
    found = lists.items(cards, 4, range(1, 12_501), ["title"])
    assert len(found) == 12_000
    assert cards.requests == 5
    assert cards.commands[0].params["select"] == ["id", "title"]
    assert cards.commands[0].params["start"] == -1


@pytest.mark.parametrize("step", [1, 10])
def test_section_9_12000_cards_are_five_requests_and_no_page_counts(step):
    cards = Cards(range(step, 12_000 * step + 1, step))

    assert ids_of(cards) == cards.ids
    assert cards.requests == 5
    assert {command.params["start"] for command in cards.commands} == {-1}


def test_section_9_what_is_deleted_at_random_costs_no_further_request():
    kept = Random(7).sample(range(1, 40_001), 12_000)
    cards = Cards(kept)

    assert ids_of(cards) == sorted(kept)
    assert cards.requests <= 6


@pytest.mark.parametrize("guess", [Guess(12_000, 12_000), Guess(11_700, 11_900)])
def test_section_9_with_a_good_guess_all_five_requests_leave_at_once(guess):
    cards = Cards(range(1, 12_001))

    assert ids_of(cards, guess=guess) == cards.ids
    assert cards.requests == 5
    assert not any("DESC" in command.params["order"].values() for command in cards.commands)


@pytest.mark.parametrize("guess", [Guess(3_000, 4_000), Guess(50_000, 60_000), Guess(5_000, 900_000)])
def test_a_wrong_guess_loses_no_row(guess):
    assert ids_of(Cards(range(1, 12_001)), guess=guess) == list(range(1, 12_001))


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100, 2_400, 2_449])
def test_a_list_that_fits_is_one_request(count):
    cards = Cards(range(1, count + 1))

    assert ids_of(cards) == cards.ids
    assert cards.requests == 1


@pytest.mark.parametrize("count", [2_450, 2_451, 2_500, 5_000, 27_123])
def test_longer_lists_come_whole(count):
    assert ids_of(Cards(range(1, count + 1))) == list(range(1, count + 1))


def test_ids_that_lie_far_apart_in_the_middle_come_whole():
    ids = [*range(1, 3_001), *range(500_000, 503_000), *range(900_000, 900_010)]

    assert ids_of(Cards(ids)) == ids


def test_a_list_can_go_on_behind_an_id():
    assert ids_of(Cards(range(1, 301)), after=120) == list(range(121, 301))


def test_cards_that_are_made_meanwhile_come_too():
    cards = Cards(range(1, 6_001))
    listing = lists.pages(cards, "crm.item.list", {"entityTypeId": 4}, rows="items")
    first = [next(listing) for _ in range(10)]
    cards.ids += range(6_001, 6_101)

    assert len(first) + len(list(listing)) == 6_100


def busy(method="crm.item.list"):
    return error_of(method, "OPERATION_TIME_LIMIT", "blocked", 429)


@pytest.mark.parametrize("reached", [0, 1, 30])
def test_f1_a_busy_portal_is_asked_for_what_is_missing(reached):
    cards = Cards(range(1, 6_001))
    cards.failures = [None, (reached, busy()), (reached, busy())]

    assert ids_of(cards) == cards.ids


def test_f1_trouble_that_stays_is_raised():
    cards = Cards(range(1, 101))
    cards.failures = [(0, busy())] * 20

    with pytest.raises(Busy):
        ids_of(cards)


def test_older_methods_list_by_their_capital_id():
    cards = Cards(range(1, 121), key="ID")

    assert ids_of(cards) == cards.ids
    assert cards.commands[0].params["order"] == {"ID": "ASC"}


def test_a_refused_filter_is_raised():
    cards = Cards(range(1, 101))
    cards.failures = [(1, error_of("crm.item.list", "INVALID_ARG_VALUE", "bad filter", 0))]

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


def test_several_kinds_share_their_requests():
    cards = Cards(range(1, 1_151))
    found = list(lists.item_pages(cards, dict.fromkeys([3, 4], Guess()), ["id"], sleep=lambda _: None))

    assert [(kind, len(rows), left) for kind, rows, left in found] == [(3, 1_150, 0), (4, 1_150, 0)]
    assert cards.requests == 1


def test_what_is_still_to_come_is_about_right():
    cards = Cards(range(1, 6_001))
    kind, rows, left = next(lists.item_pages(cards, {4: Guess()}, ["id"]))

    assert (kind, len(rows) + left) == (4, 6_000)
