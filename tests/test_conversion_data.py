"""C3 and C5: phones, e-mails, and the codes of companies and banks, with real ones."""

import pytest
from crm_robots.robots.conversion.bank_codes import currency_of, digits, wrong_account, wrong_bik, wrong_inn
from crm_robots.robots.conversion.communications import (
    MOST_VALUES,
    distinct_emails,
    distinct_phones,
    email_key,
    email_spellings,
    emails_of,
    lacking_emails,
    lacking_phones,
    phone_spellings,
    phones_of,
)
from crm_robots.robots.conversion.persons import chosen, same_company, same_person
from crm_robots.shared.items import Item, ItemRef
from hypothesis import given
from hypothesis import strategies as st

SBER = "044525225"


def kept(typed, country="RU"):
    return distinct_phones([typed], country)


@pytest.mark.parametrize(
    "spelling",
    [
        "8 916 123-45-67",
        "+7 916 123 45 67",
        "7 (916) 123-45-67",
        "9161234567",
        "+8 916 1234567",
        "8 916 123,4567",
        "８９１６１２３４５６７",
        "\ufeff8\u200b916\u00a0123‑45‑67",
        "тел.: 8 916 123-45-67 (Анна)",
        "8 916 123-45-67 до 18:00",
        "8 916 123-45-67 18:00",
    ],
)
def test_c3_one_number_in_many_spellings(spelling):
    assert kept(spelling) == ["+79161234567"]


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("+375 29 123-45-67", "+375291234567"),
        ("375 29 123-45-67", "+375291234567"),
        ("8~10 375 29 123-45-67", "+375291234567"),
        ("00 49 30 1234567", "+49301234567"),
        ("+1 (212) 555-12-34", "+12125551234"),
        ("+49 30 1234567", "+49301234567"),
        ("+49 30 123456", "+4930123456"),
        ("00 49 30 123456", "+4930123456"),
        ("8 701 123 45 67", "+77011234567"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+39 (0)6 698 12345", "+390669812345"),
    ],
)
def test_c3_foreign_numbers_keep_their_country(spelling, key):
    assert kept(spelling) == [key]


@pytest.mark.parametrize(
    ("spelling", "country", "number"),
    [
        ("90 123-45-67", "UZ", "+998901234567"),
        ("8 029 123-45-67", "BY", "+375291234567"),
        ("8 916 123-45-67", "UZ", "+79161234567"),
        ("(212) 555-1234", "US", "+12125551234"),
    ],
)
def test_c3_a_number_without_a_country_is_of_the_portals(spelling, country, number):
    assert kept(spelling, country) == [number]


@pytest.mark.parametrize(
    "typed", ["22-33-44", "90 123-45-67", "8 029 123-45-67", "4930 123 456 78", "+7 916 123-45", "+79161234567123"]
)
def test_c3_a_number_of_unknown_country_stays_as_typed_and_is_looked_up_so(typed):
    assert kept(typed) == [typed]
    (phone,) = phones_of([typed], "RU").values()
    assert phone_spellings(typed, phone) == [typed]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("+7 916 123-45-67, +7 916 765-43-21", ["+79161234567", "+79167654321"]),
        ("89161234567 89167654321", ["+79161234567", "+79167654321"]),
        ("89161234567,89167654321", ["+79161234567", "+79167654321"]),
        ("8 916 123-45-67; 8 916 765-43-21", ["+79161234567", "+79167654321"]),
        ("+7 916 123-45-67 или +7 916 765-43-21", ["+79161234567", "+79167654321"]),
        ("8 916 123-45-67 / 22-33-44", ["+79161234567", "22-33-44"]),
        ("22-33-44, 55-66-77", ["22-33-44", "55-66-77"]),
        ("8 916 123-45-67, 01.12.2026 позвонить", ["+79161234567"]),
    ],
)
def test_c3_several_numbers_in_one_field_are_several(typed, numbers):
    assert kept(typed) == numbers


@pytest.mark.parametrize(
    "typed",
    [
        "8 (495) 123-45-67 доб. 12",
        "8 (495) 123-45-67;ext=12",
        "+7 495 123 45 67 ext. 12",
        "84951234567 x12",
        "8 (495) 123-45-67, 12",
        "8 (495) 123-45-67 доб.12, до 18:00",
    ],
)
def test_c3_an_extension_is_kept_apart_from_its_number(typed):
    """The portal compares numbers without what stands behind a semicolon."""
    assert kept(typed) == ["+74951234567;12"]
    assert list(phones_of([typed], "RU")) == ["+74951234567"]


