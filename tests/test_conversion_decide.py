"""C2 to C10 as decisions: what one lead and what is known of its client lead to."""

from typing import Any

import msgspec
import pytest
from crm_robots.robots.conversion.convert import client_steps
from crm_robots.robots.conversion.decide import seen
from crm_robots.robots.conversion.gaps import gaps
from crm_robots.robots.conversion.known import Bank, BankDetail, DirectoryAnswer, Known, Party, Requisite
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules, CopyField, Place
from crm_robots.robots.conversion.wants import Wants, keeps_client, wants
from crm_robots.shared.actions import (
    AddAddress,
    AddBankDetail,
    AddComment,
    AddItem,
    AddRequisite,
    LinkContact,
    LinkRequisite,
    SetProducts,
    UpdateBankDetail,
    UpdateItem,
    UpdateRequisite,
)
from crm_robots.shared.decision import Decision
from crm_robots.shared.gate.gaps import Field
from crm_robots.shared.gate.rules import Gate
from crm_robots.shared.gate.stages import Stage
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.reference import Reference

INN, OTHER_INN, PERSONS_INN = "7707083893", "7736207543", "500100732259"
ACCOUNT, BIK = "40702810938000000001", "044525225"
PORTAL = PortalRules("https://p.example", "Europe/Moscow", "ru", (1,), 1)
RULES = ConversionRules(
    gate=Gate("GATE", (Stage("NEW", "Новый"), Stage("GATE", "КП"), Stage("WON", "Качественный", "S"))),
    fields={
        "UF_KIND": Field("Тип клиента", "enumeration"),
        "PHONE": Field("Телефон", "crm_multifield"),
        "UF_INN": Field("ИНН"),
        "UF_BIK": Field("БИК"),
        "UF_ACCOUNT": Field("Счёт"),
    },
    contact_required=(("PHONE",),),
    legal_required=(("UF_INN",),),
    client_type_field="UF_KIND",
    individual="1",
    legal_entity="2",
    inn_field="UF_INN",
    account_field="UF_ACCOUNT",
    bik_field="UF_BIK",
    deal_direction_field="UF_WAY",
    default_place=Place(0, "NEW"),
    places={"7": Place(3, "C3:NEW")},
    copy_fields=(CopyField("UF_AREA", "UF_DEAL_AREA"), CopyField("UF_SORT", "UF_DEAL_SORT", {"11": 21, "12": 22})),
    outcomes={"individual": ("contact", "deal"), "legal_entity": ("company", "contact", "deal")},
    company_preset=5,
    entrepreneur_preset=6,
)
CONTACT, COMPANY, DEAL = ItemRef("contact", 4), ItemRef("company", 9), ItemRef("deal", 31)
PARTY = Party(INN, "ПАО Сбер", "ПАО Сбербанк", "773", "102", "Москва", "Греф Г.О.")


def make_lead(**fields: Any) -> Item:
    usual = {
        "TITLE": "Шторы",
        "NAME": "Анна",
        "PHONE": ("+79161234567",),
        "UF_KIND": 1,
        "STAGE_ID": "WON",
        "STAGE_SEMANTIC_ID": "S",
        "ASSIGNED_BY_ID": 8,
    }
    return Item(ItemRef("lead", 17), usual | fields)


def legal(**fields: Any) -> Item:
    return make_lead(**{"UF_KIND": 2, "UF_INN": INN, "COMPANY_TITLE": "Сбер"} | fields)


def card(ref: ItemRef, **fields: Any) -> Item:
    return Item(ref, fields)


def known(*cards: Item, **more: Any) -> Known:
    """`cards` are read; the candidates among them are named by `candidates`."""
    return Known(cards={one.ref: one for one in cards}, **more)


def converted(lead: Item, what: Known | None = None, memory: ConversionMemory | None = None, **rules: Any) -> Decision:
    wanted = msgspec.structs.replace(RULES, **rules)
    return client_steps(lead, memory or ConversionMemory(), Wants(convert=True), what or Known(), wanted, PORTAL)


def of[A](decision: Decision, kind: type[A]) -> list[A]:
    return [action for action in decision.actions if isinstance(action, kind)]


