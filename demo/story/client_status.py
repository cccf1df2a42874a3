"""A month of regular clients: warnings, a drop, a call that keeps a client, a pause, and a hand-over."""

from datetime import datetime, timedelta

from demo.theatre import Theatre
from sandbox.portal.activities import CallMade

_STATUS = "UF_CRM_CLIENT_STATUS"
_STATUS_DUE = "UF_CRM_STATUS_DUE"
_PAUSED_DAYS = 40


def a_month(theatre: Theatre) -> None:
    """Statuses that follow calls and days."""
    theatre.chapter("Статус клиента: никто не забыт", "Client status: nobody is forgotten")
    begin = theatre.portal.clock.now()
    shops = _clients(theatre)
    theatre.say(
        "Мария Кузнецова называет клиента горячим, хотя ему не звонила.",
        "Maria Kuznetsova calls a client hot whom she has not called.",
    )
    theatre.person("Кузнецова").update("company", shops["Лён"], **{_STATUS: "Горячий"})
    theatre.expect(
        "Робот вернул статус и объяснил почему", "The robot put the status back and said why",
        lambda: _is(theatre, shops["Лён"], "Новый") and theatre.notification("Кузнецова", "Лён"),
        show=theatre.card("company", shops["Лён"]),
    )  # fmt: skip
    theatre.say("После звонков статусы меняют снова.", "After calls the statuses are changed again.")
    for manager, shop in (("Кузнецова", "Лён"), ("Смирнов", "Нить")):
        theatre.person(manager).call("company", shops[shop], CallMade(seconds=120))
        theatre.person(manager).update("company", shops[shop], **{_STATUS: "Горячий"})
    theatre.expect(
        "Теперь робот согласен", "Now the robot agrees",
        lambda: all(theatre.comment("company", shops[shop], "Горячий") for shop in ("Лён", "Нить"))
        and all(_is(theatre, shops[shop], "Горячий") for shop in ("Лён", "Нить")),
    )  # fmt: skip
    _pause(theatre, shops["Игла"], begin)
    _first_days(theatre, shops, begin)
    _last_days(theatre, shops, begin)


def _clients(theatre: Theatre) -> dict[str, int]:
    shops = {
        name: theatre.person(manager).create("company", title=f"Магазин «{name}»")
        for name, manager in (
            ("Лён", "Кузнецова"),
            ("Нить", "Смирнов"),
            ("Шов", "Волкова"),
            ("Игла", "Зайцев"),
        )
    }
    theatre.expect(
        "Новые клиенты получили статус «Новый», и на карточке видно, до какого дня",
        "New clients got the status «Новый», and the card shows until when",
        lambda: all(_is(theatre, number, "Новый") and _due(theatre, number) for number in shops.values()),
        show=theatre.card("company", shops["Игла"]),
    )  # fmt: skip
    return shops


def _pause(theatre: Theatre, shop: int, begin: datetime) -> None:
    """Somebody who is away for a month needs no reminder."""
    theatre.say(
        "«Игла» закрыта на ремонт. Павел Зайцев ставит клиента на паузу и пишет почему.",
        "«Игла» is closed for repairs. Pavel Zaytsev pauses the client and says why.",
    )
    usual, until = _due(theatre, shop), (begin + timedelta(days=_PAUSED_DAYS)).date()
    pause = {"UF_CRM_SNOOZE_UNTIL": until.isoformat(), "UF_CRM_SNOOZE_WHY": "Ремонт до конца января"}
    theatre.person("Зайцев").update("company", shop, **pause)
    theatre.expect(
        "Срок статуса отодвинут за паузу", "The day of the status is behind the pause",
        lambda: usual < until.isoformat() < _due(theatre, shop),
    )  # fmt: skip


def _first_days(theatre: Theatre, shops: dict[str, int], begin: datetime) -> None:
    theatre.say("Проходит неделя. «Шов» не трогает никто.", "A week passes. Nobody touches «Шов».")
    _morning(theatre, begin, 7)
    theatre.expect(
        "Дарью Волкову предупредили", "Darya Volkova was warned", lambda: theatre.notification("Волкова", "Шов")
    )
    theatre.say("Ещё три дня.", "Three more days.")
    _morning(theatre, begin, 10)
    theatre.expect(
        "Клиент потерян и передан руководителю", "The client is lost and handed over to the head",
        lambda: _is(theatre, shops["Шов"], "Пропал")
        and theatre.read("company", shops["Шов"])["assignedById"] == theatre.office.users["Соколова"]
        and theatre.notification("Соколова", "Шов"),
        show=theatre.card("company", shops["Шов"]),
    )  # fmt: skip
    theatre.expect(
        "«Игла» на паузе: статус прежний, Павла не торопят", "«Игла» is paused: the status stays, Pavel is not hurried",
        lambda: _is(theatre, shops["Игла"], "Новый") and not theatre.notification("Зайцев", "«Игла»"),
    )  # fmt: skip


def _last_days(theatre: Theatre, shops: dict[str, int], begin: datetime) -> None:
    theatre.say("Двадцать седьмой день: горячие клиенты скоро остынут.", "Day 27: hot clients are about to cool down.")
    _morning(theatre, begin, 27)
    theatre.expect("Сводка Олега Смирнова", "Oleg Smirnov's digest", lambda: theatre.notification("Смирнов", "Нить"))
    theatre.expect(
        "О Борисе Фёдорове, у которого нет денег, в ней ни слова", "Not a word of Boris Fyodorov, who has no money",
        lambda: not theatre.notification("Смирнов", "Борис Фёдоров — "),
    )  # fmt: skip
    theatre.say("Олег звонит. Мария — нет.", "Oleg calls. Maria does not.")
    theatre.person("Смирнов").call("company", shops["Нить"], CallMade(seconds=200))
    _morning(theatre, begin, 30)
    theatre.expect(
        "«Лён» опустился на ступень, «Нить» осталась горячей", "«Лён» went down a step, «Нить» stayed hot",
        lambda: _is(theatre, shops["Лён"], "Тёплый") and _is(theatre, shops["Нить"], "Горячий"),
    )  # fmt: skip
    theatre.expect(
        "Мария узнала об этом утром одним сообщением", "Maria learned it in one message in the morning",
        lambda: theatre.notification("Кузнецова", "Лён", "Тёплый"),
    )  # fmt: skip


def _morning(theatre: Theatre, begin: datetime, day: int) -> None:
    theatre.morning(begin.date() + timedelta(days=day))


def _due(theatre: Theatre, company: int) -> str:
    return str(theatre.read("company", company).get(_STATUS_DUE) or "")[:10]


def _is(theatre: Theatre, company: int, status: str) -> bool:
    return theatre.label("company", company, _STATUS) == status