@given(st.from_regex(r"9[0-9]{9}", fullmatch=True))
def test_c3_every_spelling_that_is_looked_up_is_the_same_number(ten):
    typed = f"8{ten}"
    for phone in phones_of([typed], "RU").values():
        spellings = phone_spellings(typed, phone)
        assert len(spellings) <= 2 * MOST_VALUES
        assert not phone.is_sure or set(phones_of(spellings, "RU")) == {f"+7{ten}"}


@given(st.text(alphabet="+0123456789 -(),;./xдоб", max_size=40))
def test_c3_nothing_is_made_up(typed):
    """Every number that is kept has the digits of what was typed, in their order; and reading it again finds it."""
    digits = "".join(filter(str.isdigit, typed))
    for phone in phones_of([typed], "RU").values():
        assert not phone.is_sure or phone.key[-7:] in digits or len(phone.key) < 9
        assert phone.key in phones_of([phone.kept], "RU") or not phone.is_sure


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Anna@Example.ru", ["anna@example.ru"]),
        ("Анна Орлова <anna@example.ru>", ["anna@example.ru"]),
        (" mailto:anna@example.ru ", ["anna@example.ru"]),
        ("anna@example.ru, boss@example.ru", ["anna@example.ru", "boss@example.ru"]),
        ("anna@example.ru;boss@example.ru.", ["anna@example.ru", "boss@example.ru"]),
        ("\ufeffanna\u200b@example.ru", ["anna@example.ru"]),
        ("anna@xn--e1afmkfd.xn--p1ai, anna@пример.рф", ["anna@xn--e1afmkfd.xn--p1ai"]),
        ("нет", []),
        ("anna@", []),
        ("@example.ru", []),
        ("", []),
    ],
)
def test_c3_addresses_in_a_field(typed, found):
    assert distinct_emails([typed]) == found


@given(st.text())
def test_c3_any_text_is_read_as_some_addresses_or_none(typed):
    assert all("@" in one for one in emails_of([typed]))


def test_c3_a_domain_in_its_own_letters_is_looked_up_in_punycode_too():
    assert email_key("Anna@Пример.рф") == email_key("anna@xn--e1afmkfd.xn--p1ai")
    assert "anna@xn--e1afmkfd.xn--p1ai" in email_spellings("Anna@Пример.рф", "Anna@Пример.рф")
    assert lacking_emails(["anna@пример.рф"], ["anna@XN--E1AFMKFD.xn--p1ai"]) == []


def test_c3_a_number_is_added_once_and_not_in_another_spelling():
    assert distinct_phones(["8 916 123-45-67", "+79161234567", "нет"], "RU") == ["+79161234567"]
    assert lacking_phones(["8 916 123-45-67", "8 495 1234567"], ["9161234567"], "RU") == ["+74951234567"]
    assert lacking_phones(["8 916 123-45-67 доб. 5", "765-43-21"], ["89161234567", "8 495 765 43 21"], "RU") == []


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
    assert same_person(card("lead", **lead), card("contact", **contact), "RU") is same


def test_c3_a_company_with_the_same_phone_and_another_title_is_another_company():
    lead = card("lead", COMPANY_TITLE="Альфа", **PHONE)

    assert same_company(lead, card("company", TITLE="АЛЬФА", **PHONE), "RU")
    assert not same_company(lead, card("company", TITLE="Бета", **PHONE), "RU")


def test_c3_open_deals_come_before_age():
    cards = [card("contact", number) for number in (3, 1, 2)]
    deals = {ItemRef("contact", 2): 1}

    assert [one.ref.id for one in (chosen(cards, {}).card, chosen(cards, deals).card)] == [1, 2]
    assert [one.ref.id for one in chosen(cards, deals).others] == [1, 3]
    assert chosen([], {}) is None


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
        ("03100643000000018500", "017003983"),
        ("40102810445370000059", "017003983"),
        ("03100643000000019500", "024501901"),
    ],
    ids=[
        "a settlement account",
        "Sberbank's correspondent account",
        "Alfa-Bank's",
        "an account with the central bank",
        "a treasury account has no key",
        "a single treasury account is keyed by digits 5 and 6",
        "a treasury account of another body",
    ],
)
def test_c5_an_account_whose_key_fits_its_bik(account, bik):
    assert wrong_account(account, bik) == ""


@pytest.mark.parametrize(
    ("account", "bik", "reason"),
    [
        ("40702810438000000001", SBER, "account_key"),
        ("40102810545370000059", "017003983", "account_key"),
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
    assert digits("\ufeff7707\u200b083893\u2060") == "7707083893"
    assert digits(7707083893.0) == "7707083893"
    assert digits(None) == ""


def test_an_accounts_currency():
    assert [currency_of(f"40702{code}938000000001") for code in ("810", "840", "978", "999")] == [
        "RUB",
        "USD",
        "EUR",
        "",
    ]