def made(decision: Decision, kind: str) -> dict[str, Any]:
    """Fields of the one item of that kind that is made."""
    (fields,) = [one.fields for one in of(decision, AddItem) if one.kind == kind]
    return fields


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"NAME": "", "SECOND_NAME": "Ильич"}, "Ильич"),
        ({"NAME": ""}, "+79161234567"),
        ({"NAME": "", "PHONE": (), "EMAIL": ("A@b.ru",)}, "a@b.ru"),
    ],
)
def test_c2_a_contact_always_has_a_name(fields, name):
    assert made(converted(make_lead(**fields)), "contact")["NAME"] == name


def test_c2_a_last_name_is_name_enough():
    fields = made(converted(make_lead(NAME="", LAST_NAME="Орлова")), "contact")
    assert (fields.get("NAME"), fields["LAST_NAME"]) == (None, "Орлова")


def test_c2_without_any_data_there_is_no_contact():
    assert [one.kind for one in of(converted(make_lead(NAME="", PHONE=())), AddItem)] == ["deal"]


def test_c3_only_empty_fields_of_a_known_contact_are_filled():
    there = card(CONTACT, NAME="Аня", PHONE=("8 916 123-45-67",), SOURCE_ID="WEB")
    lead = make_lead(LAST_NAME="Орлова", EMAIL=("a@b.ru",), SOURCE_ID="CALL")
    (update,) = of(converted(lead, known(there, candidates=(CONTACT,))), UpdateItem)

    assert update.fields == {"LAST_NAME": "Орлова", "EMAIL": ["a@b.ru"]}
    assert update.old == {"LAST_NAME": None, "EMAIL": None}


def test_c3_a_number_that_a_known_contact_lacks_is_added_to_its_others():
    there = card(CONTACT, NAME="Анна", PHONE=("+79990000000",), EMAIL=("a@b.ru",))
    (update,) = of(converted(make_lead(EMAIL=("A@B.ru",)), known(there, candidates=(CONTACT,))), UpdateItem)
    assert update.fields == {"PHONE": ["+79161234567"]}


def test_c3_a_known_contact_without_a_source_gets_the_leads():
    there = card(CONTACT, NAME="Анна", PHONE=("8 916 123-45-67",))
    (update,) = of(converted(make_lead(SOURCE_ID="CALL"), known(there, candidates=(CONTACT,))), UpdateItem)
    assert update.fields == {"SOURCE_ID": "CALL"}


def test_c3_somebody_elses_card_that_a_person_linked_stays_as_it_is():
    there = card(CONTACT, NAME="Пётр", PHONE=("+79990000000",))
    decision = converted(make_lead(EMAIL=("a@b.ru",)), known(there, linked=(4,)))

    assert of(decision, UpdateItem) == []
    assert made(decision, "deal")["CONTACT_IDS"] == [4]


@pytest.mark.parametrize(("title", "is_same"), [("сбер", True), ("", True), ("Ромашка", False)])
def test_c6_a_company_with_the_same_phone_is_the_same_unless_its_title_differs(title, is_same):
    there = card(COMPANY, TITLE=title, PHONE=("8 916 123-45-67",))
    decision = converted(legal(), known(there, candidates=(COMPANY,)))
    assert made(decision, "deal")["COMPANY_ID"] == (9 if is_same else Reference("company", ("item", "id")))


@pytest.mark.parametrize(("theirs", "is_same"), [(INN, True), ("", True), (OTHER_INN, False)])
def test_c6_a_company_with_the_same_e_mail_and_another_inn_is_another_company(theirs, is_same):
    there = card(COMPANY, TITLE="Сбер", EMAIL=("a@b.ru",))
    what = known(there, candidates=(COMPANY,), requisites=(Requisite(3, 9, {"RQ_INN": theirs}),))
    decision = converted(legal(EMAIL=("a@b.ru",)), what)
    assert made(decision, "deal")["COMPANY_ID"] == (9 if is_same else Reference("company", ("item", "id")))


