"""The demo's settings files, with and without leads; `.ci/run` plays the story itself."""

from pathlib import Path

import pytest
from crm_robots.settings.sections import SECTIONS

from demo import settings
from tests.support.world import new_world


@pytest.mark.parametrize("simple", [False, True], ids=["with leads", "MODE=simple"])
def test_the_demos_settings_hold_on_the_demos_portal(simple: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "LOCAL", tmp_path)
    text = settings.write_settings(simple=simple).read_text()

    for world in new_world({}):
        world.portal.simple_crm = simple
        report = world.publish(text)

        on = {one.section for one in report.sections if one.status == "published"}
        assert on == set(settings.WITHOUT_LEADS if simple else SECTIONS)
        assert not report.in_vain


def test_a_settings_file_that_moved_on_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    other = tmp_path / "settings.yaml"
    other.write_text("portal: {}\n")
    monkeypatch.setattr(settings, "SETTINGS", other)

    with pytest.raises(ValueError, match=r"settings\.yaml has no longer one line with 'transfer: none '"):
        settings.write_settings(simple=False)
