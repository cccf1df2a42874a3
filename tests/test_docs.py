"""Words that people rely on: what the pages show exists, and what exists is shown."""

import re
import subprocess
import tomllib
from itertools import product
from pathlib import Path

import pytest
import typer
from crm_robots.portal.access import RIGHTS
from crm_robots.records.parameters import PORTAL_WEBHOOK, SCAN_WEBHOOK
from crm_robots.robots.registry import ROBOTS, ROWS

from admin.main import app
from tests.support.tables import template
from tests.test_law_book import WITHOUT_A_TEST

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.ru.md"]
OPERATIONS = [ROOT / "docs" / "operations.md", ROOT / "docs" / "operations.ru.md"]
PAIRS = [READMES, OPERATIONS, [ROOT / "docs" / "settings.md", ROOT / "docs" / "settings.ru.md"]]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
GROUP: typer.core.TyperGroup = typer.main.get_command(app)  # type: ignore[assignment]
VERBS = {name: GROUP.get_command(None, name) for name in GROUP.list_commands(None)}  # type: ignore[arg-type]
EVERYWHERE = {"--stack", "--json", "--help"}

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
each_readme = pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)


def between(page: Path, marker: str) -> list[str]:
    return page.read_text().split(f"<!-- {marker} -->")[1].split(f"<!-- /{marker} -->")[0].strip().splitlines()


def code(page: Path) -> list[str]:
    """Lines that people copy into a shell."""
    without_stories = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return [line.strip() for line in without_stories.splitlines() if line.startswith("    ")]


def spans(page: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", page.read_text())


def headings(page: Path) -> list[str]:
    return re.findall(r"^(#+) ", re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL), re.MULTILINE)


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def robots_lines() -> list[tuple[Path, str]]:
    # The law book may promise a command before it is built; only as long as its numbers are listed as being built.
    pages = [page for page in PAGES if page.name != "behaviours.md" or not WITHOUT_A_TEST]
    shown = [(page, line) for page in pages for line in [*code(page), *spans(page)]]
    return [(page, line.removeprefix(".venv/bin/")) for page, line in shown if re.match(r"(\.venv/bin/)?robots ", line)]


@each_page
def test_every_make_command_is_a_target_and_knows_its_variables(page: Path):
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for line in [*code(page), *spans(page)]:
        if words := re.match(r"make ([a-z]+)((?: [A-Z]+=\S+)*)", line):
            assert words[1] in targets, line
            assert all(f"{name}" in makefile for name in re.findall(r"([A-Z]+)=", words[2])), line


