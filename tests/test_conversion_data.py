"""C3 and C5: phones, e-mails, and the codes of companies and banks, with real ones."""

import pytest
from crm_robots.robots.conversion.bank_codes import currency_of, digits, wrong_account, wrong_bik, wrong_inn
from crm_robots.robots.conversion.communications import (
    MOST_VALUES,
    distinct,
    email_key,
    kept_phone,
    lacking,
    phone_key,
    phone_spellings,
)
from crm_robots.robots.conversion.persons import chosen, same_company, same_person
from crm_robots.shared.items import Item, ItemRef
from hypothesis import given
from hypothesis import strategies as st

SBER = "044525225"


@pytest.mark.parametrize(
    "spelling",
    [
        "8 916 123-45-67",
        "+7 916 123 45 67",
        "7 (916) 123-45-67",
        "9161234567",
        "8(916)1234567 доб. 12",
        "+8 916 1234567",
    ],
)
def test_c3_one_number_in_many_spellings(spelling):
    assert phone_key(spelling) == "+79161234567"


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("+375 29 123-45-67", "+375291234567"),
        ("8~10 375 29 123-45-67", "+375291234567"),
        ("00 49 30 1234567", "+49301234567"),
        ("+1 (212) 555-12-34", "+12125551234"),
        ("+49 30 1234567", "+49301234567"),
        ("+49 30 123456", "+4930123456"),
        ("00 49 30 123456", "+4930123456"),
        ("8 701 123 45 67", "+77011234567"),
        ("позвонить позже", ""),
        ("8 916 123,4567", "+79161234567"),
    ],
)
def test_c3_foreign_numbers_keep_their_country(spelling, key):
    assert phone_key(spelling) == key


@given(st.from_regex(r"9\d{9}", fullmatch=True))
def test_c3_every_spelling_that_is_looked_up_is_the_same_number(ten):
    spellings = phone_spellings(f"8{ten}")

    assert len(spellings) <= 2 * MOST_VALUES
    assert {phone_key(one) for one in spellings} == {f"+7{ten}"}


def test_c3_an_extension_stays_on_the_card():
    assert kept_phone("8 (495) 123-45-67 доб. 12") == "8 (495) 123-45-67 доб. 12"
    assert kept_phone("8 (495) 123-45-67") == "+74951234567"


@pytest.mark.parametrize("spelling", ["Anna@Example.ru", "Анна Орлова <anna@example.ru>", " mailto:anna@example.ru "])
def test_c3_an_address_without_name_and_letter_case(spelling):
    assert email_key(spelling) == "anna@example.ru"


def test_c3_a_number_is_added_once_and_not_in_another_spelling():
    assert distinct(["8 916 123-45-67", "+79161234567", "нет"], phones=True) == ["+79161234567"]
    assert lacking(["8 916 123-45-67", "8 495 1234567"], ["9161234567"], phones=True) == ["+74951234567"]


def card(kind, number=1, **fields):
    return Item(ItemRef(kind, number), fields)


PHONE = {"PHONE": ("8 916 123-45-67",)}
EMAIL = {"EMAIL": ("Anna@example.ru",)}


@pytest.mark.parametrize(
    ("lead", "contact", "same"),
    [
        (EMAIL | {"LAST_NAME": "Орлова"}, {"EMAIL": ("anna@EXAMPLE.ru",), "LAST_NAME": "Иванова"}, True),
        (PHONE | {"LAST_NAME": "Семёнова"}, {"PHONE": ("+79161234567",), "LAST_NAME": "семенова "}, True),
        (PHONE, {"PHONE": ("+79161234567",), "LAST_NAME": "Иванова"}, True),
        (PHONE | {"LAST_NAME": "Орлова"}, {"PHONE": ("+79161234567",)}, True),
        (PHONE | {"LAST_NAME": "Орлова"}, {"PHONE": ("+79161234567",), "LAST_NAME": "Иванова"}, False),
        ({"NAME": "Анна", "LAST_NAME": "Орлова"}, {"NAME": "Анна", "LAST_NAME": "Орлова"}, False),
        (PHONE, {"PHONE": ("+79161234568",)}, False),
    ],
)
def test_c3_the_same_person_or_not(lead, contact, same):
    assert same_person(card("lead", **lead), card("contact", **contact)) is same


def test_c3_a_company_with_the_same_phone_and_another_title_is_another_company():
    lead = card("lead", COMPANY_TITLE="Альфа", **PHONE)

    assert same_company(lead, card("company", TITLE="АЛЬФА", **PHONE))
    assert not same_company(lead, card("company", TITLE="Бета", **PHONE))


def test_c3_open_deals_come_before_age():
    cards = [card("contact", number) for number in (3, 1, 2)]

    assert [one.ref.id for one in (chosen(cards, ()).card, chosen(cards, {2}).card)] == [1, 2]
    assert [one.ref.id for one in chosen(cards, {2}).others] == [1, 3]
    assert chosen([], ()) is None


@pytest.mark.parametrize("inn", ["7707083893", "7736207543", "7740000076", "500100732259"])
def test_c5_real_inns_hold(inn):
    assert wrong_inn(inn) == ""


@pytest.mark.parametrize(
    ("inn", "reason"),
    [
        ("7707083894", "inn_checksum"),
        ("500100732258", "inn_checksum"),
        ("0000000000", "inn_zeros"),
        ("000000000000", "inn_zeros"),
        ("770708389", "inn_digits"),
        ("77070838931", "inn_digits"),
        ("77О7083893", "inn_digits"),
        ("٧٧٠٧٠٨٣٨٩٣", "inn_digits"),
    ],
)
def test_c5_what_is_wrong_with_an_inn(inn, reason):
    assert wrong_inn(inn) == reason


@pytest.mark.parametrize("bik", ["04452522", "0445252255", "04452522a", "000000000"])
def test_c5_a_bik_has_nine_digits(bik):
    assert wrong_bik(bik) == "bik_digits"
    assert wrong_bik(SBER) == ""


@pytest.mark.parametrize(
    ("account", "bik"),
    [
        ("40702810938000000001", SBER),
        ("30101810400000000225", SBER),
        ("30101810200000000593", "044525593"),
        ("40702810000000000001", "044525000"),
    ],
    ids=["a settlement account", "Sberbank's correspondent account", "Alfa-Bank's", "an account with the central bank"],
)
def test_c5_an_account_whose_key_fits_its_bik(account, bik):
    assert wrong_account(account, bik) == ""


@pytest.mark.parametrize(
    ("account", "bik", "reason"),
    [
        ("40702810438000000001", SBER, "account_key"),
        ("40702810938000000001", "044525593", "account_key"),
        ("4070281093800000000", SBER, "account_digits"),
        ("00000000000000000000", SBER, "account_digits"),
        ("40702810438000000001", "", ""),
        ("40702810438000000001", "123", ""),
    ],
)
def test_c5_what_is_wrong_with_an_account(account, bik, reason):
    assert wrong_account(account, bik) == reason


def test_c5_spaces_do_not_matter_and_number_fields_are_read():
    assert digits("4070 2810 9380 0000 0001") == "40702810938000000001"
    assert digits("7707\u00a0083893") == "7707083893"
    assert digits(7707083893.0) == "7707083893"
    assert digits(None) == ""


def test_an_accounts_currency():
    assert [currency_of(f"40702{code}938000000001") for code in ("810", "840", "978", "999")] == [
        "RUB",
        "USD",
        "EUR",
        "",
    ]


@pytest.mark.parametrize("typed", ["", "нет", "позвонить позже"])
def test_c3_what_is_no_address_is_none(typed):
    assert email_key(typed) == ""
