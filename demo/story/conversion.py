"""Known clients, wrong numbers, and deals that nobody has to type."""

from demo.theatre import Theatre
from sandbox.portal.store import Row

_OFFER = "КП отправлено"
_WON = "Качественный лид"
_ACCOUNT = "40702810200000012345"
"""An account whose key fits the BIK below."""
_ACCOUNTANT = "Администратова"
_PAPERS = {
    "RQ_COMPANY_FULL_NAME": "Публичное акционерное общество «Первый банк»",
    "RQ_KPP": "773601001",
    "RQ_OGRN": "1027700132195",
    "RQ_DIRECTOR": "Иванова Ирина Петровна",
}
_BANK = {"RQ_BANK_NAME": "ПАО «Первый банк»", "RQ_COR_ACC_NUM": "30101810400000000225"}


def _phone(number: str) -> dict[str, Row]:
    return {"n0": {"typeId": "PHONE", "valueType": "WORK", "value": number}}


def known_person(theatre: Theatre) -> None:
    """A lead whose phone is written differently belongs to a known contact."""
    theatre.chapter("Конвертация: клиента не заводят дважды", "Conversion: no client is typed twice")
    manager = theatre.person("Волкова")
    known = manager.create("contact", name="Мария", lastName="Лунина", fm=_phone("+79161234567"))
    lead = manager.create(
        "lead", title="Шторы на дачу", name="Мария", lastName="Лунина", fm=_phone("8 (916) 123-45-67")
    )
    theatre.say(
        "Новый лид: Мария Лунина, телефон записан как «8 (916) 123-45-67».",
        "A new lead: Maria Lunina, whose phone is written «8 (916) 123-45-67».",
    )
    theatre.expect(
        "Робот узнал её и связал лид с карточкой, которая есть", "The robot knew her and linked the card that exists",
        lambda: theatre.read("lead", lead)["contactId"] == known and theatre.comment("lead", lead, "Лунина"),
        show=theatre.card("contact", known),
    )  # fmt: skip


def legal_entity(theatre: Theatre) -> None:
    """A wrong INN stops at the gate; the right one leaves company, contact and deal behind."""
    theatre.chapter(
        "Конвертация: ошибка в ИНН не доезжает до договора", "Conversion: a wrong INN never reaches a contract"
    )
    manager = theatre.person("Смирнов")
    lead = manager.create(
        "lead",
        title="Спецодежда для банка",
        name="Пётр",
        lastName="Ильин",
        fm=_phone("+7 495 500-55-50"),
        opportunity=250000,
        UF_CRM_DIRECTION="Физические лица",
        UF_CRM_CLIENT_TYPE="Юридическое лицо",
        UF_CRM_INN="7707083890",
        UF_CRM_ACCOUNT=_ACCOUNT,
        UF_CRM_BIK="044525225",
        UF_CRM_DEAL_DIRECTION="Продажа товара",
    )
    theatre.say(
        "Лид юридического лица с опечаткой в ИНН ведут на «КП отправлено».",
        "A lead of a legal entity, with a typo in its INN, is moved to «КП отправлено».",
    )
    manager.move("lead", lead, _OFFER)
    theatre.expect(
        "Робот вернул лид: ИНН неверен", "The robot sent it back: the INN is wrong",
        lambda: theatre.stage("lead", lead) != _OFFER and theatre.comment("lead", lead, "ИНН"),
        show=theatre.card("lead", lead),
    )  # fmt: skip
    theatre.say("Опечатку исправляют.", "The typo is mended.")
    manager.update("lead", lead, UF_CRM_INN="7707083893")
    company = theatre.expect(
        "Компания с реквизитами стоит в лиде ещё до предложения",
        "A company with its requisites stands on the lead, before any offer",
        lambda: theatre.read("lead", lead)["companyId"],
        show=theatre.card("lead", lead),
    )
    _ready_for_a_contract(theatre, int(company or 0))
    theatre.say("Лид доходит до успеха.", "The lead is won.")
    manager.move("lead", lead, _WON)
    deal = theatre.expect(
        "После лида остались компания, контакт и сделка в воронке «Продажи»",
        "The lead left a company, a contact and a deal in the funnel «Продажи» behind",
        lambda: _one_each(theatre, lead),
    )  # fmt: skip
    theatre.expect(
        "В ленте лида — ссылки на них", "The lead's timeline links to them",
        lambda: theatre.comment("lead", lead, "/crm/deal/details/"), show=theatre.card("deal", deal or 0),
    )  # fmt: skip


