"""The conversion robot on a whole portal: C1–C10 as people see them."""

import pytest
from crm_robots.portal.commands import Command
from crm_robots.robots.conversion import questions
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.conversion.waiting import wake
from crm_robots.shared.events import CrmEvent, by_item

from tests.support.conversion import (
    ACCOUNT,
    BIK,
    INDIVIDUAL,
    INN,
    LEGAL,
    PARTY,
    Directory,
    convert_by_hand,
    email,
    make_lead,
    phone,
    rows,
    win,
)
from tests.support.days import round_of
from tests.support.world import EXAMPLE, World, new_world


def published(make=ConversionRobot, changes=()):
    text = EXAMPLE.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    for world in new_world({"conversion": make}):
        world.publish(text)
        yield world


@pytest.fixture
def world():
    yield from published()


def require(world: World, field: str, flag: str) -> None:
    """Makes a field of the portal mandatory, or not."""
    row = next(row for row in world.portal.tables.user_fields if row["FIELD_NAME"] == field)
    world.portal.user_fields.update(row, {"MANDATORY": flag})


def lead_row(world: World, lead: int):
    return world.person("Петров").read("lead", lead)


def test_c1_a_lead_made_by_hand_gets_its_creator_and_moves_on(world):
    lead = make_lead(world, stageId="NEW", assignedById=world.office.users["Волкова"], fm=[])
    world.settle()

    assert lead_row(world, lead)["assignedById"] == world.office.users["Петров"]
    assert lead_row(world, lead)["stageId"] == "ASSIGNED"


def test_c1_only_once_and_not_for_leads_of_the_robots_own_user(world):
    lead = make_lead(world, stageId="NEW", fm=[])
    world.settle()
    world.person("Петров").update("lead", lead, assignedById=world.office.users["Волкова"])
    robots = world.person("CRM").create("lead", title="API", assignedById=world.office.users["Волкова"], stageId="NEW")
    world.settle()

    assert lead_row(world, lead)["assignedById"] == world.office.users["Волкова"]
    assert lead_row(world, robots)["assignedById"] == world.office.users["Волкова"]
    assert lead_row(world, robots)["stageId"] == "ASSIGNED"


def test_c2_a_contact_is_made_and_linked_as_soon_as_its_data_is_complete(world):
    lead = make_lead(world, lastName="Орлова", sourceId="WEB", fm=[phone("8 916 123-45-67"), email("Anna@Example.ru")])
    world.settle()

    (contact,) = rows(world, "contact")
    assert (contact["name"], contact["lastName"], contact["sourceId"]) == ("Анна", "Орлова", "WEB")
    assert contact["assignedById"] == world.office.users["Петров"]
    assert [one["value"] for one in contact["fm"]] == ["+79161234567", "anna@example.ru"]
    assert lead_row(world, lead)["contactIds"] == [contact["id"]]
    (comment,) = world.comments("lead", lead)
    assert f"/crm/contact/details/{contact['id']}/" in comment


def test_c2_the_contacts_link_makes_no_repeat_lead_and_a_new_lead_is_saved_only_before_it(world):
    lead = make_lead(world, stageId="NEW")
    world.settle()

    assert lead_row(world, lead)["stageId"] == "ASSIGNED"
    assert lead_row(world, lead)["contactIds"]
    assert lead_row(world, lead)["isReturnCustomer"] == "N"


def test_c2_a_lead_that_turned_into_a_repeat_one_by_our_link_goes_on_as_before(world):
    """C2: Bitrix24 hides its phone at the next save; the gate, the company and the deal come all the same."""
    lead = make_lead(world, lastName="Орлова")
    world.settle()
    world.person("Петров").update("lead", lead, comments="Перезвонил")
    world.settle()
    assert (lead_row(world, lead)["isReturnCustomer"], lead_row(world, lead)["fm"]) == ("Y", [])

    world.person("Петров").update("lead", lead, **LEGAL)
    world.settle()
    world.person("Петров").move("lead", lead, "OFFER")
    world.settle()
    assert lead_row(world, lead)["stageId"] == "OFFER"

    win(world, lead)
    world.settle()
    (contact,), (company,), (deal,) = rows(world, "contact"), rows(world, "company"), rows(world, "deal")
    assert (deal["contactIds"], deal["companyId"]) == ([contact["id"]], company["id"])
    assert not any("не хватает" in text for text in world.comments("lead", lead))