def test_c6_a_known_company_gets_what_it_lacks_and_keeps_what_it_has():
    full = card(COMPANY, TITLE="ПАО", PHONE=("1",), EMAIL=("x@y.ru",))
    bare = card(COMPANY, TITLE=f"ИНН {INN}")
    of_company = Requisite(3, 9, {"RQ_INN": INN})
    lead = legal(EMAIL=("a@b.ru",))

    (link,) = of(converted(lead, known(full, requisites=(of_company,))), UpdateItem)
    assert (link.item, link.fields) == (lead.ref, {"COMPANY_ID": 9})
    update, _ = of(converted(lead, known(bare, requisites=(of_company,))), UpdateItem)
    assert update.fields == {"TITLE": "Сбер", "PHONE": ["+79161234567"], "EMAIL": ["a@b.ru"]}


@pytest.mark.parametrize(
    ("fields", "title"),
    [({}, "Сбер"), ({"COMPANY_TITLE": ""}, f"ИНН {INN}"), ({"COMPANY_TITLE": "", "UF_INN": ""}, "Анна")],
)
def test_c6_what_a_new_company_is_called(fields, title):
    assert made(converted(legal(**fields)), "company")["TITLE"] == title


def test_c6_of_several_companies_with_this_inn_the_one_with_open_deals_is_meant_then_the_oldest():
    other = ItemRef("company", 5)
    both = (card(COMPANY, TITLE="А"), card(other, TITLE="Б"))
    of_both = (Requisite(3, 9, {"RQ_INN": INN}), Requisite(2, 5, {"RQ_INN": INN}))

    oldest = converted(legal(), known(*both, requisites=of_both))
    busy = converted(legal(), known(*both, requisites=of_both, open_deals={COMPANY: 1}))
    assert (made(oldest, "deal")["COMPANY_ID"], made(busy, "deal")["COMPANY_ID"]) == (5, 9)
    assert "/crm/company/details/9/" in of(oldest, AddComment)[0].text


@pytest.mark.parametrize(("theirs", "is_kept"), [(INN, True), ("", True), (OTHER_INN, False)])
def test_c6_a_linked_companys_requisite_is_kept_unless_its_inn_is_anothers(theirs, is_kept):
    there = card(COMPANY, TITLE="Сбер", PHONE=("1",), LEAD_ID=17)
    requisite = Requisite(3, 9, {"RQ_INN": theirs, "RQ_COMPANY_NAME": "Сбер"})
    decision = converted(legal(COMPANY_ID=9), known(there, requisites=(requisite,), of_lead=(COMPANY,)))

    assert (of(decision, AddRequisite) == []) is is_kept
    filled = [one.fields for one in of(decision, UpdateRequisite)]
    assert filled == ([{"RQ_INN": INN}] if theirs == "" else [])


def test_c6_what_the_directory_knows_of_a_company_goes_into_its_requisite():
    decision = converted(legal(COMPANY_TITLE=""), known(directory=DirectoryAnswer(PARTY)))
    (requisite,) = of(decision, AddRequisite)

    assert made(decision, "company")["TITLE"] == "ПАО Сбер"
    assert (requisite.preset_id, requisite.name) == (5, "ПАО Сбер")
    assert requisite.fields == {
        "RQ_INN": INN,
        "RQ_COMPANY_NAME": "ПАО Сбер",
        "RQ_COMPANY_FULL_NAME": "ПАО Сбербанк",
        "RQ_KPP": "773",
        "RQ_OGRN": "102",
        "RQ_DIRECTOR": "Греф Г.О.",
    }
    assert [one.text for one in of(decision, AddAddress)] == ["Москва"]


def test_c6_what_the_directory_knows_of_an_entrepreneur_goes_into_the_other_fields():
    party = Party(PERSONS_INN, "ИП Иванов", ogrn="304", person=("Иванов", "Иван", "Иваныч"))
    (requisite,) = of(converted(legal(UF_INN=PERSONS_INN), known(directory=DirectoryAnswer(party))), AddRequisite)

    assert requisite.preset_id == 6
    assert requisite.fields == {
        "RQ_INN": PERSONS_INN,
        "RQ_COMPANY_NAME": "ИП Иванов",
        "RQ_LAST_NAME": "Иванов",
        "RQ_FIRST_NAME": "Иван",
        "RQ_SECOND_NAME": "Иваныч",
        "RQ_OGRNIP": "304",
    }


