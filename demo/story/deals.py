"""The gate and the fill-in page where there are no leads: deals are qualified (Q15)."""

from demo.theatre import Theatre

_GATE = "В работе"
_WHOLESALE = {"UF_CRM_DEAL_DIRECTION_KIND": "Опт"}


def the_gate(theatre: Theatre) -> None:
    """A deal with gaps is sent back, is filled, and passes."""
    theatre.chapter("Без лидов: сделка с пробелами не проходит", "Without leads: no half-filled deal passes")
    manager = theatre.person("Смирнов")
    client = manager.create("contact", name="Инна", lastName="Котова")
    deal = manager.create("deal", title="Ткань для пошива штор", categoryId=0, contactIds=[client], **_WHOLESALE)
    theatre.say(
        "Олег Смирнов заводит оптовую сделку и сразу берёт её в работу.",
        "Oleg Smirnov makes a wholesale deal and takes it into work at once.",
    )
    manager.move("deal", deal, _GATE)
    theatre.expect(
        "Робот вернул сделку и написал, чего не хватает", "The robot sent the deal back and said what is missing",
        lambda: theatre.stage("deal", deal) != _GATE and theatre.comment("deal", deal, "возвращена", "метров"),
        show=theatre.card("deal", deal),
    )  # fmt: skip
    theatre.say("Он дополняет сделку и карточку клиента.", "He completes the deal and the client's card.")
    phone = {"n0": {"typeId": "PHONE", "valueType": "WORK", "value": "+7 903 222-11-00"}}
    manager.update("contact", client, fm=phone)
    manager.update("deal", deal, UF_CRM_DEAL_MONTHLY=300)
    manager.move("deal", deal, _GATE)
    theatre.expect(
        "Всё на месте, сделка прошла", "All is there, the deal passes",
        lambda: theatre.stage("deal", deal) == _GATE and theatre.comment("deal", deal, "поля заполнены"),
    )  # fmt: skip


def page(theatre: Theatre) -> None:
    """Who chooses a direction gets its questions on a page, which fills the deal."""
    theatre.chapter("Без лидов: вопросы на странице", "Without leads: questions on a page")
    darya = theatre.person("Волкова")
    deal = darya.create("deal", title="Портьеры для гостиницы", categoryId=0)
    theatre.say("Дарья Волкова выбирает направление «Опт».", "Darya Volkova chooses the direction «Опт».")
    darya.update("deal", deal, **_WHOLESALE)
    offered = theatre.expect(
        "Робот дал ссылку на страницу", "The robot gave a link to a page",
        lambda: theatre.comment("deal", deal, "/form/"), show=theatre.card("deal", deal),
    )  # fmt: skip
    link = theatre.link_in(offered or "", "/form/")
    theatre.say("Она отвечает с телефона.", "She answers on her phone.")
    theatre.expect(
        "Ответ принят", "The answer is taken",
        lambda: bool(link) and theatre.fill_in(link, {"UF_CRM_DEAL_MONTHLY": "120"}), show=link,
    )  # fmt: skip
    theatre.expect(
        "Поле сделки заполнено", "The deal's field is filled",
        lambda: theatre.read("deal", deal).get("UF_CRM_DEAL_MONTHLY") == 120,
    )  # fmt: skip