def test_c4_what_lead_and_contact_both_lack_is_still_a_gap(world):
    lead = make_lead(world, **INDIVIDUAL)
    world.settle()
    world.person("Петров").update("lead", lead, comments="!")
    contact = rows(world, "contact")[0]
    world.portal.items.table(3).put({**contact, "fm": []})
    world.settle()
    world.person("Петров").move("lead", lead, "OFFER")
    world.settle()

    assert lead_row(world, lead)["stageId"] == "IN_PROCESS"
    assert "Телефон" in world.comments("lead", lead)[-1]


def test_c4_a_legal_entity_needs_its_contacts_data_too(world):
    lead = make_lead(world, **LEGAL, fm=[])
    world.settle()
    world.person("Петров").move("lead", lead, "OFFER")
    world.settle()

    assert lead_row(world, lead)["stageId"] == "IN_PROCESS"
    assert "Телефон" in world.comments("lead", lead)[-1]


def test_c2_with_when_won_contact_and_company_are_made_at_once_and_linked_then():
    for world in published(changes=[("link_clients: at_once", "link_clients: when_won")]):
        lead = make_lead(world, **LEGAL, companyTitle="Сбер")
        world.settle()

        (contact,), (company,) = rows(world, "contact"), rows(world, "company")
        (told,) = world.comments("lead", lead)
        assert f"/crm/contact/details/{contact['id']}/" in told
        assert f"/crm/company/details/{company['id']}/" in told
        assert (lead_row(world, lead)["contactIds"], lead_row(world, lead)["companyId"]) == ([], 0)

        world.person("Петров").update("lead", lead, comments="!")
        world.settle()
        assert lead_row(world, lead)["isReturnCustomer"] == "N"
        assert world.comments("lead", lead) == [told]

        win(world, lead)
        world.settle()
        (deal,) = rows(world, "deal")
        assert (len(rows(world, "contact")), len(rows(world, "company"))) == (1, 1)
        assert lead_row(world, lead)["contactIds"] == deal["contactIds"] == [contact["id"]]
        assert lead_row(world, lead)["companyId"] == deal["companyId"] == company["id"]


def test_c6_a_company_comes_early_without_a_contact_with_requisite_and_account(world):
    lead = make_lead(world, **LEGAL, stageId="NEW", name="", fm=[])
    world.settle()

    (company,) = rows(world, "company")
    (requisite,) = world.portal.requisites.of(4, company["id"])
    (bank,) = world.portal.requisites.bank_details(requisite["id"])
    assert (requisite["RQ_INN"], bank["RQ_ACC_NUM"]) == (INN, ACCOUNT)
    assert lead_row(world, lead)["companyId"] == company["id"]
    assert rows(world, "contact") == []
    assert f"/crm/company/details/{company['id']}/" in world.comments("lead", lead)[0]

    world.person("Петров").update("lead", lead, name="Анна", fm=[phone("8 916 123-45-67")])
    world.settle()
    (contact,) = rows(world, "contact")
    assert (contact["companyIds"], contact["fm"][0]["value"]) == ([company["id"]], "+79161234567")
    assert lead_row(world, lead)["contactIds"] == [contact["id"]]


def test_c6_no_company_comes_early_where_a_legal_entity_leaves_none_or_a_code_is_wrong():
    for world in published(changes=[("legal_entity: [company, contact, deal]", "legal_entity: [contact, deal]")]):
        make_lead(world, **LEGAL)
        world.settle()
        assert rows(world, "company") == []
    for world in published():
        make_lead(world, **LEGAL | {"UF_CRM_INN": "7707083894"})
        world.settle()
        assert rows(world, "company") == []


def test_c14_a_client_in_the_stop_list_is_linked_and_the_comment_begins_with_it():
    """C14: linked like any other; the comment's first line says why to be careful."""
    changes = [
        ("skip_when: {}", 'skip_when: {UF_CRM_TARGET_CLIENT: "НЕТ"}'),
    ]
    for world in published(changes=changes):
        person = world.person("Петров")
        client = person.create("contact", name="Анна", fm=[phone("+79161234567")], UF_CRM_TARGET_CLIENT="НЕТ")
        lead = make_lead(world, **INDIVIDUAL)
        win(world, lead)
        world.settle()

        assert lead_row(world, lead)["contactIds"] == [client]
        assert world.comments("lead", lead)[0].startswith("Клиент в стоп-листе: Целевой клиент — НЕТ.\n")


def test_c2_a_mobile_phone_stays_a_mobile_one(world):
    make_lead(world, fm=[phone("8 916 123-45-67") | {"valueType": "MOBILE"}, email("a@b.ru") | {"valueType": "HOME"}])
    world.settle()

    (contact,) = rows(world, "contact")
    assert [one["valueType"] for one in contact["fm"]] == ["MOBILE", "HOME"]


