"""P3: what the models accept, and how they say what is wrong."""

# ruff: noqa: E501  a table of mistakes reads best one to a line

import pytest
from crm_robots.settings.problems import NAMED_BY_PEOPLE, Problem, SettingsError, describe
from crm_robots.settings.sections import SECTIONS
from crm_robots.settings.validate import models_in, validate
from pydantic import BaseModel

from tests.support.settings_portal import example


def problems(section: str, text: str, language: str = "en") -> list[str]:
    with pytest.raises(SettingsError) as caught:
        validate(section, SECTIONS[section].model, text)
    return [describe(problem, language) for problem in caught.value.problems]


def changed(section: str, old: str, new: str) -> str:
    text = example()[section]
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize("section", SECTIONS)
def test_p1_the_example_is_accepted_as_it_stands(section: str):
    assert validate(section, SECTIONS[section].model, example()[section])


@pytest.mark.parametrize(
    ("section", "old", "new", "expected"),
    [
        ("qualification", "on_gap: return", "on_gap: retrun", "«retrun», expected one of: return, remind; did you mean «return»?"),
        ("qualification", "gate_stage: К", "gate_stages: К", "gate_stages (line 4): key «gate_stages» unknown; did you mean «gate_stage»"),
        ("qualification", "confirm_hours: 24", "confirm_hours: 0", "confirm_hours (line 70): found 0, expected 1 or more"),
        ("qualification", "todo_deadline_hours: 24", "todo_deadline_hours: 90000", "found 90000, expected 8760 or less"),
        ("qualification", "todo_deadline_hours: 24", 'todo_deadline_hours: "24"', "found «24», expected a whole number"),
        ("qualification", "type: integer", "type: number", "found «number», expected one of: string, integer"),
        ("qualification", "multiple: true", "values: [a]", "the key «values» stands twice"),
        ("qualification", "UF_CRM_STORES:", "STORES:", "expected code of a user field, UF_CRM_…"),
        ("conversion", "NAME, PHONE|EMAIL", "NAME, PHONE|", "expected fields with | between them"),
        ("conversion", '"{lead[TITLE]}"', '"{lead.__class__}"', "found «{lead.__class__}», a text may hold {lead[FIELD]}"),
        ("routing", "{department: Сервис, category: Услуги, stage: Заявка}", "{category: Услуги, stage: Заявка}", "Обслуживание.department (line 11): this key is required"),
        ("routing", "control_deadline_days: 14", "control_deadline_days: 1.5", "found «1.5», expected a whole number"),
        ("client_status", "code: lost, label", "code: gone, label", "found new, in_work, hot, warm, cold, gone; expected new first"),
        ("client_status", "won: hot", "won: hott", "client_status.after_deal.won (line 16): status «hott» not found; did you mean «hot»?"),
        ("client_status", "holidays_country: RU", "holidays_country: RUS", "country «RUS» not found"),
        ("client_status", 'at: "09:00"', "at: 9", "found «9», expected HH:MM"),
        ("client_status", "entities: [company, contact]", "entities: [company, company]", "found «company» twice"),
        ("client_status", "code: warm, label: Тёплый", "code: hot, label: Тёплый", "found «hot» twice, expected every name once"),
        ("client_status", "transfer: none", "transfer: {user: 7, department: 4}", "expected only one of: user, department"),
        ("qualification", "[UF_CRM_STORES, UF_CRM_AREA]", "[UF_CRM_AREA, UF_CRM_AREA]", "found «UF_CRM_AREA» twice"),
        ("qualification", "gate_stage: Квалификация пройдена", 'gate_stage: ""', "found «», expected a text"),
        ("qualification", "gate_stage: Квалификация пройдена", "gate_stage: [a, {b: null}]", "found «[a, {b: null}]», expected a text"),
        ("portal", "Europe/Moscow", "MSK", "time zone «MSK» not found; did you mean «Europe/Moscow» or «Europe/Minsk»?"),
        ("portal", "Europe/Moscow", "GMT+3", "time zone «GMT+3» not found; did you mean «Europe/Moscow»"),
        ("portal", "Europe/Moscow", "UTC+05:30", "did you mean «Asia/Calcutta»"),
        ("portal", "Europe/Moscow", "MSK+7", "did you mean «Asia/Vladivostok»?"),
        ("portal", "Europe/Moscow", "Moskva", "expected one of: Europe/Moscow, Europe/Kaliningrad,"),
        ("client_status", 'at: "09:00"', 'at: "25:00"', "found «25:00», expected HH:MM"),
        ("client_status", "transfer: none", "transfer: suprvisor", "did you mean «supervisor»?"),
        ("client_status", "transfer: none", "transfer: {users: 5}", "key «users» unknown"),
        ("client_status", "{client} — {status}", "{klient}", "found «{klient}», a text may hold {client}"),
        ("portal", "language: ru", "<<: {language: ru}", "portal.<< (line 2): key «<<» unknown"),
        ("portal", "language: ru", '"[ru]": ru', "key «[ru]» unknown"),
        ("portal", "Europe/Moscow", "Europe/Moskow", "time zone «Europe/Moskow» not found; did you mean «Europe/Moscow»"),
        ("portal", "language: ru", "language: ru\nhosts: [https://acme.ru/]", "portal.hosts.1 (line 3): found «https://acme.ru/», expected name of a host"),
        ("portal", "admins: [admin@example.ru]", "admins: []", "expected at least 1 of them"),
    ],
)  # fmt: skip
def test_p3_a_wrong_key_or_value_is_named(section: str, old: str, new: str, expected: str):
    assert any(expected in one for one in problems(section, changed(section, old, new)))


