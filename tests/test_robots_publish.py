"""`robots publish` and `robots check`: P1–P3 as the administrator sees them."""

import json

import msgspec
import pytest
from botocore.exceptions import ClientError
from crm_robots.records.timers import TimersTable
from crm_robots.settings import publish as publishing
from typer.testing import CliRunner

from admin.main import app
from admin.stack import Stack
from tests.support import admin
from tests.support.settings_portal import EXAMPLE, Portal, make_desk


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def robots(dynamodb, portal, monkeypatch, tmp_path):
    """Runs the command; the settings function answers in this process."""
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path / "no-local-stack"))
    admin.deploy()
    desk = make_desk(dynamodb, portal)

    def answer(self, function, payload):
        sections = payload["sections"]
        if payload["action"] == "check":
            return msgspec.to_builtins(publishing.check(sections, desk, shows_rules=bool(payload.get("rules"))))
        return msgspec.to_builtins(publishing.publish(sections, desk, whole_file=True))

    monkeypatch.setattr(Stack, "invoke", answer)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def changed(tmp_path, old, new):
    text = EXAMPLE.read_text()
    assert old in text
    file = tmp_path / "settings.yaml"
    file.write_text(text.replace(old, new, 1))
    return file


def test_p1_publishing_the_example_writes_a_parameter_per_section(robots):
    result = robots("publish", EXAMPLE)

    assert result.exit_code == 0, result.output
    assert set(admin.parameters()) == {
        "portal", "qualification", "conversion", "routing", "lost_deal", "client_status",
    }  # fmt: skip
    assert "portal: действует версия 1" in result.output
    assert "создано: contact UF_CRM_TARGET_CLIENT «Целевой клиент»" in result.output
    assert all(len(text.encode()) <= 8192 for text in admin.parameters().values())


def test_p3_a_file_of_megabytes_is_refused_by_its_size(robots, tmp_path):
    file = tmp_path / "settings.yaml"
    file.write_bytes(b"portal:\n" + b"  # a comment\n" * 2_500_000)

    result = robots("publish", file)

    assert result.exit_code == 2
    assert "larger than 256 KB" in result.output


def test_p1_for_programs_stdout_is_one_json_document(robots):
    document = json.loads(robots("--json", "publish", EXAMPLE).stdout)

    assert document["refused"] is False
    assert {one["section"]: one["version"] for one in document["sections"]}["lost_deal"] == 1


def test_p3_a_refused_file_exits_2_and_names_key_found_expected_and_nearest(robots, tmp_path):
    file = changed(tmp_path, "stages: [Нет денег]", "stages: [Нет денги]")

    result = robots("check", file, "--json")

    assert result.exit_code == 2
    document = json.loads(result.stdout)
    (problem,) = next(one for one in document["sections"] if one["section"] == "lost_deal")["problems"]
    assert problem["key"] == "lost_deal.rules.0.stages"
    assert problem["found"] == "Нет денги"
    assert problem["nearest"] == ["Нет денег"]
    line = file.read_text().split("Нет денги")[0].count("\n") + 1
    assert problem["line"] == line
    assert f"(строка {line}): стадия «Нет денги» не найдена; может быть, «Нет денег»?" in problem["text"]


def test_p3_a_problem_names_the_line_of_the_file(robots, tmp_path):
    file = changed(tmp_path, "confirm_hours: 24", "confirm_hours: 9999")
    line = file.read_text().splitlines().index(next(x for x in file.read_text().splitlines() if "9999" in x)) + 1

    result = robots("publish", file)

    assert result.exit_code == 2
    assert f"qualification.confirm_hours (строка {line}): указано 9999, нужно не больше 720" in result.output


def test_p3_a_file_that_is_no_yaml_changes_nothing(robots, tmp_path):
    file = changed(tmp_path, "language: ru ", "language: [ru ")
    line = file.read_text().split("[ru ")[0].count("\n") + 1

    result = robots("publish", file)

    assert result.exit_code == 2
    assert f"file (line {line}): this bracket is not closed" in result.output
    assert admin.parameters() == {}


def test_p3_a_key_twice_refuses_its_section_alone(robots, tmp_path):
    """P3: the section with the slip is refused and its admins are told where; the others come into force."""
    robots("publish", EXAMPLE)

    result = robots("publish", changed(tmp_path, "  pick: random", "  pick: random\n  pick: round_robin"))

    assert result.exit_code == 2
    assert "routing: не принят, действует прежняя версия 1" in result.output
    assert "«pick» указан дважды; первый раз" in result.output
    assert "conversion: без изменений, версия 1" in result.output


def test_check_writes_nothing(robots, portal):
    result = robots("check", EXAMPLE)

    assert result.exit_code == 0, result.output
    assert admin.parameters() == {}
    assert portal.calls == []


