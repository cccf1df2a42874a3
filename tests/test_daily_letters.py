"""D5 to D7: one message a person and day, whatever its length, and never a second one."""

from datetime import date, timedelta

import msgspec
import pytest
from crm_robots.robots.client_status.rules import LostRules, NotificationRules, WarningRules
from crm_robots.robots.daily.digest import LONGEST_MESSAGE, LONGEST_POST, Writer
from crm_robots.robots.daily.letters import letters, mail_bags, post_bags, posts, told_by
from crm_robots.robots.daily.news import News, together
from crm_robots.shared.actions import AddComment, Notify, PostToFeed
from crm_robots.shared.people import Directory, User
from hypothesis import given
from hypothesis import strategies as st

from tests.support.client_status import PORTAL, rules

DAY = date(2026, 3, 2)
PEOPLE = Directory({5: User(5, "Игорь Петров"), 6: User(6, "Мария Кузнецова"), 9: User(9, "Павел Зайцев")})


def news(number: int = 1, kind: str = "warned", **more: object) -> News:
    wanted = {"run": DAY, "item": f"company:{number}", "name": f"Клиент {number}", "old": "hot", "new": "hot"}
    return News(kind=kind, **{**wanted, "due": DAY + timedelta(days=3), "responsible": 5, **more})


def writer(day: date = DAY, **changes: object) -> Writer:
    return Writer(day, rules(**changes), PORTAL, PEOPLE)


def text_for(user: int, *some: News, **changes: object) -> str:
    (letter,) = letters(user, some, writer(**changes), {}, listens=True)
    assert isinstance(letter.action, Notify)
    return letter.action.text


def test_d5_groups_stand_in_order_and_the_soonest_first():
    late, soon = news(1, due=DAY + timedelta(days=3)), news(2, due=DAY + timedelta(days=1))
    text = text_for(5, late, news(3, "dropped", new="warm"), soon, news(4, "lost", new="lost", due=None))

    places = [text.index(f"Клиент {number}[/URL]") for number in (4, 3, 2, 1)]
    assert places == sorted(places)


def test_d5_a_message_names_its_day_and_only_groups_that_have_somebody():
    """D5: no heading counts nobody."""
    assert text_for(5, news()).splitlines() == [
        "[B]Клиенты: 02.03.2026[/B]",
        "",
        "[B]Скоро сменится статус: 1[/B]",
        "• [URL=https://acme.bitrix24.example/crm/company/details/1/]Клиент 1[/URL] — Горячий до 05.03.2026.",
    ]


def test_d5_names_are_links_and_the_words_are_the_settings():
    words = WarningRules("{manager}: {client}, {status}, {due_date}!")
    link = "[URL=https://acme.bitrix24.example/crm/company/details/1/]Клиент 1[/URL]"
    assert f"Игорь Петров: {link}, Горячий, 05.03.2026!" in text_for(5, news(), warning=words)


def test_d5_a_name_that_looks_like_a_placeholder_stays_what_it_is():
    assert "{manager}[/URL]" in text_for(5, news(name="{manager}"))


def test_d4_the_head_the_heir_and_the_responsible_hear_of_a_hand_over():
    lost = news(1, "lost", new="lost", due=None, supervisor=6, heir=9)
    assert "Клиент потерян: [URL=" in text_for(5, lost)
    assert "Новый ответственный: Павел Зайцев." in text_for(5, lost)
    assert "ответственный — Игорь Петров" in text_for(6, lost)
    assert "прежний ответственный — Игорь Петров" in text_for(9, lost)


@pytest.mark.parametrize(
    ("words", "told"),
    [("Ушёл: {client}", "[/URL]. Новый"), ("Ушёл {client}! ", "[/URL]! Новый"), ("Ушёл {client}.", "[/URL]. Новый")],
)
def test_d4_the_new_manager_stands_in_a_sentence_of_its_own(words, told):
    """D4: whether or not the administrator's text ends with a full stop."""
    lost = news(1, "lost", new="lost", due=None, supervisor=6, heir=9)

    assert told in text_for(5, lost, lost=LostRules(words, words))
    assert told in text_for(6, lost, lost=LostRules(words, words))


def test_d5_a_message_that_is_too_long_says_how_many_are_left_and_the_feed_has_all():
    many = [news(number) for number in range(600)]
    text = text_for(5, *many)
    parts = [letter.action for letter in posts(5, many, writer(), {})]

    shown = text.count("[/URL]")
    assert text.count("[B]Скоро сменится статус: 600[/B]") == 1
    assert len(text) <= LONGEST_MESSAGE
    assert f"…и ещё {600 - shown}." in text
    assert all(isinstance(part, PostToFeed) and len(part.text) <= LONGEST_POST for part in parts)
    assert sum(part.text.count("[/URL]") for part in parts) == 600
    assert [part.title for part in parts] == [
        f"Клиенты, 02.03.2026: весь список ({number} из {len(parts)})" for number in range(1, len(parts) + 1)
    ]


