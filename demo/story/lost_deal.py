"""A deal is lost for lack of money, and the client's card says so to the next person."""

from demo.theatre import Theatre


def no_money(theatre: Theatre) -> None:
    """The contact of a lost deal is marked."""
    theatre.chapter("Потерянные сделки: о деньгах узнают все", "Lost deals: everyone learns about the money")
    manager = theatre.person("Смирнов")
    contact = manager.create("contact", name="Борис", lastName="Фёдоров")
    deal = manager.create("deal", title="Плащёвка, пробная партия", categoryId=0, contactIds=[contact])
    theatre.say("Олег Смирнов проигрывает сделку: у клиента нет денег.", "Oleg Smirnov loses a deal: no money.")
    manager.move("deal", deal, "Нет денег")
    theatre.expect(
        "Контакт помечен нецелевым", "The contact is marked as no target client",
        lambda: theatre.label("contact", contact, "UF_CRM_TARGET_CLIENT") == "НЕТ",
        show=theatre.card("contact", contact),
    )  # fmt: skip
    theatre.expect(
        "Лента сделки говорит, что изменилось и почему", "The deal's timeline says what changed and why",
        lambda: theatre.comment("deal", deal, "Целевой клиент"), show=theatre.card("deal", deal),
    )  # fmt: skip