def test_c6_the_address_of_somebody_elses_requisite_is_theirs():
    there, requisite = card(COMPANY, TITLE="Сбер"), Requisite(3, 9, {"RQ_INN": INN})
    what = known(there, requisites=(requisite,), directory=DirectoryAnswer(PARTY))
    assert of(converted(legal(), what), AddAddress) == []


def test_c6_an_account_that_is_there_is_completed_and_another_one_added():
    there, requisite = card(COMPANY, TITLE="Сбер"), Requisite(3, 9, {"RQ_INN": INN})
    lead = legal(UF_ACCOUNT=ACCOUNT, UF_BIK=BIK)
    bank = DirectoryAnswer(bank=Bank(BIK, "Сбербанк", "301"))

    def accounts(*details: BankDetail) -> Decision:
        return converted(lead, known(there, requisites=(requisite,), bank_details=details, directory=bank))

    same = accounts(BankDetail(6, 3, {"RQ_ACC_NUM": ACCOUNT, "RQ_BANK_NAME": "СБ"}))
    assert [one.fields for one in of(same, UpdateBankDetail)] == [{"RQ_BIK": BIK, "RQ_COR_ACC_NUM": "301"}]
    assert [one.bank_detail_id for one in of(same, LinkRequisite)] == [6]

    other = accounts(BankDetail(6, 3, {"RQ_ACC_NUM": "1"}))
    (added,) = of(other, AddBankDetail)
    assert (added.name, added.requisite_id) == ("Сбербанк", 3)
    assert added.fields == {
        "RQ_ACC_NUM": ACCOUNT,
        "RQ_BIK": BIK,
        "RQ_BANK_NAME": "Сбербанк",
        "RQ_COR_ACC_NUM": "301",
        "RQ_ACC_CURRENCY": "RUB",
    }


def test_c6_a_portal_without_presets_gets_no_requisites():
    decision = converted(legal(UF_ACCOUNT=ACCOUNT), company_preset=0)
    assert of(decision, AddRequisite) + of(decision, AddBankDetail) + of(decision, LinkRequisite) == []


@pytest.mark.parametrize(("way", "stage"), [(7, "C3:NEW"), ([8, 7], "C3:NEW"), (8, "NEW"), (None, "NEW")])
def test_c7_a_deal_starts_in_the_place_of_its_direction_else_in_the_usual_one(way, stage):
    assert made(converted(make_lead(UF_WAY=way)), "deal")["STAGE_ID"] == stage


def test_c7_copied_dropdowns_are_the_deals_own_items_and_others_stay_away():
    assert made(converted(make_lead(UF_AREA=0, UF_SORT=[11, 13, 12])), "deal")["UF_DEAL_SORT"] == [21, 22]
    fields = made(converted(make_lead(UF_AREA=0, UF_SORT=13)), "deal")
    assert "UF_DEAL_SORT" not in fields
    assert fields["UF_DEAL_AREA"] == 0


def test_c7_the_sum_is_carried_over_with_who_typed_it():
    typed = made(converted(make_lead(OPPORTUNITY=5, IS_MANUAL_OPPORTUNITY="Y", CURRENCY_ID="USD")), "deal")
    counted = made(converted(make_lead(OPPORTUNITY=5, IS_MANUAL_OPPORTUNITY="N")), "deal")

    assert (typed["OPPORTUNITY"], typed["IS_MANUAL_OPPORTUNITY"], typed["CURRENCY_ID"]) == (5, "Y", "USD")
    assert "IS_MANUAL_OPPORTUNITY" not in counted


