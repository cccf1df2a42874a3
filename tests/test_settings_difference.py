"""What a section's new text changes against the one in force."""

import pytest
from crm_robots.records.settings_store import Stored
from crm_robots.settings.difference import changes
from crm_robots.settings.sections import SECTIONS
from crm_robots.settings.validate import validate

from tests.support.settings_portal import example


def told(section: str, old: str, new: str, before: str | None = None) -> list[str]:
    text = example()[section].replace(old, new, 1)
    assert text != example()[section]
    model = validate(section, SECTIONS[section].model, text)
    assert model
    stored = Stored(section, rules="{}", version=1, source=before or example()[section])
    return [f"{one.key}: {one.old} → {one.new}" for one in changes(section, stored, model, text)]


@pytest.mark.parametrize(
    ("section", "old", "new", "expected"),
    [
        ("client_status", "days: 10", "days: 11", ["client_status.statuses.new.days: 10 → 11"]),
        ("client_status", "label: Тёплый", "label: Тихий", ["client_status.statuses.warm.label: Тёплый → Тихий"]),
        ("lost_deal", "stages: [Нет денег]", "stages: [Дорого]", ["lost_deal.rules.1.stages: [Нет денег] → [Дорого]"]),
        ("qualification", "on_gap: return", "on_gap: remind", ["qualification.on_gap: return → remind"]),
        ("qualification", "arrange_card: false ", "# arrange_card: false ", []),
        ("portal", "language: ru", "language: ru  # as before", []),
        ("routing", "pick: random", "pick: least_loaded", ["routing.pick: random → least_loaded"]),
    ],
)  # fmt: skip
def test_p1_each_key_that_changes_is_told_as_it_is_written(section, old, new, expected):
    assert told(section, old, new) == expected


def test_p1_a_key_that_comes_or_goes_has_one_side():
    added = told("routing", "services:", "services:\n  Ремонт: {department: Сервис, category: Услуги, stage: Заявка}")

    assert len(added) == 1
    assert added[0].startswith("routing.services.Ремонт: None → {category: Услуги, ")


def test_p1_a_text_of_an_earlier_version_is_compared_as_it_is_written():
    before = example()["qualification"] + "former_key: 5\n"

    assert told("qualification", "on_gap: return", "on_gap: remind", before) == [
        "qualification.on_gap: return → remind",
        "qualification.former_key: 5 → None",
    ]