@pytest.mark.parametrize(("page", "line"), robots_lines(), ids=lambda value: str(value)[-40:])
def test_section_7_every_robots_command_that_is_shown_exists(page: Path, line: str):
    verb = line.split()[1]
    if verb in ("VERB", "…"):
        return
    assert verb in VERBS, page
    known = {option for parameter in VERBS[verb].params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", line)) <= known | EVERYWHERE


@pytest.mark.parametrize("page", OPERATIONS, ids=lambda page: page.name)
def test_section_7_the_table_of_commands_is_complete(page: Path):
    rows = re.findall(r"^\| `robots ([a-z]+)[^|]*\|([^|]*)\|", page.read_text(), re.MULTILINE)

    assert {verb for verb, _ in rows} == VERBS.keys()
    for verb, words in rows:
        known = {option for parameter in VERBS[verb].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", words)) <= known, verb


@each_readme
def test_the_scopes_are_those_that_the_robots_need(page: Path):
    rows = {row.split("`")[1]: row for row in between(page, "scopes")[2:]}

    assert list(rows) == [right.scope for right in RIGHTS]
    for right in RIGHTS:
        robots = [row.name for row in ROWS if right.scope in row.scopes]
        told = rows[right.scope].rsplit("|", 2)[1].strip()
        assert told == ", ".join(robots) or (len(robots) == len(ROWS) and told in ("all", "всем"))
        assert ("(optional)" in rows[right.scope] or "(по желанию)" in rows[right.scope]) is not right.needed


@each_readme
def test_w1_the_events_are_those_that_the_robots_want(page: Path):
    told: dict[str, set[str]] = {}
    for line in between(page, "events"):
        names = re.findall(r"`([^`]+)`", line)
        events = {name for name in names if name.isupper()}
        told |= {robot: events for robot in names if not robot.isupper()}

    assert told == {row.name: set(row.events) for row in ROWS}


@each_readme
def test_section_1_the_table_of_robots_is_complete(page: Path):
    assert re.findall(r"^\| `([a-z-]+)` \|", page.read_text(), re.MULTILINE)[: len(ROWS)] == list(ROBOTS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].name)
def test_both_languages_have_the_same_headings_and_commands(pair: list[Path]):
    english, russian = pair

    assert headings(english) == headings(russian)
    # What stands in angle brackets is said in words, and the settings have Russian comments.
    assert [re.sub("<[^>]*>", "<>", line) for line in code(english)] == [
        re.sub("<[^>]*>", "<>", line).replace("settings.ru.yaml", "settings.yaml") for line in code(russian)
    ]


@each_readme
def test_a_readme_is_two_screens(page: Path):
    assert len(page.read_text().splitlines()) <= 130


RUSSIAN = [page for page in PAGES if page.name.endswith(".ru.md")]


@pytest.mark.parametrize("page", RUSSIAN, ids=lambda page: page.name)
def test_a_russian_page_says_which_links_lead_to_english(page: Path):
    for line in page.read_text().splitlines():
        targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", line) if not target.startswith("#")]
        english = [one for one in targets if re.search(r"\.(md|html)(#|$)", one) and ".ru.md" not in one]
        assert not english or "по-английски" in line or "In English" in line, line


@each_page
def test_links_between_pages_lead_somewhere(page: Path):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("page", OPERATIONS, ids=lambda page: page.name)
def test_section_10_each_alarm_is_explained(page: Path):
    resources = template()["Resources"].items()
    alarms = [name for name, one in resources if one["Type"] == "AWS::CloudWatch::Alarm"]
    told = re.findall(r"^\| `(…?)(\w+Alarm)`", page.read_text(), re.MULTILINE)

    def explains(row: tuple[str, str], alarm: str) -> bool:
        return alarm.endswith(row[1]) if row[0] else alarm == row[1]

    assert [alarm for alarm in alarms if not any(explains(row, alarm) for row in told)] == []
    assert [row for row in told if not any(explains(row, alarm) for alarm in alarms)] == []


def test_p6_secrets_are_shown_where_the_stack_looks_for_them():
    stack = tomllib.loads((ROOT / "samconfig.toml").read_text())["default"]["global"]["parameters"]["stack_name"]
    known = {
        f"/{stack}/{name}"
        for name in (PORTAL_WEBHOOK, SCAN_WEBHOOK, "secrets/application-tokens", "secrets/dadata-token")
    }
    shown = {name for page in READMES + OPERATIONS for name in re.findall(r"/[\w-]+/secrets/[\w-]+", page.read_text())}

    assert shown == known
    for page in READMES + OPERATIONS:
        lines = [line for line in code(page) if "put-parameter" in line]
        assert len(lines) == 2
        assert all("--type SecureString" in line and line.startswith("read -rs") for line in lines)


def test_section_1_every_function_has_a_sample_event():
    functions = {path.parent.name for path in ROOT.glob("functions/*/app.py")}

    assert {path.stem for path in ROOT.glob("events/*.json")} == functions


def test_the_map_names_what_is_there():
    page = (ROOT / "docs" / "architecture.md").read_text()
    package = ROOT / "layers" / "robots" / "crm_robots"
    tables = {name for name, one in template()["Resources"].items() if one["Type"] == "AWS::DynamoDB::Table"}

    assert set(re.findall(r"^\| (\w+Table) \|", page, re.MULTILINE)) == tables
    for path in re.findall(r"`((?:domain|robots|bitrix24|aws|functions)/[\w/]+(?:\.py)?)`", page):
        assert any((folder / path).exists() for folder in (ROOT, package)), path


def test_nothing_knows_the_machine_it_was_written_on():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git repository")
    forbidden = ["".join(parts) for parts in product(["/"], ["work/", "root/", "tmp/x/", "opt/pypi"])]
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".svg"):
            text = path.read_text(encoding="utf-8", errors="replace")  # a corpus holds what no encoding has
            assert [one for one in forbidden if one in text] == [], name


@pytest.mark.parametrize("stage", ["default", "prod"])
def test_each_stage_of_samconfig_can_be_deployed(stage: str):
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())[stage]

    assert config["global"]["parameters"]["stack_name"].startswith("crm-robots")
    assert config["build"]["parameters"]["build_in_source"] is True
    assert "Architecture=" in config["deploy"]["parameters"]["parameter_overrides"]


def test_the_glossary_has_at_most_twenty_words():
    glossary = (ROOT / "CONTRIBUTING.md").read_text().split("## Glossary")[1].split("\n## ")[0]

    assert 10 <= len(re.findall(r"^\| ", glossary, re.MULTILINE)) - 2 <= 20