def test_c8_a_persons_deal_gets_what_it_lacks_and_keeps_its_own():
    mine = card(DEAL, TITLE="Моя", OPPORTUNITY=900, CURRENCY_ID="EUR", CONTACT_ID=77, UF_DEAL_AREA=5)
    lead = make_lead(OPPORTUNITY=5, CURRENCY_ID="RUB", SOURCE_ID="WEB", UF_AREA=120)
    what = known(mine, of_lead=(DEAL,), products=({"productName": "Ткань"},))
    decision = converted(lead, what)

    (update,) = [one for one in of(decision, UpdateItem) if one.item == DEAL]
    assert update.fields == {"LEAD_ID": 17, "SOURCE_ID": "WEB"}
    assert [one for one in of(decision, LinkContact) if one.item == DEAL] == []
    assert len(of(decision, SetProducts)) == 1
    stocked = known(mine, of_lead=(DEAL,), products=({"productName": "Ткань"},), deals_with_products=frozenset({31}))
    assert of(converted(lead, stocked), SetProducts) == []


def test_c8_a_persons_deal_without_a_sum_gets_the_leads_with_its_currency():
    mine = card(DEAL, TITLE="Моя", CURRENCY_ID="RUB", OPPORTUNITY="0.00", LEAD_ID=17)
    decision = converted(make_lead(OPPORTUNITY=5, CURRENCY_ID="USD"), known(mine, of_lead=(DEAL,)))

    (update,) = [one for one in of(decision, UpdateItem) if one.item == DEAL]
    assert update.fields == {"OPPORTUNITY": 5, "CURRENCY_ID": "USD"}
    assert [one.contact_id for one in of(decision, LinkContact) if one.item == DEAL] == [
        Reference("contact", ("item", "id"))
    ]


@pytest.mark.parametrize("fields", [{"COMPANY_ID": 9}, {"COMPANY_IDS": [5, 9]}])
def test_c7_a_contact_that_belongs_to_the_company_is_not_linked_to_it_again(fields):
    there = card(CONTACT, NAME="Анна", PHONE=("+79161234567",), **fields)
    company, requisite = card(COMPANY, TITLE="Сбер"), Requisite(3, 9, {"RQ_INN": INN})
    decision = converted(legal(), known(there, company, candidates=(CONTACT,), requisites=(requisite,)))
    assert [one.item.kind for one in of(decision, LinkContact)] == ["lead"]


def test_c9_a_bankrupt_and_a_silent_directory_are_named_on_the_lead():
    party = Party(INN, "ООО Крах", is_closed=True, closed_as="BANKRUPT")
    bankrupt = of(converted(legal(), known(directory=DirectoryAnswer(party))), AddComment)
    silent = converted(legal(), known(directory=DirectoryAnswer(is_down=True)))

    assert "ООО Крах" in bankrupt[0].text
    assert "не ответил" in of(silent, AddComment)[0].text
    assert silent.memory.to_complete == INN
    assert converted(legal()).memory.to_complete == ""


def test_c6_an_individual_waits_for_no_directory():
    silent = converted(make_lead(UF_INN=INN), known(directory=DirectoryAnswer(is_down=True)))
    assert (silent.memory.to_complete, len(of(silent, AddComment))) == ("", 3)


def test_c5_an_empty_code_that_is_not_required_is_no_wrong_one():
    """C5: only what is filled in can be wrong."""
    assert gaps(legal(), RULES, ConversionMemory(), "ru", keeps=False) == []
    (bik,) = gaps(legal(UF_BIK="1"), RULES, ConversionMemory(), "ru", keeps=False)
    assert "БИК" in bik.text
    (account,) = gaps(legal(UF_ACCOUNT="1"), RULES, ConversionMemory(), "ru", keeps=False)
    assert "Счёт" in account.text


@pytest.mark.parametrize(
    ("lead", "repeat", "has_gaps"),
    [
        (make_lead(PHONE=()), False, False),
        (legal(UF_INN=""), False, True),
        (legal(UF_INN="", COMPANY_ID=9), False, False),
        (legal(UF_INN=""), True, False),
    ],
)
def test_c4_what_the_kept_clients_card_has_the_lead_need_not_have(lead, repeat, has_gaps):
    memory = ConversionMemory(repeat=repeat)

    assert bool(gaps(lead, RULES, memory, "ru", keeps=True)) is has_gaps
    assert gaps(lead, RULES, memory, "ru", keeps=False)


