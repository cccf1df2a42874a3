"""C11, C12: what a contract needs of each kind of party, who is told, and what that costs."""

from datetime import date, timedelta

import msgspec
import pytest
from crm_robots.robots.conversion.dadata import party_of
from crm_robots.robots.conversion.known import BankDetail, Requisite
from crm_robots.robots.conversion.readiness import CompanyMemory, Papers, decide_readiness, missing_papers
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.conversion.rules import ConversionRules
from crm_robots.shared.actions import AddComment, UpdateItem
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.plan import Cause, Plan

from tests.support.conversion import ACCOUNT, BIK, INN, PARTY, Directory
from tests.support.world import EXAMPLE, World, new_world
from tests.test_conversion_decide import PORTAL
from tests.test_conversion_decide import RULES as PLAIN

ALL = ("name", "inn", "kpp", "ogrn", "address", "head", "account", "bik", "bank", "corr_account")
RULES = msgspec.structs.replace(PLAIN, contract_requires=ALL)
OF_COMPANY = {
    "RQ_INN": INN,
    "RQ_COMPANY_FULL_NAME": "ПАО Сбербанк",
    "RQ_KPP": "773601001",
    "RQ_OGRN": "1027700132195",
    "RQ_DIRECTOR": "Греф Г. О.",
}
OF_ACCOUNT = {
    "RQ_ACC_NUM": ACCOUNT,
    "RQ_BIK": BIK,
    "RQ_BANK_NAME": "Сбербанк",
    "RQ_COR_ACC_NUM": "30101810400000000225",
}
COMPANY = Item(ItemRef("company", 9), {"TITLE": "Сбер"})
READY = "Для договора всё готово"


def papers(requisite=OF_COMPANY, account=OF_ACCOUNT, addresses=(6,)):
    return Papers(Requisite(3, 9, requisite), [BankDetail(4, 3, account)], frozenset(addresses))


def test_c11_a_company_with_everything_lacks_nothing():
    assert missing_papers([papers()], RULES) == ()


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"requisite": OF_COMPANY | {"RQ_KPP": "\u200b"}}, ("kpp",)),
        ({"requisite": OF_COMPANY | {"RQ_INN": "7707083894"}}, ("inn",)),
        ({"account": OF_ACCOUNT | {"RQ_BIK": ""}}, ("bik",)),
        ({"account": OF_ACCOUNT | {"RQ_ACC_NUM": "1"}}, ("account",)),
        ({"addresses": (1,)}, ("address",)),
    ],
)
def test_c11_what_is_empty_or_wrong_is_missing(changes, lacking):
    assert missing_papers([papers(**changes)], RULES) == lacking


def test_c11_an_entrepreneur_needs_neither_kpp_nor_head_and_has_another_ogrn():
    own = {"RQ_INN": "500100732259", "RQ_LAST_NAME": "Иванов", "RQ_FIRST_NAME": "Иван", "RQ_OGRNIP": "304500116000157"}

    assert missing_papers([papers(own, addresses=(4,))], RULES) == ()
    assert missing_papers([papers(own | {"RQ_OGRNIP": ""}, addresses=())], RULES) == ("ogrn", "address")


def test_c11_a_foreign_party_is_in_no_register():
    own = {"RQ_INN": "9909000009", "RQ_COMPANY_NAME": "Acme", "RQ_KPP": "774751001", "RQ_DIRECTOR": "J. Doe"}

    assert "ogrn" not in missing_papers([papers(own)], RULES)


def test_c11_of_several_requisites_and_accounts_the_fullest_count_and_none_lacks_all():
    assert missing_papers([papers({}, {}, ()), papers()], RULES) == ()
    assert missing_papers([Papers(Requisite(3, 9, OF_COMPANY), (), frozenset({6}))], RULES) == ALL[6:]
    assert missing_papers([], RULES) == ALL


def test_c11_each_outcome_is_told_once_and_the_field_is_always_right():
    rules = msgspec.structs.replace(RULES, ready_field="UF_READY")
    first = decide_readiness(COMPANY, CompanyMemory(), [papers()], rules, PORTAL)
    update, comment = first.actions
    assert isinstance(update, UpdateItem)
    assert update.fields == {"UF_READY": "Y"}
    assert isinstance(comment, AddComment)
    assert comment.text == READY

    shown = Item(COMPANY.ref, {"UF_READY": True})
    assert decide_readiness(shown, first.memory, [papers()], rules, PORTAL).actions == ()
    worse = decide_readiness(shown, first.memory, [papers(addresses=())], rules, PORTAL)
    assert [type(one) for one in worse.actions] == [UpdateItem, AddComment]
    assert "договора не хватает: юридический адрес" in worse.actions[1].text


@pytest.fixture
def world():
    for one in new_world({"conversion": ConversionRobot}):
        text = EXAMPLE.read_text().replace("ready_field: null", "ready_field: UF_CRM_READY")
        one.publish(text.replace("party_directory: none", "party_directory: dadata"))
        yield one


def make_company(world: World, requisite=OF_COMPANY, account=OF_ACCOUNT):
    number = world.person("Петров").create("company", title="Сбер")
    owner = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": number, "PRESET_ID": 1, "NAME": "x"}
    requisites = world.portal.requisites
    own = requisites.add(1, owner | requisite)
    bank = requisites.add_bank_detail(1, {"ENTITY_ID": own, "NAME": "x", **account})
    requisites.put_address({"TYPE_ID": 6, "ENTITY_TYPE_ID": 8, "ENTITY_ID": own, "ADDRESS_1": "Москва"})
    return number, own, bank


def ready(world, number):
    return world.person("Петров").read("company", number)["UF_CRM_READY"]


