"""T3: which of the robots' changes go back, by the journal and the cards as they are."""

from typing import Any

import pytest
from crm_robots.robots.undo.texts import Reason
from crm_robots.robots.undo.undoing import Scene, Undoing, undoing
from crm_robots.shared.actions import AddComment, UpdateItem
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.hands_off import HandsOff, Mark, held, is_own_doing, respected
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.markup import Markup
from crm_robots.shared.plan import Cause
from crm_robots.shared.written import Entry

CARD = "company:5"


def change(ts: int, old: Any, new: Any, field: str = "UF_A", **more: Any) -> Entry:
    usual: dict[str, Any] = {"item": CARD, "robot": "client-status", "rule": "D2", "action": "update_item"}
    usual |= {"number": f"{CARD}#{ts}.0.0.{field}", "event": f"schedule {CARD}", "ts": ts}
    return Entry(**usual | {"field": field, "old": old, "new": new} | more)


def activity(number: int, old: int, new: int, ts: int = 1) -> Entry:
    more = {"number": f"{CARD}#{ts}.1.{number}", "part": f"activity:{number}", "action": "reassign_activity"}
    return change(ts, old, new, "RESPONSIBLE_ID", **more)


def scene(known: HandsOff | None = None, activities: dict[int, int | None] | None = None, **fields: Any) -> Scene:
    card = Item(ItemRef.parse(CARD), {"TITLE": "Ромашка"} | fields)
    return Scene({CARD: card}, activities or {}, {CARD: known or HandsOff()}, frozenset({"UF_DUE"}), "UF_S")


def result(found: Undoing) -> tuple[dict[str, Any], list[Reason]]:
    return found.cards[0].fields if found.cards else {}, [one.reason for one in found.stayed]


def test_t3_what_is_as_the_robot_left_it_gets_its_old_value_back():
    assert result(undoing([change(1, "a", "b")], scene(UF_A="b"))) == ({"UF_A": "a"}, [])


def test_t3_several_changes_of_a_field_go_back_to_the_value_before_the_first():
    found = undoing([change(1, "a", "b"), change(2, "b", "c")], scene(UF_A="c"))

    assert result(found) == ({"UF_A": "a"}, [])
    assert [one.ts for one in found.cards[0].entries] == [2, 1]


def test_t3_only_down_to_the_first_change_by_somebody_else():
    """A person wrote `x` between the robots' changes: what is older stays."""
    assert result(undoing([change(1, "a", "b"), change(2, "x", "c")], scene(UF_A="c"))) == (
        {"UF_A": "x"},
        [Reason.CHANGED],
    )


def test_t3_what_somebody_changed_since_stays():
    assert result(undoing([change(1, "a", "b")], scene(UF_A="x"))) == ({}, [Reason.CHANGED])


def test_t3_a_deleted_card_stays_deleted():
    empty = Scene({}, {}, {})
    assert result(undoing([change(1, "a", "b")], empty)) == ({}, [Reason.GONE])


def test_t3_what_was_made_is_listed_and_nothing_else():
    made = change(1, None, 30, "", action="add_comment")
    found = undoing([made], scene())
    assert (found.cards, found.stayed, found.made) == ((), (), (made,))


def test_t3_a_second_undo_finds_nothing_and_an_undo_is_not_undone():
    entry = change(1, "a", "b")
    known = HandsOff(undone=(entry.id,))
    assert undoing([entry], scene(known, UF_A="a")) == Undoing((), (), ())
    assert undoing([change(2, "b", "a", rule="T3", robot="undo")], scene(UF_A="a")) == Undoing((), (), ())


def test_t3_an_undo_that_was_cut_off_after_its_write_is_finished():
    entries = [change(1, "a", "b"), change(2, "b", "c")]
    known = HandsOff(begun=tuple(one.id for one in entries))
    assert result(undoing(entries, scene(known, UF_A="a"))) == ({"UF_A": "a"}, [])


def test_t3_a_hand_over_goes_back_with_its_activities():
    entries = [change(1, 4, 8, "ASSIGNED_BY_ID"), activity(11, 4, 8), activity(12, 4, 8)]
    found = undoing(entries, scene(activities={11: 8, 12: 8}, ASSIGNED_BY_ID=8))

    assert result(found) == ({"ASSIGNED_BY_ID": 4}, [])
    assert found.cards[0].activities == {11: (4, 8), 12: (4, 8)}


def test_t3_activities_stay_with_the_client_that_somebody_else_got_since():
    entries = [change(1, 4, 8, "ASSIGNED_BY_ID"), activity(11, 4, 8)]
    found = undoing(entries, scene(activities={11: 8}, ASSIGNED_BY_ID=9))

    assert result(found) == ({}, [Reason.CHANGED, Reason.UNIT])