def test_c4_a_client_type_is_required_before_anything_else():
    assert [gap.key for gap in gaps(make_lead(UF_KIND=None), RULES, ConversionMemory(), "ru", keeps=True)] == [
        "UF_KIND"
    ]


def test_c2_c8_a_client_that_a_person_linked_makes_no_repeat_lead():
    """C2, C8: only Bitrix24's mark does, and only with a client behind it."""
    by_hand = make_lead(CONTACT_ID=4)
    marked = make_lead(CONTACT_ID=4, IS_RETURN_CUSTOMER="Y")
    linked = ConversionMemory(contact_done=True, contact_id=4)

    assert not keeps_client(by_hand, ConversionMemory())
    assert not keeps_client(make_lead(IS_RETURN_CUSTOMER="Y"), ConversionMemory())
    assert keeps_client(marked, ConversionMemory())
    assert not keeps_client(marked, linked)
    assert keeps_client(marked, msgspec.structs.replace(linked, converted=True))


def test_c2_what_an_event_calls_for():
    open_lead = make_lead(STAGE_SEMANTIC_ID="P")

    assert wants(open_lead, (), ConversionMemory(), RULES) == Wants(contact=True)
    assert wants(open_lead, (), ConversionMemory(contact_done=True), RULES) == Wants()
    assert wants(make_lead(STAGE_SEMANTIC_ID="P", COMPANY_ID=9), (), ConversionMemory(), RULES) == Wants()
    assert wants(make_lead(), (), ConversionMemory(), RULES) == Wants(convert=True)
    assert wants(make_lead(), (), ConversionMemory(converted=True), RULES) == Wants()
    waiting = ConversionMemory(converted=True, to_complete=INN)
    assert wants(make_lead(), (), waiting, RULES) == Wants(complete=True)


def test_c2_a_contact_is_linked_once_and_a_person_may_take_the_link_away():
    decision = client_steps(
        make_lead(STAGE_SEMANTIC_ID="P"), ConversionMemory(), Wants(contact=True), Known(), RULES, PORTAL
    )

    assert [type(one) for one in decision.actions] == [AddItem, LinkContact, AddComment]
    assert (decision.memory.contact_done, decision.memory.converted) == (True, False)
    assert not decision.steps[0].memory_otherwise.contact_done


def test_c8_a_repeat_lead_whose_type_leaves_no_deal_leaves_nothing():
    outcomes = {"individual": ("contact",), "legal_entity": ()}
    repeat = converted(make_lead(CONTACT_ID=4), known(linked=(4,)), ConversionMemory(repeat=True), outcomes=outcomes)
    assert of(repeat, AddItem) == []


def test_c8_a_lead_that_is_repeat_by_a_client_made_of_it_by_hand_is_none():
    there = card(CONTACT, NAME="Анна", LEAD_ID=17)
    what = known(there, linked=(4,), of_lead=(CONTACT,))
    decision = converted(legal(CONTACT_ID=4), what, ConversionMemory(repeat=True))
    assert {one.kind for one in of(decision, AddItem)} == {"company", "deal"}


def test_c2_c7_a_lead_that_the_portal_marks_repeat_after_our_link_is_still_new():
    """C2, C7: whether it came with its client is seen once, at the first sight of the lead."""
    marked = make_lead(CONTACT_ID=4, IS_RETURN_CUSTOMER="Y")

    assert seen(marked, ConversionMemory()).repeat
    assert not seen(marked, ConversionMemory(known=True)).repeat
    assert seen(make_lead(), ConversionMemory(known=True, repeat=True)).repeat


def test_c7_a_deal_is_called_as_the_settings_say():
    decision = converted(make_lead(), deal_title="Сделка: {lead[TITLE]}")
    assert made(decision, "deal")["TITLE"] == "Сделка: Шторы"


def test_c6_bank_details_have_only_what_is_known():
    (bank,) = of(converted(legal(UF_ACCOUNT="40702398938000000001")), AddBankDetail)
    assert bank.fields == {"RQ_ACC_NUM": "40702398938000000001"}