def test_c3_several_numbers_and_a_note_in_one_field(world):
    """C3: both numbers get onto the card, dialable; what was typed beside them is told."""
    lead = make_lead(world, fm=[phone("+7 916 123-45-67, 8 916 765-43-21 доб. 5 до 18:00")])
    world.settle()

    (contact,) = rows(world, "contact")
    assert [one["value"] for one in contact["fm"]] == ["+79161234567", "+79167654321;5"]
    assert "до 18:00" in world.comments("lead", lead)[0]


def test_c3_two_addresses_in_one_field_find_the_one_who_is_known(world):
    boss = world.person("Петров").create("contact", name="Шеф", fm=[email("boss@example.ru")])
    make_lead(world, fm=[email("anna@example.ru, boss@example.ru")])
    world.settle()

    (contact,) = rows(world, "contact")
    assert contact["id"] == boss
    assert [one["value"] for one in contact["fm"]] == ["boss@example.ru", "anna@example.ru"]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"name": "\u200b\ufeff"},
        {"fm": []},
        {"fm": [phone("нет")]},
        {"fm": [email("нет")]},
        {"name": "", "lastName": "Орлова"},
    ],
)
def test_c2_with_data_missing_there_is_no_contact(world, fields):
    make_lead(world, **fields)
    world.settle()

    assert rows(world, "contact") == []


def test_c2_a_lead_with_a_client_keeps_it(world):
    client = world.person("Петров").create("contact", name="Пётр")
    lead = make_lead(world, contactIds=[client])
    world.settle()

    assert [one["id"] for one in rows(world, "contact")] == [client]
    assert world.comments("lead", lead) == []


def test_c3_the_same_person_is_linked_and_completed_in_any_spelling_of_the_phone(world):
    known = world.person("Петров").create("contact", name="Аня", fm=[phone("+7 (916) 123-45-67")])
    lead = make_lead(world, lastName="Орлова", fm=[phone("89161234567"), email("a@b.ru")])
    world.settle()

    (contact,) = rows(world, "contact")
    assert contact["id"] == known
    assert (contact["name"], contact["lastName"]) == ("Аня", "Орлова")
    assert [one["value"] for one in contact["fm"]] == ["+7 (916) 123-45-67", "a@b.ru"]
    assert lead_row(world, lead)["contactIds"] == [known]


def test_c3_a_phone_match_with_another_last_name_is_another_person(world):
    world.person("Петров").create("contact", name="Анна", lastName="Иванова", fm=[phone("+79161234567")])
    make_lead(world, lastName="Орлова")
    world.settle()

    assert len(rows(world, "contact")) == 2


def test_c3_of_several_the_one_with_open_deals_is_meant_and_the_others_are_named(world):
    person = world.person("Петров")
    first = person.create("contact", name="Анна", fm=[phone("+79161234567")])
    second = person.create("contact", name="Анна", fm=[phone("89161234567")])
    person.create("deal", title="Тюль", contactIds=[second])
    lead = make_lead(world)
    world.settle()

    assert lead_row(world, lead)["contactIds"] == [second]
    assert f"/crm/contact/details/{first}/" in world.comments("lead", lead)[0]


def test_c4_c5_a_legal_entity_with_wrong_codes_goes_back_and_the_comment_says_why(world):
    lead = make_lead(world, **LEGAL | {"UF_CRM_INN": "7707083894", "UF_CRM_ACCOUNT": "40702810438000000001"})
    world.settle()
    world.person("Петров").move("lead", lead, "OFFER")
    world.settle()

    assert lead_row(world, lead)["stageId"] == "IN_PROCESS"
    comment = world.comments("lead", lead)[-1]
    assert "ИНН: контрольная сумма" in comment
    assert "не подходит к БИК" in comment

    world.person("Петров").update("lead", lead, UF_CRM_INN=INN, UF_CRM_ACCOUNT=ACCOUNT)
    world.settle()
    assert any("заполнены" in text for text in world.comments("lead", lead))


def test_c4_a_phone_without_digits_is_a_gap_and_the_comment_says_why(world):
    lead = make_lead(world, **INDIVIDUAL, fm=[phone("нет"), email("спросить")])
    world.person("Петров").move("lead", lead, "OFFER")
    world.settle()

    comment = world.comments("lead", lead)[-1]
    assert "«нет»: номера в нём нет" in comment
    assert "«спросить»: это не адрес" in comment