def test_t3_an_activity_that_somebody_took_since_stays():
    entries = [change(1, 4, 8, "ASSIGNED_BY_ID"), activity(11, 4, 8), activity(12, 4, 8)]
    found = undoing(entries, scene(activities={11: 9, 12: 8}, ASSIGNED_BY_ID=8))

    assert result(found) == ({"ASSIGNED_BY_ID": 4}, [Reason.CHANGED])
    assert found.cards[0].activities == {12: (4, 8)}


def test_t3_a_link_is_taken_out_and_others_stay():
    link = change(1, None, 7, "CONTACT_IDS", part="contact:7", action="link_contact")
    assert result(undoing([link], scene(CONTACT_IDS=[6, 7]))) == ({"CONTACT_IDS": [6]}, [])


def test_t3_the_day_on_the_card_follows_the_status():
    """S8: it is no change of its own."""
    entries = [change(1, 28, 33, "UF_S"), change(1, "2026-03-01", "2026-04-01", "UF_DUE")]
    found = undoing(entries, scene(UF_S=33, UF_DUE="2026-05-05"))

    assert result(found) == ({"UF_S": 28}, [])
    assert undoing(entries[1:], scene(UF_DUE="x")) == Undoing((), (), ())


ROBOT_USER, PERSON = 1, 8
TAKEN = HandsOff({"UF_A": Mark(100, ("deal:7",))})


@pytest.mark.parametrize(
    ("cause", "is_held"),
    [
        (Cause("ONCRMCOMPANYUPDATE", CARD, 101, by=ROBOT_USER), True),
        (Cause("ONCRMCOMPANYUPDATE", CARD, 100, by=PERSON), True),
        (Cause("ONCRMCOMPANYUPDATE", CARD, 101, by=PERSON), False),
        (Cause("ONCRMDEALUPDATE", "deal:7", 101, by=PERSON), False),
        (Cause("ONCRMDEALUPDATE", "deal:8", 101, by=PERSON), True),
        (Cause("SCHEDULE", CARD, 500), True),
        (Cause("schedule", CARD, 500, run="daily-2026-03-02"), True),
        (Cause("import", CARD, 500, run="import-500"), False),
    ],
    ids=["echo", "before the undo", "the card", "the card behind it", "another deal", "look again", "day", "import"],
)
def test_t3_robots_leave_it_alone_until_a_person_changes_the_card_or_the_one_behind_it(cause, is_held):
    assert bool(held(TAKEN, CARD, cause, ROBOT_USER)) is is_held


def decided(*fields: str, also: str = "") -> Decision:
    ref = ItemRef.parse(CARD)
    other = [UpdateItem(ItemRef.parse(also), {"UF_B": 1}, rule="L1")] if also else []
    update = UpdateItem(ref, dict.fromkeys(fields, 1), rule="L1")
    return Decision({}, step(update, AddComment(ref, Markup("x"), rule="L2"), *other))


def test_t3_a_decision_about_what_is_left_alone_is_not_carried_out_at_all():
    assert respected(decided("UF_A"), CARD, {CARD: frozenset({"UF_A"})}) is None
    assert respected(decided("UF_C"), CARD, {CARD: frozenset({"UF_A"})}) == decided("UF_C")


def test_t3_the_rest_of_an_update_is_done():
    left = respected(decided("UF_A", "UF_C"), CARD, {CARD: frozenset({"UF_A"})})
    assert left is not None
    assert [getattr(one, "fields", None) for one in left.actions] == [{"UF_C": 1}, None]


def test_t3_other_cards_of_the_decision_go_on_and_nothing_is_said_of_this_one():
    left = respected(decided("UF_A", also="contact:6"), "deal:7", {CARD: frozenset({"UF_A"})})
    assert left is not None
    assert [str(getattr(one, "item", "")) for one in left.actions] == ["contact:6"]


@pytest.mark.parametrize(
    ("cause", "is_echo"),
    [
        (Cause("ONCRMLEADUPDATE", "lead:5", 101, by=ROBOT_USER), True),
        (Cause("ONCRMLEADUPDATE", "lead:5", 101, by=PERSON), False),
        (Cause("ONCRMDEALUPDATE", "deal:7", 101, by=ROBOT_USER), False),
        (Cause("SCHEDULE", "lead:5", 101, by=ROBOT_USER), False),
    ],
    ids=["echo", "a person", "another card", "look again"],
)
def test_w7_t3_nothing_follows_from_the_undos_own_writes(cause, is_echo):
    assert is_own_doing(TAKEN, "lead:5", cause, ROBOT_USER) is is_echo


def test_l5_t3_the_days_of_a_client_follow_a_mark_that_was_taken_back():
    assert not is_own_doing(TAKEN, CARD, Cause("ONCRMCOMPANYUPDATE", CARD, 101, by=ROBOT_USER), ROBOT_USER)
