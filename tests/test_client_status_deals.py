import pytest
from crm_robots.robots.client_status.deals import DealMemory, Happening, decide, happenings, seen
from crm_robots.robots.client_status.timer import Timer
from crm_robots.shared.actions import AddComment, UpdateItem
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.markup import Markup

from tests.support.client_status import A_DAY, DAY, FIELD, ITEMS, NOON, PORTAL, RULES, calendar, rules, without_past

DEAL, CARD = ItemRef("deal", 12), ItemRef("company", 42)
COMPANY, ANNA, BORIS = "company:42", "contact:4", "contact:9"
HOT = Timer(status="hot", since=DAY)
BUSY = Timer(status="in_work", since=DAY, in_deal=True)


def deal(semantics: str = "P", **fields) -> Item:
    usual = {"STAGE_SEMANTIC_ID": semantics, "CONTACT_ID": 4, "CONTACT_IDS": [4, 9], "COMPANY_ID": 42}
    return Item(DEAL, usual | fields)


def told(before: DealMemory, now: DealMemory, moved: int | None = NOON, ts: int = NOON):
    return {
        one: (what.state, what.certain) for one, what in happenings(DEAL, before, now, "", moved=moved, ts=ts).items()
    }


def news(state: str, at: int = NOON, *, certain: bool = True) -> Happening:
    return Happening(DEAL, Markup("[URL=…]Сделка[/URL]"), state, at, certain)


def decided(
    timer: Timer, *what: Happening, shown: str | None = None, has_open: bool = False, ts: int = NOON, **changes
):
    code = timer.status if shown is None else shown
    card = Item(CARD, {FIELD: ITEMS["company"].get(code), "TITLE": "Ромашка"})
    return decide(card, timer, what, calendar(**changes), PORTAL, ts=ts, has_open=has_open)


def test_s5_all_contacts_and_the_company_are_clients():
    assert seen(deal(), RULES) == DealMemory("open", (ANNA, BORIS, COMPANY))


def test_s5_only_tracked_kinds_are_clients():
    assert seen(deal(), rules(entities=("company",))).clients == (COMPANY,)


@pytest.mark.parametrize(("semantics", "state"), [("P", "open"), ("S", "won"), ("F", "lost"), ("", "open")])
def test_s5_a_deals_state_is_its_stages(semantics, state):
    assert seen(deal(semantics), RULES).state == state


def test_s5_a_template_of_recurring_deals_keeps_nobody_in_work():
    assert seen(deal(IS_RECURRING="Y"), RULES) == DealMemory("gone")


def test_s5_a_deal_that_did_not_change_is_no_news():
    now = seen(deal(), RULES)

    assert told(now, now) == {}


def test_s5_an_opened_and_a_reopened_deal_concern_all_clients():
    now = DealMemory("open", (ANNA, COMPANY))

    for before in (DealMemory(), DealMemory("lost", (ANNA, COMPANY))):
        assert told(before, now) == {ANNA: ("open", True), COMPANY: ("open", True)}


def test_s5_a_contact_who_joins_or_leaves_an_open_deal_is_the_only_one_concerned():
    joined = told(DealMemory("open", (COMPANY,)), DealMemory("open", (ANNA, COMPANY)))
    left = told(DealMemory("open", (ANNA, COMPANY)), DealMemory("open", (COMPANY,)))

    assert joined == {ANNA: ("open", True)}
    assert left == {ANNA: ("lost", True)}


def test_s5_a_deleted_deal_has_ended_for_everyone_whom_it_kept_in_work():
    assert told(DealMemory("open", (ANNA, COMPANY)), DealMemory("gone")) == {
        ANNA: ("lost", True),
        COMPANY: ("lost", True),
    }
    assert told(DealMemory("won", (ANNA,)), DealMemory("gone")) == {}


def test_s5_a_deal_that_was_never_seen_open_ends_now_or_ended_long_ago():
    now = DealMemory("won", (ANNA,))

    assert told(DealMemory(), now, moved=NOON - 60) == {ANNA: ("won", True)}
    assert told(DealMemory(), now, moved=NOON - 30 * A_DAY) == {ANNA: ("won", False)}


def test_s5_an_opened_deal_puts_the_client_in_work_and_stops_the_days():
    decision = decided(HOT, news("open"))

    update, comment = decision.actions
    assert update == UpdateItem(CARD, {FIELD: ITEMS["company"]["in_work"]}, {FIELD: ITEMS["company"]["hot"]}, rule="S5")
    assert isinstance(comment, AddComment)
    moved = "Открыта сделка [URL=…]Сделка[/URL]: статус «Горячий» → «В работе»."
    assert comment.text == f"{moved} Пока сделка открыта, срок статуса не идёт."
    assert without_past(decision.memory) == BUSY
    assert calendar().term(decision.memory) is None


@pytest.mark.parametrize(("result", "status"), [("won", "hot"), ("lost", "warm")])
def test_s5_the_end_of_the_last_open_deal_gives_the_status_after_a_deal(result, status):
    decision = decided(BUSY, news(result), after_lost="warm")

    assert without_past(decision.memory) == Timer(status=status, since=DAY, deal_ended=NOON)
    update, comment = decision.actions
    assert update.fields == {FIELD: ITEMS["company"][status]}
    assert comment.text.startswith("Открытых сделок больше нет ([URL=…]Сделка[/URL]): статус «В работе» → ")


def test_s5_while_another_deal_is_open_an_end_changes_nothing():
    assert decided(BUSY, news("won"), has_open=True).memory == BUSY


def test_s5_a_client_without_a_status_stays_untracked():
    decision = decided(Timer(), news("open"), shown="")

    assert (decision.memory, decision.steps) == (Timer(), ())


def test_s5_a_card_with_a_status_that_we_never_saw_is_tracked():
    decision = decided(Timer(), news("open"), shown="cold")

    assert decision.memory == BUSY
    assert decision.actions[0].old == {FIELD: ITEMS["company"]["cold"]}


def test_s5_of_two_ends_the_later_one_decides_in_any_order():
    won, lost = news("won", NOON), news("lost", NOON + 60)
    ts = NOON + 120

    for order in ((won, lost), (lost, won)):
        timer, shown = BUSY, "in_work"
        for one in order:
            timer = decided(timer, one, shown=shown, ts=ts, after_lost="cold").memory
            shown = timer.status
        assert timer.status == "cold"
        assert decided(BUSY, *order, ts=ts, after_lost="cold").memory.status == "cold"


def test_s5_an_old_end_concerns_only_whom_a_deal_keeps_in_work():
    assert decided(HOT, news("lost", certain=False)).memory == HOT
    assert decided(BUSY, news("lost", certain=False)).memory.status == "hot"


@pytest.mark.parametrize(("timer", "what"), [(HOT, "open"), (BUSY, "won"), (BUSY, "lost")])
def test_s7_a_retry_and_an_echo_change_nothing_more(timer, what):
    once = decided(timer, news(what))
    again = decided(once.memory, news(what), ts=NOON + A_DAY)

    assert (again.memory, again.steps) == (once.memory, ())


def test_s5_without_timeline_only_the_status_is_written():
    assert [type(action) for action in decided(HOT, news("open"), timeline=False).actions] == [UpdateItem]