def _ready_for_a_contract(theatre: Theatre, company: int) -> None:
    """What a contract needs is named, until all of it is there."""
    theatre.expect(
        "Робот назвал, чего не хватает для договора", "The robot named what a contract still needs",
        lambda: theatre.comment("company", company, "Для договора не хватает"), show=theatre.card("company", company),
    )  # fmt: skip
    theatre.say("Бухгалтер дополняет реквизиты.", "An accountant completes the requisites.")
    of_company = {"filter": {"ENTITY_TYPE_ID": 4, "ENTITY_ID": company}, "select": ["ID"]}
    for row in theatre.call(_ACCOUNTANT, "crm.requisite.list", **of_company)[:1]:
        number = int(row["ID"])
        theatre.call(_ACCOUNTANT, "crm.requisite.update", id=number, fields=_PAPERS)
        address = {"TYPE_ID": 6, "ENTITY_TYPE_ID": 8, "ENTITY_ID": number, "ADDRESS_1": "Москва, ул. Вавилова, 19"}
        theatre.call(_ACCOUNTANT, "crm.address.add", fields=address)
        banks = theatre.call(_ACCOUNTANT, "crm.requisite.bankdetail.list", filter={"ENTITY_ID": number}, select=["ID"])
        theatre.call(_ACCOUNTANT, "crm.requisite.bankdetail.update", id=int(banks[0]["ID"]), fields=_BANK)
    theatre.expect(
        "«Для договора всё готово»", "«Для договора всё готово»: ready for a contract",
        lambda: theatre.comment("company", company, "Для договора всё готово"),
    )  # fmt: skip


def by_hand(theatre: Theatre) -> None:
    """A person was faster: the robot completes what is there."""
    theatre.chapter("Конвертация: человек успел раньше", "Conversion: a person was faster")
    manager = theatre.person("Зайцев")
    lead = manager.create(
        "lead",
        title="Пошив формы",
        name="Инна",
        lastName="Котова",
        fm=_phone("+7 903 222-11-00"),
        UF_CRM_DIRECTION="Физические лица",
        UF_CRM_CLIENT_TYPE="Физическое лицо",
    )
    theatre.expect(
        "Контакт появился сам, как только стали известны имя и телефон",
        "The contact appeared as soon as name and phone were known",
        lambda: theatre.read("lead", lead)["contactId"],
    )  # fmt: skip
    theatre.say(
        "Менеджер сам создаёт сделку из лида и закрывает его успешно.",
        "The manager makes a deal from the lead by hand and wins the lead.",
    )
    contact = theatre.read("lead", lead)["contactId"]
    manager.create("deal", title="Пошив формы", categoryId=0, leadId=lead, contactIds=[contact])
    manager.move("lead", lead, _WON)
    theatre.expect(
        "Робот дополнил сделку и не завёл второй", "The robot completed the deal and made no second one",
        lambda: theatre.comment("lead", lead, "/crm/deal/details/") and len(theatre.of_lead("deal", lead)) == 1,
        show=theatre.card("lead", lead),
    )  # fmt: skip


def _one_each(theatre: Theatre, lead: int) -> int:
    made = [theatre.of_lead(kind, lead) for kind in ("company", "contact", "deal")]
    if any(len(items) != 1 for items in made):
        return 0
    deal = theatre.read("deal", made[2][0])
    fits = deal["categoryId"] == theatre.office.categories["Продажи"] and deal["companyId"] == made[0][0]
    return int(made[2][0]) if fits else 0