def test_c7_a_won_individual_leaves_contact_and_deal_in_the_place_of_its_direction(world):
    lead = make_lead(
        world,
        **INDIVIDUAL,
        UF_CRM_DEAL_DIRECTION="Оказание услуги",
        UF_CRM_DIRECTION="Оптовик",
        opportunity=1500.0,
        currencyId="USD",
        isManualOpportunity="Y",
        sourceId="CALL",
    )
    win(world, lead)
    world.settle()

    (contact,), (deal,) = rows(world, "contact"), rows(world, "deal")
    assert rows(world, "company") == []
    assert deal["categoryId"] == world.office.categories["Услуги"]
    assert deal["stageId"].endswith(":NEW")
    assert (deal["title"], deal["opportunity"], deal["currencyId"], deal["sourceId"]) == ("Шторы", 1500, "USD", "CALL")
    assert (deal["contactIds"], deal["leadId"]) == ([contact["id"]], lead)
    assert deal["assignedById"] == world.office.users["Петров"]
    assert deal["UF_CRM_DEAL_CLIENT_KIND"]
    (comment,) = world.comments("lead", lead)
    assert f"/crm/deal/details/{deal['id']}/" in comment
    for kind, row in (("contact", contact), ("deal", deal)):
        (back,) = world.comments(kind, row["id"])
        assert f"/crm/lead/details/{lead}/" in back


def test_c6_c7_a_won_legal_entity_leaves_company_requisite_account_contact_and_deal(world):
    lead = make_lead(world, **LEGAL, companyTitle="Сбер")
    win(world, lead)
    world.settle()

    (company,), (contact,), (deal,) = rows(world, "company"), rows(world, "contact"), rows(world, "deal")
    (requisite,) = world.portal.requisites.of(4, company["id"])
    (bank,) = world.portal.requisites.bank_details(requisite["id"])
    assert company["title"] == "Сбер"
    assert requisite["RQ_INN"] == INN
    assert (bank["RQ_ACC_NUM"], bank["RQ_BIK"]) == (ACCOUNT, BIK)
    assert (deal["companyId"], deal["contactIds"]) == (company["id"], [contact["id"]])
    assert contact["companyIds"] == [company["id"]]
    assert world.portal.requisites.of_deal(deal["id"])["REQUISITE_ID"] == requisite["id"]


@pytest.mark.parametrize("named", [{}, {"companyTitle": "сбербанк"}])
def test_c6_the_directory_fills_in_name_kpp_ogrn_head_and_address(named):
    """C6: the directory's name is the company's, whatever the lead called it."""
    directory = Directory(PARTY)
    for world in published(directory.robot, [("party_directory: none", "party_directory: dadata")]):
        lead = make_lead(world, **LEGAL, **named)
        win(world, lead)
        world.settle()

        (company,) = rows(world, "company")
        (requisite,) = world.portal.requisites.of(4, company["id"])
        (bank,) = world.portal.requisites.bank_details(requisite["id"])
        assert company["title"] == "ПАО СБЕРБАНК"
        assert requisite["RQ_KPP"] == "773601001"
        assert requisite["RQ_OGRN"] == "1027700132195"
        assert requisite["RQ_DIRECTOR"] == "Греф Герман Оскарович"
        assert bank["RQ_COR_ACC_NUM"] == "30101810400000000225"
        assert "Вавилова" in world.comments("company", company["id"])[0]
        (address,) = world.portal.tables.addresses.by("ENTITY_ID", requisite["id"])
        assert (address["TYPE_ID"], address["ADDRESS_1"]) == (6, "117312, г Москва, ул Вавилова, д 19")


def test_c6_a_directory_that_is_down_delays_nothing_and_the_company_is_completed_later():
    directory = Directory(PARTY, down=True)
    for world in published(directory.robot, [("party_directory: none", "party_directory: dadata")]):
        lead = make_lead(world, **LEGAL)
        win(world, lead)
        world.settle()
        (company,) = rows(world, "company")
        assert company["title"] == f"ИНН {INN}"
        assert len(rows(world, "deal")) == 1

        directory.down = False
        assert wake(round_of(world)) == 1
        world.settle()
        assert wake(round_of(world)) == 0

        (company,) = rows(world, "company")
        (requisite,) = world.portal.requisites.of(4, company["id"])
        assert company["title"] == "ПАО СБЕРБАНК"
        assert requisite["RQ_KPP"] == "773601001"
        assert requisite["RQ_COMPANY_NAME"] == requisite["NAME"] == "ПАО СБЕРБАНК"
        (bank,) = world.portal.requisites.bank_details(requisite["id"])
        assert bank["RQ_BANK_NAME"] == "ПАО СБЕРБАНК"


def test_c6_a_liquidated_party_is_reported():
    directory = Directory(PARTY | {"state": {"status": "LIQUIDATED"}})
    for world in published(directory.robot, [("party_directory: none", "party_directory: dadata")]):
        lead = make_lead(world, **LEGAL)
        win(world, lead)
        world.settle()

        assert "ликвидирована" in world.comments("lead", lead)[-1]