def test_a_section_absent_from_the_file_loses_its_parameter(robots, tmp_path):
    robots("publish", EXAMPLE)
    text = EXAMPLE.read_text()
    file = tmp_path / "settings.yaml"
    file.write_text(text[: text.index("lost_deal:")] + text[text.index("client_status:") :])

    result = robots("publish", file)

    assert "lost_deal: выключен" in result.output
    assert "lost_deal" not in admin.parameters()


def test_a_misspelt_section_takes_no_parameter_away(robots, tmp_path):
    robots("publish", EXAMPLE)

    result = robots("publish", changed(tmp_path, "\nlost_deal:", "\nlost_deals:"))

    assert result.exit_code == 2
    assert "lost_deals: раздел «lost_deals» неизвестен; может быть, «lost_deal»?" in result.output
    assert "lost_deal" in admin.parameters()


def test_a_section_over_8_kb_is_refused_before_anything_is_written(robots, tmp_path):
    many = ", ".join(f"значение номер {number}" for number in range(400))
    result = robots("publish", changed(tmp_path, '["ДА", "НЕТ"]', f"[{many}]"))

    assert result.exit_code == 2
    assert "a parameter holds 8192" in result.output
    assert admin.parameters() == {}


def test_a_missing_file_is_one_line(robots):
    result = robots("publish", "/nowhere.yaml")

    assert "there is no file /nowhere.yaml" in result.output
    assert (result.exit_code, result.output.count("\n")) == (2, 1)


def with_timers(dynamodb):
    """Two hot clients and a warm one, planned as the example has it."""
    for number, status in enumerate(("hot", "hot", "warm"), start=1):
        row = {"status": {"S": status}, "since": {"S": "2026-03-02"}, "version": {"N": "1"}}
        dynamodb.put_item(
            TableName="TimersTable", Item={"item": {"S": f"company:{number}"}, "look_on": {"S": "2026-03-29"}, **row}
        )


def test_p5_check_shows_old_and_new_and_how_many_timers_move(robots, dynamodb, tmp_path):
    """P5: whoever changes the days sees what it does before it is done."""
    robots("publish", EXAMPLE)
    with_timers(dynamodb)
    file = changed(tmp_path, "{code: hot, label: Горячий, days: 30}", "{code: hot, label: Горячий, days: 20}")

    shown = robots("check", file)

    assert shown.exit_code == 0, shown.output
    assert "    client_status.statuses.hot.days: 30 → 20" in shown.output
    assert "    сроков сдвинется: 2" in shown.output
    assert "→" not in robots("check", EXAMPLE).output
    (section,) = [one for one in json.loads(robots("--json", "check", file).stdout)["sections"] if one["changes"]]
    assert section["changes"] == [{"key": "client_status.statuses.hot.days", "old": "30", "new": "20"}]


def test_p5_timers_that_may_not_be_read_are_said_to_be_unknown(robots, dynamodb, tmp_path, monkeypatch):
    robots("publish", EXAMPLE)
    file = changed(tmp_path, "{code: hot, label: Горячий, days: 30}", "{code: hot, label: Горячий, days: 20}")
    denied = ClientError({"Error": {"Code": "AccessDeniedException"}}, "Scan")
    monkeypatch.setattr(TimersTable, "all", lambda self: (_ for _ in ()).throw(denied))

    shown = robots("check", file)

    assert shown.exit_code == 0
    assert "не узнать: AWS не даёт их прочитать (AccessDeniedException)" in shown.output


def test_section_7_a_section_that_would_stop_is_told_loudly(robots, tmp_path):
    """SECTION 7: by `enabled: false` or by its absence; publish says it before it does it."""
    robots("publish", EXAMPLE)
    text = EXAMPLE.read_text()
    file = tmp_path / "settings.yaml"
    file.write_text(text[: text.index("lost_deal:")] + text[text.index("client_status:") :])
    loud = "‼ lost_deal сейчас работает, а этот файл его ВЫКЛЮЧАЕТ"

    assert loud in robots("check", file).output.splitlines()
    lines = robots("publish", file).output.splitlines()
    assert lines.index(loud) < lines.index("– lost_deal: выключен")
    assert loud not in robots("check", file).output


def test_section_7_publish_shows_what_changes_before_it_publishes(robots, tmp_path):
    robots("publish", EXAMPLE)
    file = changed(tmp_path, "todo_deadline_hours: 24", "todo_deadline_hours: 8")

    lines = robots("publish", file).output.splitlines()

    change, done = "    qualification.todo_deadline_hours: 24 → 8", "✓ qualification: действует версия 2"
    assert lines.index("Что изменится:") < lines.index(change) < lines.index(done)


def test_section_7_the_first_publication_speaks_the_files_language(robots, tmp_path):
    first, *rest = robots("publish", EXAMPLE).output.splitlines()
    assert first.startswith("Стек crm-robots (AWS eu-central-1), портал ")
    assert "✓ portal: действует версия 1" in rest
    english = robots("publish", changed(tmp_path, "language: ru", "language: en")).output
    assert "✓ portal: version 2 is in force" in english
    assert robots("--help").output.startswith("Usage: ")
