from datetime import date

import pytest
from crm_robots.robots.client_status.cards import Change, DealsSoFar, Sight, change_of, decide, knows_call
from crm_robots.robots.client_status.rules import CallRules
from crm_robots.robots.client_status.timer import Timer
from crm_robots.shared.actions import AddComment, Notify, UpdateItem
from crm_robots.shared.items import Item, ItemRef

from tests.support.client_status import A_DAY, DAY, FIELD, ITEMS, NOON, PORTAL, ROBOT_USER, calendar, without_past

CARD = ItemRef("company", 42)
PERSON, HEAD = 12, 3
HOT = Timer(status="hot", since=date(2026, 2, 1))


def card(status: str | None, *, by: int = PERSON) -> Item:
    value = ITEMS["company"][status] if status else None
    return Item(CARD, {FIELD: value, "TITLE": "Ромашка", "ASSIGNED_BY_ID": PERSON, "UPDATED_BY": by})


def sight(status: str | None, timer: Timer, *, by: int = PERSON, added: bool = False) -> Sight:
    return Sight(card(status, by=by), timer, NOON, added=added)


def decided(seen: Sight, *, called: bool = False, **changes):
    days = calendar(**changes)
    return decide(seen, change_of(seen, days, PORTAL), days, PORTAL, called=called)


def written(decision):
    return [(type(action), getattr(action, "fields", None)) for action in decision.actions]


def test_s2_a_new_card_without_a_status_starts_as_new():
    decision = decided(sight(None, Timer(), added=True))

    assert without_past(decision.memory) == Timer(status="new", since=DAY)
    assert decision.actions == (UpdateItem(CARD, {FIELD: ITEMS["company"]["new"]}, {FIELD: None}, rule="S2"),)


@pytest.mark.parametrize(
    ("deals", "timer"),
    [
        (DealsSoFar("open"), Timer(status="in_work", since=DAY, in_deal=True)),
        (DealsSoFar("won", NOON), Timer(status="warm", since=DAY, deal_ended=NOON)),
        (DealsSoFar("lost", NOON), Timer(status="cold", since=DAY, deal_ended=NOON)),
    ],
)
def test_s2_s5_a_new_card_starts_with_what_its_deals_say(deals, timer):
    """S2, S5: only while a deal is open do the days stand still."""
    decision = decided(Sight(card(None), Timer(), NOON, added=True, deals=deals), after_won="warm", after_lost="cold")

    assert decision.memory == timer
    assert decision.actions[0].fields == {FIELD: ITEMS["company"][timer.status]}


def test_s2_without_assign_new_a_new_card_stays_untracked():
    assert decided(sight(None, Timer(), added=True), assign_new=False).steps == ()


def test_s2_an_old_card_without_a_status_stays_untracked_whatever_happens_to_it():
    decision = decided(sight(None, Timer()))

    assert (decision.memory, decision.steps) == (Timer(), ())


def test_s1_the_first_sight_of_a_status_starts_its_timer_and_writes_nothing():
    decision = decided(sight("warm", Timer()))

    assert (decision.memory, decision.steps) == (Timer(status="warm", since=DAY), ())


def test_s3_a_status_that_people_added_by_hand_is_put_back_too():
    """S3: one that the settings file does not have is a status all the same."""
    decision = decided(sight("warm", Timer(status="item:91", since=DAY)))
    assert decision.actions[0].fields == {FIELD: 91}


def test_s3_a_change_without_a_call_is_put_back_and_explained():
    decision = decided(sight("warm", HOT))

    update, comment, notice = decision.actions
    assert update == UpdateItem(CARD, {FIELD: ITEMS["company"]["hot"]}, {FIELD: ITEMS["company"]["warm"]}, rule="S3")
    assert isinstance(comment, AddComment)
    assert isinstance(notice, Notify)
    assert notice.user_id == PERSON
    assert "Ромашка" in notice.text
    assert "3 дн" in notice.text
    assert decision.memory == HOT


def test_s3_clearing_a_status_is_a_change():
    put_back = decided(sight(None, HOT))
    cleared = decided(sight(None, HOT), called=True)

    assert written(put_back)[0] == (UpdateItem, {FIELD: ITEMS["company"]["hot"]})
    assert without_past(cleared.memory) == Timer()


def test_s2_a_card_that_was_cleared_is_not_new_again():
    assert change_of(sight(None, Timer()), calendar(), PORTAL) is Change.NONE


@pytest.mark.parametrize("author", [HEAD, ROBOT_USER])
def test_s3_s7_the_exempt_and_the_webhooks_own_user_need_no_call(author):
    decision = decided(sight("warm", HOT, by=author), calls=CallRules(exempt=(HEAD,)))

    assert decision.memory.status == "warm"
    assert UpdateItem not in map(type, decision.actions)


def test_s3_nobody_needs_a_call_where_none_is_required():
    assert decided(sight("warm", HOT), calls=CallRules(required_for_change=False)).memory.status == "warm"


@pytest.mark.parametrize(("ago", "enough"), [(0, True), (2, True), (3, True), (4, False), (-1, False)])
def test_s3_a_call_counts_within_its_days_before_the_change(ago, enough):
    timer = Timer(status="hot", since=DAY, last_call=NOON - ago * A_DAY)

    assert knows_call(timer, NOON, calendar()) is enough


@pytest.mark.parametrize(("new", "word"), [("new", "изменён"), ("warm", "понижен"), ("lost", "понижен")])
def test_s4_an_accepted_change_restarts_the_timer_and_is_noted(new, word):
    """S4: with the word of the ladder; new and in_work are no steps of it."""
    decision = decided(sight(new, HOT), called=True)

    (comment,) = decision.actions
    assert word in comment.text
    assert without_past(decision.memory) == Timer(status=new, since=DAY)


def test_s4_the_newest_call_outlives_the_change():
    called = Timer(status="hot", since=DAY, last_call=NOON)

    assert decided(sight("warm", called), called=True).memory.last_call == NOON


def test_s4_without_timeline_nothing_is_noted():
    assert decided(sight("warm", HOT), called=True, timeline=False).steps == ()


def test_s4_saving_a_card_without_touching_its_status_changes_nothing():
    decision = decided(sight("hot", HOT))

    assert (decision.memory, decision.steps) == (HOT, ())


@pytest.mark.parametrize("status", ["warm", None])
@pytest.mark.parametrize("called", [True, False])
def test_s7_what_was_decided_settles_with_its_own_echo(status, called):
    decision = decided(sight(status, HOT), called=called)
    now = status
    for action in decision.actions:
        if isinstance(action, UpdateItem):
            (value,) = action.fields.values()
            now = next(code for code, item in ITEMS["company"].items() if item == value)

    echo = decided(Sight(card(now, by=ROBOT_USER), decision.memory, NOON + 1))

    assert (echo.memory, echo.steps) == (decision.memory, ())


def test_s7_a_persons_change_in_the_second_of_our_own_write_is_seen():
    ours = decided(sight("warm", HOT)).memory

    assert change_of(sight("cold", ours), calendar(), PORTAL) is Change.BOUND


def test_an_item_that_is_not_in_the_file_is_put_back_to_and_from():
    by_hand = Item(CARD, {FIELD: "991", "ASSIGNED_BY_ID": PERSON, "UPDATED_BY": PERSON})

    assert written(decided(Sight(by_hand, HOT, NOON)))[0] == (UpdateItem, {FIELD: ITEMS["company"]["hot"]})
    assert written(decided(sight("hot", Timer(status="item:991", since=DAY))))[0] == (UpdateItem, {FIELD: 991})