def test_p3_every_number_has_bounds():
    for name, section in SECTIONS.items():
        for path, number in _numbers(section.model.model_json_schema()):
            assert {"minimum", "maximum"} <= number.keys(), f"{name}.{path}"


def _numbers(schema, path=""):
    if isinstance(schema, dict):
        if schema.get("type") in ("integer", "number"):
            yield path, schema
        for key, value in schema.items():
            yield from _numbers(value, f"{path}.{key}")
    elif isinstance(schema, list):
        for value in schema:
            yield from _numbers(value, path)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_setting_is_described(section: str):
    schema = SECTIONS[section].model.model_json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, setting in part.get("properties", {}).items():
            assert setting.get("description") or "$ref" in setting, f"{section}: {name}"


def test_a_switched_off_section_needs_nothing_else_but_no_mistakes():
    assert validate("routing", SECTIONS["routing"].model, "enabled: false") is None
    assert "«enabeld» unknown" in " ".join(problems("routing", "enabeld: false"))


def test_a_section_pasted_together_with_its_key_is_understood():
    assert validate("routing", SECTIONS["routing"].model, "routing:\n  enabled: false\n") is None


def test_texts_left_out_speak_the_portals_language():
    section = validate(
        "routing", SECTIONS["routing"].model, example()["routing"].replace("visit_title", "# visit_title")
    )

    assert section.in_language("en").visit_title.startswith("Visit the client")
    assert section.in_language("en").control_title.startswith("Закрыть")


def test_p3_the_reason_is_told_in_russian_too():
    text = changed("qualification", "confirm_hours: 24", "confirm_hours: 0")

    assert problems("qualification", text, "ru") == [
        "qualification.confirm_hours (строка 70): указано 0, нужно не меньше 1"
    ]


def with_directory(address: str) -> str:
    return changed("conversion", "https://suggestions.dadata.ru/suggestions/api/4_1/rs", address)


@pytest.mark.parametrize(
    "address",
    [
        "http://dadata.example/rs",
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/latest",
        "https://[fe80::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[fd00:ec2::254]/",
        "https://metadata.google.internal/",
        "https://2852039166/",
        "https://0xa9.254.169.254/",
        "https://user:password@dadata.example/rs",
        "http://127.0.0.1@evil.example/",
        "http://localhost.evil.example/",
        "https://0.0.0.0/",
    ],
)
def test_section_10_the_directory_is_asked_over_https_or_on_this_machine_and_never_a_cloud(address: str):
    (text,) = problems("conversion", with_directory(address))
    assert "party_directory_url" in text


@pytest.mark.parametrize(
    "address",
    ["https://proxy.acme.ru:8443/rs", "https://10.0.0.7/rs", "http://127.0.0.1:9000/rs", "http://localhost:1/"],
)
def test_a_directory_of_ones_own_is_taken(address: str):
    assert validate("conversion", SECTIONS["conversion"].model, with_directory(address))


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("lost_deal.rules.0.stages", "lost_deal.rules.1.stages"),
        ("client_status.statuses.2.days", "client_status.statuses.3.days"),
        ("qualification.directions.2025.required.0", "qualification.directions.2025.required.1"),
        ("routing.services.3", "routing.services.3"),
        ("file", "file"),
    ],
)
def test_p3_items_of_a_list_are_counted_from_one_and_labels_stay(key: str, shown: str):
    """P3: administrators count from one; a number that is a dropdown's label is no place in a list."""
    assert describe(Problem(key, "missing"), "ru").startswith(f"{shown}: ")


def maps_of(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    """Keys of the model whose own keys are free."""
    if model in seen:
        return set()
    seen.add(model)
    found = {name for name, field in model.model_fields.items() if "dict[" in str(field.annotation)}
    inner = {one for field in model.model_fields.values() for one in models_in(field.annotation)}
    return found.union(*(maps_of(one, seen) for one in inner))


def test_p3_every_key_whose_keys_people_choose_is_known():
    seen: set[type[BaseModel]] = set()
    found = set().union(*(maps_of(section.model, seen) for section in SECTIONS.values()))

    assert {"directions", "services", "when"} <= found <= NAMED_BY_PEOPLE