def test_c6_a_company_with_this_inn_is_linked_and_not_made_again(world):
    person = world.person("Петров")
    known = person.create("company", title="Сбер")
    world.portal.requisites.add(
        1, {"ENTITY_TYPE_ID": 4, "ENTITY_ID": known, "PRESET_ID": 1, "NAME": "x", "RQ_INN": INN}
    )
    lead = make_lead(world, **LEGAL)
    win(world, lead)
    world.settle()

    (company,), (deal,) = rows(world, "company"), rows(world, "deal")
    (requisite,) = world.portal.requisites.of(4, known)
    assert company["id"] == known
    assert deal["companyId"] == known
    assert [one["RQ_ACC_NUM"] for one in world.portal.requisites.bank_details(requisite["id"])] == [ACCOUNT]


EIGHT = [
    "",
    "contact",
    "company",
    "deal",
    "contact, company",
    "contact, deal",
    "company, deal",
    "contact, company, deal",
]


@pytest.mark.parametrize("pieces", EIGHT)
def test_c7_each_of_the_eight_outcomes(pieces):
    changes = [("legal_entity: [company, contact, deal]", f"legal_entity: [{pieces}]")]
    for world in published(changes=changes):
        lead = make_lead(world, **LEGAL, companyTitle="Сбер")
        win(world, lead)
        world.settle()

        made = {kind for kind in ("contact", "company", "deal") if rows(world, kind)}
        assert made == {part.strip() for part in pieces.split(",") if part.strip()}


def test_c7_products_are_carried_over(world):
    lead = make_lead(world, **INDIVIDUAL)
    world.portal.tables.products.add(
        {
            "ownerTypeId": 1,
            "ownerId": lead,
            "productId": 0,
            "productName": "Ткань",
            "price": 10.0,
            "quantity": 3.0,
            "discountTypeId": 2,
            "discountRate": 0.0,
            "discountSum": 0.0,
            "taxRate": 20.0,
            "taxIncluded": "Y",
            "measureCode": 6,
            "measureName": "м",
            "sort": 10,
        }
    )
    win(world, lead)
    world.settle()

    (deal,) = rows(world, "deal")
    (row,) = world.portal.tables.products.by("owner", (2, deal["id"]))
    assert (row["productName"], row["price"], row["quantity"]) == ("Ткань", 10, 3)


def test_c8_a_manual_conversion_is_completed_and_not_doubled(world):
    lead = make_lead(world, **INDIVIDUAL, opportunity=700.0, fm=[email("a@b.ru")])
    convert_by_hand(world, lead)
    world.settle()

    (contact,), (deal,) = rows(world, "contact"), rows(world, "deal")
    assert [one["value"] for one in contact["fm"]] == ["a@b.ru"]
    assert deal["opportunity"] == 700
    assert len(world.comments("lead", lead)) == 1


def test_c8_a_repeat_lead_gets_a_deal_only(world):
    client = world.person("Петров").create("contact", name="Пётр")
    lead = make_lead(world, **LEGAL, contactIds=[client], fm=[], name="")
    assert lead_row(world, lead)["isReturnCustomer"] == "Y"
    win(world, lead)
    world.settle()

    (deal,) = rows(world, "deal")
    assert deal["contactIds"] == [client]
    assert [one["id"] for one in rows(world, "contact")] == [client]
    assert rows(world, "company") == []


def test_c8_nothing_happens_again_after_the_conversion(world):
    lead = make_lead(world, **INDIVIDUAL)
    win(world, lead)
    world.settle()
    before = world.requests
    world.person("Петров").update("lead", lead, comments="спасибо")
    world.settle()

    assert world.requests == before + 1
    assert len(rows(world, "deal")) == 1
    assert len(world.comments("lead", lead)) == 1


def test_c10_a_refused_deal_leaves_nothing_half_linked_and_is_made_after_the_next_change(world):
    require(world, "UF_CRM_DEAL_CLIENT_KIND", "Y")
    lead = make_lead(world, **INDIVIDUAL | {"UF_CRM_DIRECTION": ""})
    win(world, lead)
    world.settle()

    assert rows(world, "deal") == []
    assert lead_row(world, lead)["contactIds"] == []
    (stopped,) = world.comments("lead", lead)
    assert "остановлена" in stopped

    world.person("Петров").update("lead", lead, comments="та же причина")
    world.settle()
    assert world.comments("lead", lead) == [stopped]

    require(world, "UF_CRM_DEAL_CLIENT_KIND", "N")
    world.person("Петров").update("lead", lead, comments="исправлено")
    world.settle()
    (contact,), (deal,) = rows(world, "contact"), rows(world, "deal")
    assert lead_row(world, lead)["contactIds"] == [contact["id"]]
    assert deal["contactIds"] == [contact["id"]]


