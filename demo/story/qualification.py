"""The gate, and a change that asks for consent."""

from demo.theatre import Theatre

_GATE = "Квалификация пройдена"


def the_gate(theatre: Theatre) -> None:
    """A lead with gaps is sent back, is filled, and passes."""
    theatre.chapter("Квалификация: незаполненный лид не проходит", "Qualification: no half-filled lead passes")
    darya = theatre.person("Волкова")
    lead = darya.create("lead", title="Ткань для фабрики «Игла»", name="Анна", UF_CRM_DIRECTION="Швейное предприятие")
    theatre.say(
        "Дарья Волкова заводит лид швейного предприятия и сразу тащит его на «Квалификация пройдена».",
        "Darya Volkova makes a lead of a sewing factory and drags it through the gate at once.",
    )
    darya.move("lead", lead, _GATE)
    theatre.expect(
        "Робот вернул лид и написал, чего не хватает", "The robot sent the lead back and said what is missing",
        lambda: theatre.stage("lead", lead) != _GATE and theatre.comment("lead", lead, "Объёмы производства"),
        show=theatre.card("lead", lead),
    )  # fmt: skip
    theatre.expect(
        "У ответственной появилось дело", "The responsible got a to-do",
        lambda: _todos(theatre, lead, done="N"),
    )  # fmt: skip
    theatre.say("Она заполняет поля и ведёт лид снова.", "She fills the fields and moves the lead again.")
    darya.update("lead", lead, UF_CRM_VOLUME="500 – 5 000", UF_CRM_PRODUCTS=["Трикотаж", "Спецодежда"])
    theatre.expect(
        "Робот заметил, что всё на месте, и закрыл своё дело", "The robot saw that all is there and closed its to-do",
        lambda: _todos(theatre, lead, done="Y"),
    )  # fmt: skip
    darya.move("lead", lead, _GATE)
    theatre.expect(
        "Лид прошёл и остался за воротами", "The lead passed and stays there",
        lambda: theatre.stage("lead", lead) == _GATE,
    )  # fmt: skip


def page(theatre: Theatre) -> None:
    """Who chooses a direction gets its questions on a page, which fills the lead."""
    theatre.chapter(
        "Страница заполнения: вопросы направления под рукой", "The fill-in page: a direction's questions at hand"
    )
    darya = theatre.person("Волкова")
    lead = darya.create("lead", title="Мастерская у дома")
    theatre.say(
        "Дарья Волкова выбирает направление «Частный мастер».", "Darya Volkova chooses the direction «Частный мастер»."
    )
    darya.update("lead", lead, UF_CRM_DIRECTION="Частный мастер")
    offered = theatre.expect(
        "Робот написал, что спросить, и дал ссылку на страницу", "The robot said what to ask, with a link to a page",
        lambda: theatre.comment("lead", lead, "Частный мастер", "/form/"), show=theatre.card("lead", lead),
    )  # fmt: skip
    link = theatre.link_in(offered or "", "/form/")
    theatre.expect(
        "Страница открывается без входа в CRM", "The page opens without a login",
        lambda: bool(link) and theatre.opens(link), show=link,
    )  # fmt: skip
    theatre.say("Она отвечает с телефона.", "She answers on her phone.")
    threads = theatre.item("lead", "UF_CRM_NOMENCLATURE", "Нитки")
    regular = theatre.item("lead", "UF_CRM_REGULARITY", "Регулярный")
    answers: dict[str, str | list[str]] = {"UF_CRM_NOMENCLATURE": [threads], "UF_CRM_REGULARITY": regular}
    theatre.expect("Ответы приняты", "The answers are taken", lambda: bool(link) and theatre.fill_in(link, answers))
    theatre.expect(
        "Поля лида заполнены, в ленте — что именно", "The lead's fields are filled, the timeline says with what",
        lambda: theatre.label("lead", lead, "UF_CRM_REGULARITY") == "Регулярный"
        and theatre.comment("lead", lead, "на странице", "Нитки"),
    )  # fmt: skip


def consent(theatre: Theatre) -> None:
    """A confirmed field is changed; the page asks; the answer is written."""
    theatre.chapter(
        "Подтверждение: важное поле не меняется молча", "Consent: an important field does not change silently"
    )
    manager = theatre.person("Зайцев")
    lead = manager.create(
        "lead",
        title="Ателье «Стежок»",
        UF_CRM_DIRECTION="Швейное предприятие",
        UF_CRM_VOLUME="до 500 изделий в месяц",
        UF_CRM_PRODUCTS=["Трикотаж"],
    )
    theatre.expect(
        "Робот запомнил лид", "The robot has seen the lead", lambda: theatre.remembers("qualification", f"lead:{lead}")
    )
    theatre.say("Павел Зайцев меняет объём производства.", "Pavel Zaytsev changes the volume of production.")
    manager.update("lead", lead, UF_CRM_VOLUME="более 5 000")
    asked = theatre.expect(
        "Робот вернул прежнее значение и спрашивает", "The robot put the old value back and asks",
        lambda: theatre.label("lead", lead, "UF_CRM_VOLUME").startswith("до 500")
        and theatre.notification("Зайцев", "/confirm/"),
    )  # fmt: skip
    link = theatre.link_in(asked or "", "/confirm/")
    theatre.expect(
        "Страница подтверждения открывается и ничего не меняет", "The page opens and changes nothing",
        lambda: bool(link) and theatre.opens(link), show=link,
    )  # fmt: skip
    theatre.say("Он подтверждает.", "He confirms.")
    theatre.expect("Ответ принят", "The answer is taken", lambda: bool(link) and theatre.answer(link, "confirm"))
    theatre.expect(
        "Новое значение записано", "The new value is written",
        lambda: theatre.label("lead", lead, "UF_CRM_VOLUME") == "более 5 000", show=theatre.card("lead", lead),
    )  # fmt: skip


def _todos(theatre: Theatre, lead: int, *, done: str) -> bool:
    with theatre.portal.lock:
        rows = theatre.portal.activities.todos(1, lead)
    return any(row["COMPLETED"] == done for row in rows)