def test_d6_the_feed_gets_what_is_soon_due_if_it_is_wanted():
    """D6: the post lists what is soon due, never what has dropped."""
    some = [news(1), news(2, "dropped", new="warm")]
    (post,) = posts(5, some, writer(), {})
    assert (post.action.user_ids, post.action.text.count("[/URL]")) == ((5,), 1)
    assert post.action.title == "Скоро сменится статус: 1"
    assert posts(5, some, writer(warning=WarningRules("{client}", feed=False)), {}) == []


def test_d6_yesterdays_post_does_not_stand_in_for_todays():
    next_day = DAY + timedelta(days=1)
    some, today = [news(1), news(2, run=next_day)], writer(next_day)
    (post,) = posts(5, some, today, {"5#post1": DAY})

    assert "Клиент 2[" in post.action.text
    assert "Клиент 1[" not in post.action.text
    assert posts(5, some, today, {"5#post1": next_day}) == []


def test_d5_without_merge_each_client_has_its_message():
    apart = NotificationRules(merge=False)
    found = letters(5, [news(1), news(2)], writer(notifications=apart), {"5#company:1": DAY}, listens=True)
    assert [letter.key for letter in found] == ["5#company:2"]


def test_d7_who_was_told_before_a_cut_off_hears_only_what_is_new():
    next_day = DAY + timedelta(days=1)
    both = [news(1), news(2, run=next_day)]
    (letter,) = letters(5, both, writer(next_day), {"5": DAY}, listens=True)
    assert "Клиент 2" in letter.action.text
    assert "Клиент 1[" not in letter.action.text


def test_the_dismissed_hear_nothing_and_their_comments_are_written():
    (letter,) = letters(5, [news(witness=5, comment="Понижен")], writer(), {}, listens=False)
    assert letter.action is None
    assert [comment.text for comment in letter.comments] == ["Понижен"]


def test_d6_a_client_whose_card_says_nothing_brings_no_comment():
    (letter,) = letters(5, [news(witness=5, comment="")], writer(), {}, listens=True)
    assert letter.comments == ()


def test_d5_in_english():
    english = Writer(DAY, rules(), PORTAL.__class__(PORTAL.url, PORTAL.timezone, "en", (1,), 7), PEOPLE)
    (letter,) = letters(5, [news(1, "dropped", new="warm")], english, {}, listens=True)
    assert "“Горячий” → “Тёплый”, next drop 2026-03-05" in letter.action.text


def test_lost_texts_may_name_everything():
    words = LostRules("{client} {status} {due_date} {manager}", "{manager}")
    assert "[/URL] Пропал 02.03.2026 Игорь Петров" in text_for(5, news(1, "lost", new="lost", due=None), lost=words)


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=80), st.integers(0, 5))
def test_d7_however_many_bags_came_through_everybody_hears_once(people, through):
    some = [
        news(number, "dropped", new="warm", responsible=person, witness=person if seen else None, comment="Понижен")
        for number, (person, seen) in enumerate(people)
    ]
    users = sorted({one.responsible for one in some})

    def still(told):
        return [letter for user in users for letter in letters(user, _of(some, user), writer(), told, listens=True)]

    first = mail_bags(still({}), DAY)[:through]
    rest = mail_bags(still(told_by(bag.memory for bag in first)), DAY)
    sent = [action for bag in first + rest for action in bag.actions]
    assert sorted(action.user_id for action in sent if isinstance(action, Notify)) == users
    assert sum(isinstance(action, AddComment) for action in sent) == sum(seen for _, seen in people)
    assert all(len(bag.actions) <= 50 or len(people) > 24 for bag in first + rest)


def _of(some, user):
    return [one for one in some if one.responsible == user]


def test_posts_travel_apart_from_messages():
    found = posts(5, [news(number) for number in range(600)], writer(), {})
    assert all(not any(isinstance(one, Notify) for one in bag.actions) for bag in post_bags(found, DAY))


def test_d5_two_steps_that_nobody_heard_of_are_one_line_and_no_comment_is_lost():
    """D5, D6: the first step's comment may still wait for its message."""
    first = news(1, "dropped", new="warm", witness=5, comment="Первый.")
    second = news(1, "dropped", old="warm", new="cold", run=DAY + timedelta(days=1), comment="Второй.")

    both = together(first, second)
    assert (both.old, both.new, both.comment) == ("hot", "cold", "Первый.\nВторой.")
    assert together(msgspec.structs.replace(first, witness=None), second).comment == "Второй."
    assert together(first, news(1, new="warm")).kind == "dropped"
    assert together(news(1), second) == second


@pytest.mark.parametrize(
    ("kind", "line"), [("dropped", "Статус понижен: [URL="), ("warned", "Скоро сменится статус: [URL=")]
)
def test_d5_a_message_of_its_own_says_what_it_is(kind, line):
    apart = Writer(DAY, rules(notifications=NotificationRules(merge=False)), PORTAL, PEOPLE)

    (letter,) = letters(5, [news(1, kind, new="warm")], apart, {}, listens=True)
    assert letter.action.text.startswith(line)