@pytest.mark.parametrize(("hours", "deadline"), [("5", "2026-01-12T14:00:00+03:00"), ("null", None)])
def test_c4_q4_the_todo_is_due_as_the_qualification_section_says(hours, deadline):
    """C4, Q4: gaps are handled as in qualification, to-dos included: `todo_deadline_hours` stands there once."""
    for world in published(changes=[("todo_deadline_hours: 24", f"todo_deadline_hours: {hours}")]):
        lead = make_lead(world, **INDIVIDUAL | {"UF_CRM_CLIENT_TYPE": ""})
        world.person("Петров").move("lead", lead, "КП отправлено")
        world.settle()
        assert [row["DEADLINE"] for row in world.portal.activities.todos(1, lead)] == [deadline] * bool(deadline)


def test_c10_a_requisite_that_is_refused_again_and_again_holds_the_deal_back(world):
    """C10: with the company made by the first try, the second one must not make a deal before the requisite stands."""
    fault = world.portal.faults.add("empty_code", "crm.requisite.add", times=None, inner=True)
    lead = make_lead(world, **LEGAL)
    win(world, lead)
    for text in ("", "та же причина"):
        world.person("Петров").update("lead", lead, comments=text)
        world.settle()
        assert rows(world, "deal") == []
        assert lead_row(world, lead)["contactIds"] == []
    world.portal.faults.remove(fault)
    world.person("Петров").update("lead", lead, comments="исправлено")
    world.settle()

    (company,), (deal,) = rows(world, "company"), rows(world, "deal")
    (requisite,) = world.portal.requisites.of(4, company["id"])
    assert world.portal.requisites.of_deal(deal["id"])["REQUISITE_ID"] == requisite["id"]


def test_c1_a_creator_whom_the_portal_hides_is_no_person(world):
    hidden = world.office.users["Зайцев"]
    world.portal.tables.users.put({**world.portal.tables.users.rows[hidden], "ACTIVE": False})
    lead = world.person("Зайцев").create("lead", title="Бот", stageId="NEW", assignedById=world.office.users["Петров"])
    world.settle()

    assert lead_row(world, lead)["assignedById"] == world.office.users["Петров"]


def test_c1_a_refused_move_takes_neither_the_responsible_nor_the_contact_along(world):
    world.portal.items.requirements.demand(1, "comments", ["ASSIGNED"])
    lead = make_lead(world, stageId="NEW", assignedById=world.office.users["Волкова"])
    world.settle()

    assert lead_row(world, lead)["stageId"] == "NEW"
    assert lead_row(world, lead)["assignedById"] == world.office.users["Петров"]
    assert lead_row(world, lead)["contactIds"] == [rows(world, "contact")[0]["id"]]


def test_c2_without_contacts_in_any_outcome_none_is_made():
    changes = [
        ("individual: [contact, deal]", "individual: [deal]"),
        ("legal_entity: [company, contact, deal]", "legal_entity: [company, deal]"),
    ]
    for world in published(changes=changes):
        make_lead(world)
        world.settle()

        assert rows(world, "contact") == []


def test_c3_with_duplicates_create_everything_is_new():
    for world in published(changes=[("duplicates: link", "duplicates: create")]):
        person = world.person("Петров")
        person.create("contact", name="Анна", fm=[phone("+79161234567")])
        of_company = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": person.create("company", title="Сбер")}
        world.portal.requisites.add(1, {**of_company, "PRESET_ID": 1, "NAME": "x", "RQ_INN": INN})
        lead = make_lead(world, **LEGAL)
        win(world, lead)
        world.settle()

        assert (len(rows(world, "contact")), len(rows(world, "company"))) == (2, 2)


def test_c3_a_company_with_the_same_e_mail_is_linked_unless_it_has_another_inn(world):
    person = world.person("Петров")
    known = person.create("company", title="Сбер", fm=[email("office@sber.example")])
    stranger = person.create("company", title="Чужая", fm=[email("office@sber.example")])
    of_company = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": stranger}
    world.portal.requisites.add(1, {**of_company, "PRESET_ID": 1, "NAME": "x", "RQ_INN": "7736207543"})
    lead = make_lead(world, **LEGAL, fm=[email("Office@Sber.example")])
    win(world, lead)
    world.settle()

    (deal,) = rows(world, "deal")
    (requisite,) = world.portal.requisites.of(4, known)
    assert deal["companyId"] == known
    assert requisite["RQ_INN"] == INN