def test_c11_a_change_of_any_paper_is_noticed(world):
    number, own, bank = make_company(world)
    world.settle()
    assert (world.comments("company", number), ready(world, number)) == ([READY], "Y")

    requisites, tables = world.portal.requisites, world.portal.tables
    requisites.change(tables.requisites.get(own), 1, {"RQ_KPP": ""})
    world.settle()
    requisites.change(tables.bank_details.get(bank), 1, {"RQ_BANK_NAME": ""}, bank=True)
    world.settle()
    requisites.remove(tables.bank_details.get(bank), bank=True)
    world.settle()
    assert [text.partition(": ")[2] for text in world.comments("company", number)[1:]] == [
        "КПП.",
        "КПП, банк.",
        "КПП, расчётный счёт, БИК, банк, корреспондентский счёт.",
    ]
    assert ready(world, number) == "N"

    requisites.remove(tables.requisites.get(own))
    world.settle()
    assert "ИНН" in world.comments("company", number)[-1]


def test_c11_a_company_that_a_lead_is_making_is_looked_at_when_that_is_done(world):
    """C11: not «не хватает» in the second between requisite and address."""
    memory = world.tools.memory
    making = memory.load("conversion", ["lead:77"])["lead:77"]
    making.plan = Plan(1, Cause("", "", 0), Decision({}))
    memory.save(making)
    number = world.portal.items.add(4, {"title": "Сбер", "leadId": 77}, 1)["id"]
    world.work()
    assert world.comments("company", number) == []

    making.plan = None
    memory.save(making)
    world.settle()
    (told,) = world.comments("company", number)
    assert "не хватает" in told


def test_section_9_a_lone_company_costs_one_request_and_a_window_two(world):
    numbers = [make_company(world)[0] for _ in range(12)]
    world.settle()
    before = world.requests
    world.person("Петров").update("company", numbers[0], comments="!")
    world.settle()
    assert world.requests - before == 1

    for number in numbers:
        world.person("Петров").update("company", number, comments="?")
    before = world.requests
    world.settle()
    assert world.requests - before == 2


def test_section_9_a_lone_requisite_costs_one_request(world):
    number, own, _ = make_company(world)
    world.settle()
    before = world.requests
    world.portal.requisites.change(world.portal.tables.requisites.get(own), 1, {"RQ_PHONE": "1"})
    world.settle()
    assert (world.requests - before, world.comments("company", number)) == (1, [READY])


def checked(world, directory, *numbers, at=1_768_200_000):
    """As the command does it."""
    settings = world.tools.settings.load("conversion", ConversionRules)
    robot = directory.robot(world.tools)
    companies = robot.companies(settings.rules, settings.portal)
    return companies.check(numbers, Cause("requisites", "", at, "run"))


BARE = {"RQ_INN": INN, "RQ_KPP": "000000000"}
OF_BANK = {"RQ_ACC_NUM": ACCOUNT, "RQ_BIK": BIK}


def test_c12_what_is_empty_is_completed_and_what_differs_is_told_once(world):
    number, own, bank = make_company(world, BARE, OF_BANK)
    (found,), is_up = checked(world, Directory(PARTY), number)

    requisite = world.portal.tables.requisites.get(own)
    assert is_up
    assert (requisite["RQ_OGRN"], requisite["RQ_KPP"]) == ("1027700132195", "000000000")
    assert requisite["RQ_DIRECTOR"] == "Греф Герман Оскарович"
    assert world.portal.tables.bank_details.get(bank)["RQ_COR_ACC_NUM"] == "30101810400000000225"
    assert [(one.field, one.ours, one.theirs) for one in found.differences] == [("RQ_KPP", "000000000", "773601001")]
    (comment,) = world.comments("company", number)
    assert "КПП: 000000000 → 773601001" in comment

    (again,), _ = checked(world, Directory(PARTY), number)
    assert (again.completed, len(again.differences)) == ((), 1)
    assert world.comments("company", number) == [comment]


def test_c12_a_closed_party_is_told_and_a_silent_directory_leaves_all_as_it_is(world):
    number, own, _ = make_company(world, BARE, OF_BANK)
    assert checked(world, Directory(PARTY, down=True), number) == ([], False)
    assert not world.portal.tables.requisites.get(own).get("RQ_OGRN")

    (found,), _ = checked(world, Directory(PARTY | {"state": {"status": "LIQUIDATED"}}), number)
    assert found.closed == "LIQUIDATED"
    assert "ликвидирована" in world.comments("company", number)[0]


def test_c12_of_several_parties_the_active_one_that_comes_first_is_taken():
    closed = PARTY | {"state": {"status": "LIQUIDATED"}, "kpp": "1"}

    assert party_of(INN, [closed, PARTY, PARTY | {"kpp": "2"}]).kpp == PARTY["kpp"]
    assert party_of(INN, [closed]).is_closed


def test_c12_companies_are_looked_up_again_after_so_many_days():
    text = EXAMPLE.read_text().replace("recheck_days: null", "recheck_days: 30")
    directory = Directory(PARTY)
    for world in new_world({"conversion": directory.robot}):
        world.publish(text.replace("party_directory: none", "party_directory: dadata"))
        number, own, _ = make_company(world, BARE, OF_BANK)
        world.settle()
        (look,) = [one for looks in world.tools.memory.due(date(2030, 1, 1)) for one in looks]
        assert look.item == f"company:{number}"

        now = int(world.portal.clock.now().timestamp())
        world.queue("conversion", CrmEvent("SCHEDULE", f"company:{number}", now))
        world.settle()
        assert world.portal.tables.requisites.get(own)["RQ_OGRN"] == "1027700132195"
        (look,) = [one for looks in world.tools.memory.due(date(2030, 1, 1)) for one in looks]
        assert look.on == world.portal.clock.now().date() + timedelta(days=30)
