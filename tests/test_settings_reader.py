"""P4: robots take a new version within a minute, and one window of events never mixes two."""

from crm_robots.records.settings_reader import SettingsReader
from crm_robots.records.settings_store import SettingsTable, Stored
from crm_robots.robots.lost_deal.rules import LostDealRules
from crm_robots.shared.gate.rules import Reminders
from crm_robots.shared.plan import to_json
from crm_robots.shared.portal import PortalRules


def put(dynamodb, version: int, language: str) -> None:
    portal = PortalRules("https://acme.bitrix24.example", "Europe/Moscow", language, (1,), 7)
    table = SettingsTable(dynamodb, "SettingsTable")
    table.save(Stored("portal", rules=to_json(portal), version=version))
    table.save(Stored("lost_deal", rules=to_json(LostDealRules(())), version=version))


def test_p4_a_new_version_is_taken_within_60_seconds(dynamodb):
    """P4."""
    now = 0.0
    reader = SettingsReader(dynamodb, "SettingsTable", lambda: now)
    put(dynamodb, 1, "ru")
    assert reader.load("lost_deal", LostDealRules).version == 1

    put(dynamodb, 2, "en")
    now = 60.0
    assert reader.load("lost_deal", LostDealRules).version == 2


def test_p4_other_sections_are_read_together_with_the_own_one(dynamodb):
    """P4: and one that is switched off is missing."""
    reader = SettingsReader(dynamodb, "SettingsTable", lambda: 0.0)
    put(dynamodb, 1, "ru")
    SettingsTable(dynamodb, "SettingsTable").save(
        Stored("qualification", rules='{"todo_hours":5,"gate":"X"}', version=1)
    )

    found = reader.load("lost_deal", LostDealRules, {"qualification": Reminders, "conversion": Reminders})
    assert found.beside == {"qualification": Reminders(5)}


def test_p4_what_a_window_holds_is_of_one_version_whatever_is_published_meanwhile(dynamodb):
    """P4."""
    reader = SettingsReader(dynamodb, "SettingsTable", lambda: 0.0)
    put(dynamodb, 1, "ru")
    held = reader.load("lost_deal", LostDealRules)
    put(dynamodb, 2, "en")

    assert (held.version, held.portal.language) == (1, "ru")
    again = reader.load("lost_deal", LostDealRules)
    assert (again.version, again.portal.language) == (1, "ru")