def test_c6_an_entrepreneur_gets_the_preset_of_entrepreneurs(world):
    lead = make_lead(world, **LEGAL | {"UF_CRM_INN": "5001 0073 2259"}, companyTitle="ИП Иванов")
    win(world, lead)
    world.settle()

    (company,) = rows(world, "company")
    (requisite,) = world.portal.requisites.of(4, company["id"])
    preset = world.portal.tables.presets.rows[int(requisite["PRESET_ID"])]
    assert preset["NAME"] == "ИП"
    assert requisite["RQ_INN"] == "500100732259"


def test_c8_a_portal_that_does_not_filter_by_lead_is_asked_the_old_way(world, monkeypatch):
    unknown = Command("crm.item.list", {"entityTypeId": 2, "filter": {"noSuchField": 1}})
    monkeypatch.setattr(questions, "made_of_lead", lambda *_: unknown)
    lead = make_lead(world, **INDIVIDUAL)
    convert_by_hand(world, lead)
    world.settle()

    assert len(rows(world, "deal")) == 1


def test_c8_a_deal_that_a_person_made_keeps_its_place_and_gets_what_it_lacks(world):
    person = world.person("Петров")
    lead = make_lead(world, **LEGAL, companyTitle="Сбер", opportunity=500.0, UF_CRM_DIRECTION="Оптовик")
    services = world.office.categories["Услуги"]
    deal = person.create("deal", title="Моя", leadId=lead, categoryId=services, stageId=f"C{services}:MEASURING")
    win(world, lead)
    world.settle()

    (row,) = rows(world, "deal")
    assert row["id"] == deal
    assert (row["title"], row["stageId"], row["opportunity"]) == ("Моя", f"C{services}:MEASURING", 500)
    assert row["companyId"] == rows(world, "company")[0]["id"]
    assert row["contactIds"] == [rows(world, "contact")[0]["id"]]
    assert row["UF_CRM_DEAL_CLIENT_KIND"]


def test_c8_a_company_that_came_with_the_lead_stays_as_it_is(world):
    company = world.person("Петров").create("company", title="Постоянный клиент")
    lead = make_lead(world, **LEGAL, companyId=company, fm=[], name="")
    win(world, lead)
    world.settle()

    (deal,) = rows(world, "deal")
    assert (deal["companyId"], deal["contactIds"]) == (company, [])
    assert world.portal.requisites.of(4, company) == []


def test_c4_a_converted_lead_with_gaps_stays_and_is_converted_when_they_are_filled(world):
    lead = make_lead(world)
    win(world, lead)
    world.settle()

    assert lead_row(world, lead)["stageId"] == "CONVERTED"
    assert "Тип клиента" in world.comments("lead", lead)[0]
    assert rows(world, "deal") == []

    world.person("Петров").update("lead", lead, **INDIVIDUAL)
    world.settle()
    assert len(rows(world, "deal")) == 1


def test_texts_come_in_english_too():
    for world in published(changes=[("language: ru ", "language: en ")]):
        lead = make_lead(world, **INDIVIDUAL)
        win(world, lead)
        world.settle()

        assert "The lead was converted:" in world.comments("lead", lead)[0]


def test_f3_a_deleted_lead_ends_quietly(world):
    lead = make_lead(world)
    world.events()
    world.person("Петров").delete("lead", lead)
    world.settle()

    assert rows(world, "contact") == []


def test_c1_w6_a_late_or_repeated_event_of_a_new_lead_takes_it_from_nobody(world):
    volkova = world.office.users["Волкова"]
    lead = make_lead(world, stageId="NEW", fm=[])
    world.settle()
    world.person("Петров").update("lead", lead, assignedById=volkova)
    world.settle()
    made = CrmEvent("ONCRMLEADADD", f"lead:{lead}", 1_768_200_000)
    world.robots["conversion"].handle(by_item([made]))

    assert lead_row(world, lead)["assignedById"] == volkova


@pytest.mark.parametrize("pieces", EIGHT)
def test_c7_an_existing_client_is_linked_whatever_the_outcome(pieces):
    changes = [("legal_entity: [company, contact, deal]", f"legal_entity: [{pieces}]")]
    for world in published(changes=changes):
        person = world.person("Петров")
        contact = person.create("contact", name="Анна", fm=[phone("+7 (916) 123-45-67")])
        company = person.create("company", title="Сбер")
        of_company = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": company}
        world.portal.requisites.add(1, {**of_company, "PRESET_ID": 1, "NAME": "x", "RQ_INN": INN})
        lead = make_lead(world, **LEGAL, companyTitle="Сбер")
        win(world, lead)
        world.settle()

        assert [one["id"] for one in rows(world, "contact")] == [contact]
        assert [one["id"] for one in rows(world, "company")] == [company]
        assert lead_row(world, lead)["contactIds"] == [contact]
        deals = [(deal["contactIds"], deal["companyId"]) for deal in rows(world, "deal")]
        assert deals == ([([contact], company)] if "deal" in pieces else [])


def test_q3_c4_a_refused_move_back_is_told_and_a_refused_to_do_does_not_claim_it(world):
    lead = make_lead(world)
    world.settle()
    world.portal.faults.add("access_denied", "crm.activity.todo.add", inner=True)
    world.person("Петров").move("lead", lead, "OFFER")
    world.settle()

    assert lead_row(world, lead)["stageId"] == "IN_PROCESS"
    assert "возвращён" in world.comments("lead", lead)[-1]

    world.portal.items.requirements.demand(1, "comments", ["QUALIFIED"])
    other = make_lead(world, stageId="OFFER", name="")
    world.settle()
    assert lead_row(world, other)["stageId"] == "OFFER"
    assert "портал отказал" in world.comments("lead", other)[-1]

    told = world.comments("lead", other)
    world.person("Петров").update("lead", other, secondName="Ильич")
    world.settle()
    assert world.comments("lead", other) == told
    world.person("Петров").update("lead", other, comments="Звонил")
    world.settle()
    assert lead_row(world, other)["stageId"] == "QUALIFIED"


def test_q3_c4_stages_that_were_added_after_publishing_count_as_they_stand_today(world):
    gate = next(one["SORT"] for one in world.portal.stages.entries("STATUS") if one["STATUS_ID"] == "OFFER")
    world.portal.stages.add("STATUS", "PILOT", "Пробный заказ", SORT=gate + 1)
    world.portal.stages.add("STATUS", "MEASURE", "Замер", SORT=1)
    lead = make_lead(world, stageId="MEASURE", name="")
    world.settle()
    assert world.comments("lead", lead) == []

    world.person("Петров").move("lead", lead, "PILOT")
    world.settle()
    assert lead_row(world, lead)["stageId"] == "MEASURE"
    assert "«Замер»" in world.comments("lead", lead)[-1]


def test_c3_leads_of_one_new_client_that_come_at_once_share_its_contact(world):
    leads = [make_lead(world, **INDIVIDUAL) for _ in range(3)]
    world.settle()

    (contact,) = rows(world, "contact")
    assert [lead_row(world, lead)["contactIds"] for lead in leads] == [[contact["id"]]] * 3


def test_c3_w7_namesakes_of_one_phone_that_come_at_once_all_get_through(world):
    """C3, W7: a phone shared by people with other last names is no reason to wait for one another for ever."""
    for name in ("Орлова", "Соколов", "Воробьёв", "Синицына"):
        make_lead(world, **(INDIVIDUAL | {"lastName": name}))
    world.settle()

    assert sorted(row["lastName"] for row in rows(world, "contact")) == ["Воробьёв", "Орлова", "Синицына", "Соколов"]


def test_c6_leads_of_one_new_company_that_come_at_once_share_it(world):
    leads = [make_lead(world, **LEGAL) for _ in range(3)]
    for lead in leads:
        win(world, lead)
    world.settle()

    (company,) = rows(world, "company")
    assert [deal["companyId"] for deal in rows(world, "deal")] == [company["id"]] * 3


def test_c9_one_comment_links_the_lead_to_deal_contact_and_company_and_each_of_them_back(world):
    """C9."""
    lead = make_lead(world, **LEGAL)
    world.settle()
    win(world, lead)
    world.settle()

    made = {kind: rows(world, kind)[0]["id"] for kind in ("deal", "contact", "company")}
    links = [f"/crm/{kind}/details/{number}/" for kind, number in made.items()]
    assert len([text for text in world.comments("lead", lead) if all(link in text for link in links)]) == 1
    for kind, number in made.items():
        assert len([text for text in world.comments(kind, number) if f"/crm/lead/details/{lead}/" in text]) == 1


def test_c8_a_lead_that_turns_out_a_persons_makes_no_second_requisite_of_its_company(world):
    """C8: found by the simulation: the type changes after the company came, and a person converts by hand."""
    lead = make_lead(world, stageId="OFFER", **LEGAL)
    world.settle()
    world.person("Петров").update("lead", lead, **INDIVIDUAL)
    world.settle()
    convert_by_hand(world, lead)
    world.settle()

    assert len(rows(world, "company")) == 1
    assert len(world.portal.tables.requisites) == 1
