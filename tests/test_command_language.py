"""Section 7: the command speaks the language of the stack's settings, and the terminal's where there are none."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import boto3
import pytest
from crm_robots.robots.daily import rebalance, rebalancing
from crm_robots.robots.desk.figures import Signs
from crm_robots.settings.publish import publish
from crm_robots.settings.sections import SECTIONS
from typer.testing import CliRunner

from admin.commands.publish import SECTION_NAMES
from admin.doctor import names
from admin.help import text_of
from admin.last_language import last_language
from admin.main import app
from admin.texts import en, ru
from admin.verbs import VERBS
from tests.support import admin
from tests.support.settings_portal import Portal, example, make_desk
from tests.test_docs import VERBS as COMMANDS

CODE = [
    path
    for path in sorted(Path("admin").rglob("*.py"))
    # Texts themselves; words that programs read; the documentation's generator; the sandbox's page and its log.
    if path.parts[1] not in ("texts", "guide") and path.name not in ("names.py", "sandbox_page.py")
]
SHOWING = {*("print", "Trouble", "busy", "progress", "confirm", "prompt"), *("ok", "note", "wrong", "Table", "Option")}
TWO_WORDS = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
MARKUP = re.compile(r"\[/?[a-z ]*\]")
COMMAND = re.compile(r"robots journal --run ")
OTHERS = {
    *("No such command", "Missing command", "Got unexpected extra argument", " is not one of "),
    *("first name", "last name", "company name"),
}
"""How the framework's sentences are known, and the headings of Bitrix24's export."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_section_7_both_languages_say_the_same_things():
    assert en.WORDS.keys() == ru.WORDS.keys()
    for key, text in en.WORDS.items():
        assert placeholders(text) == placeholders(ru.WORDS[key]), key


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", None) or getattr(node.func, "id", ""), node


def shown_literals(node: ast.AST) -> Iterator[str]:
    """Texts that stand in the arguments themselves; a nested call has its own."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        elif not isinstance(child, ast.Call | ast.Attribute | ast.Subscript):
            yield from shown_literals(child)


def docstrings(tree: ast.AST) -> set[int]:
    """Texts that stand alone: they explain the code."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def english(source: str) -> list[str]:
    """English for people in a module's code."""
    tree = ast.parse(source)
    alone = docstrings(tree)
    texts = [one for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    found = [
        one.value
        for one in texts
        if id(one) not in alone and TWO_WORDS.search(MARKUP.sub("", COMMAND.sub("", one.value)))
    ]
    for name, call in calls(tree):
        if name in SHOWING:
            written = [text for text in shown_literals(call) if re.search(r"[A-Za-z]{2,}", MARKUP.sub("", text))]
            found += [text for text in written if text not in en.WORDS and not text.startswith(("-", "robots "))]
    return [text for text in found if text not in OTHERS]


@pytest.mark.parametrize("path", CODE, ids=str)
def test_section_7_no_text_for_people_stands_in_the_code(path: Path):
    assert english(path.read_text()) == []


@pytest.mark.parametrize(
    "line",
    [
        'raise Trouble("there is no stack")',
        'console.print(f"{count} cards written.")',
        'console.print("Done")',
        'with run.progress("cards"): pass',
        'TITLES = {"lost": "would be lost"}',
        'file: Annotated[Path, typer.Option("--file", help="File")]',
    ],
)
def test_section_7_a_new_english_text_would_be_found(line: str):
    assert english(line)


def test_section_7_every_text_is_said_and_every_said_text_is_there():
    source = "".join(path.read_text() for path in CODE)
    trees = [ast.parse(path.read_text()) for path in CODE]
    said = {
        call.args[0].value
        for tree in trees
        for name, call in calls(tree)
        if name in ("say", "Trouble") and call.args and isinstance(call.args[0], ast.Constant)
    }
    families = {one.partition("{")[0] for one in re.findall(r'f"([a-z_.]+\{)', source)}
    quoted = set(re.findall(r"[\"']([a-z_]+(?:\.[a-z_]+)*)[\"']", source))

    assert said <= en.WORDS.keys()
    unused = [key for key in en.WORDS if key not in quoted and not key.startswith((*families, "title.", "option."))]
    assert unused == []


def test_section_7_every_verb_and_option_has_its_help():
    for verb, command in COMMANDS.items():
        assert f"verb.{verb}" in en.WORDS
        for parameter in command.params:
            if parameter.name != "help":
                assert text_of(verb, parameter.name)
    known = {f"option.{one.name}" for command in COMMANDS.values() for one in command.params}
    known |= {f"option.{verb}.{one.name}" for verb, command in COMMANDS.items() for one in command.params}
    told = {key for key in en.WORDS if key.startswith("option.")}
    assert told <= known | {"option.help", "option.json"}


def test_section_7_every_line_of_doctor_and_every_reason_has_words():
    titles = [value for name, value in vars(names).items() if name.isupper()]
    assert {names.key_of(one) for one in titles} == {key for key in en.WORDS if key.startswith("title.")}
    constants = [value for module in (rebalance, rebalancing) for name, value in vars(module).items() if name.isupper()]
    reasons = {f"stays.{one}" for one in constants if isinstance(one, str) and " " in one}
    assert reasons == {key for key in en.WORDS if key.startswith("stays.")}
    assert all(f"head.{name}" in en.WORDS for name in Signs.__struct_fields__)


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def stack(dynamodb, folder):
    """Settings in that language are in force."""
    admin.deploy()
    (folder / "samconfig.toml").write_text(f'[default.global.parameters]\nstack_name = "{admin.NAME}"\n')
    webhook = "https://user@acme.example/rest/1/secret/"
    boto3.client("ssm").put_parameter(Name=f"/{admin.NAME}/secrets/portal-webhook", Value=webhook, Type="SecureString")

    def speaks(language: str) -> None:
        texts = example()
        texts["portal"] = texts["portal"].replace("language: ru", f"language: {language}")
        assert not publish(texts, make_desk(dynamodb, Portal()), whole_file=True).refused

    return speaks


def robots(*words: str):
    return CliRunner().invoke(app, words)


@pytest.mark.parametrize(
    ("language", "place", "nothing", "usage"),
    [
        (
            "ru",
            "Стек crm-robots (AWS eu-central-1), портал acme.example",
            "Ничего не записано.",
            "Как вызвать",
        ),
        ("en", "Stack crm-robots (AWS eu-central-1), portal acme.example", "Nothing was written.", "Usage"),
    ],
)
def test_section_7_the_command_speaks_the_language_of_the_settings(stack, monkeypatch, language, place, nothing, usage):
    """Whatever the terminal's is; the help after the first command as well."""
    stack(language)
    monkeypatch.setenv("LANG", {"ru": "en_US.UTF-8", "en": "ru_RU.UTF-8"}[language])

    shown = robots("journal")

    assert shown.stdout.splitlines() == [place, nothing]
    assert robots("journal", "--help").stdout.startswith(f"{usage}: ")
    assert last_language(None) == language
    assert ("нет такого параметра" in robots("journal", "--what").stderr) is (language == "ru")


@pytest.mark.parametrize(("lang", "is_russian"), [("ru_RU.UTF-8", True), ("C", False), ("", False), ("de_DE", False)])
def test_section_7_without_settings_the_terminals_language_is_spoken(folder, monkeypatch, lang, is_russian):
    monkeypatch.setenv("LANG", lang)

    said = robots("--stack", "none", "import", "none.csv").stderr

    assert ("нет файла none.csv" in said, "there is no file none.csv" in said) == (is_russian, not is_russian)


def test_section_7_programs_read_the_same_whatever_the_language(stack, monkeypatch):
    """SECTION 7: stdout is one document in English; the place stands beside it."""
    stack("ru")
    monkeypatch.setattr("admin.commands.doctor.account", lambda _: ())

    found = robots("--json", "undo", "--run", "daily-2026-03-02")

    assert json.loads(found.stdout) == {"error": en.WORDS["undo.unknown_run"].format(run="daily-2026-03-02")}
    assert "portal acme.example" in found.stderr
    assert "secret" not in found.output
    findings = json.loads(robots("--json", "doctor").stdout)["findings"]
    assert {"queue addresses", "schedule", "settings: portal"} <= {one["name"] for one in findings}
    assert not any(re.search("[а-я]", one["text"]) for one in findings)


def test_section_7_doctor_speaks_russian(stack, monkeypatch):
    stack("ru")
    monkeypatch.setattr("admin.commands.doctor.account", lambda _: ())
    monkeypatch.setattr("admin.commands.doctor.portal", lambda *_, **__: ())

    lines = robots("doctor").stdout.splitlines()

    assert "✓ расписание: включено" in lines
    missing = "✗ токены: /crm-robots/secrets/application-tokens не задан → "
    assert any(line.startswith(missing) for line in lines)
    assert [line for line in lines if not re.search("[а-я]", line)] == []


def test_section_7_the_list_of_commands_loads_nothing(folder):
    """SECTION 7: under half a second, of which the interpreter's start is a third."""
    code = (
        "import sys; sys.argv = ['robots', '--help']; from admin.entry import run\n"
        "try: run()\n"
        "finally: print([one for one in ('typer', 'rich', 'boto3', 'botocore', 'pydantic') if one in sys.modules])"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)

    assert done.stdout.splitlines()[-1] == "[]"
    assert [line.split()[0] for line in done.stdout.splitlines() if re.match(r"  [a-z]", line)] == list(VERBS)


NOT_NEEDED = {
    "journal": ("pydantic", "httpx", "openpyxl", "holidays"),
    "redrive": ("pydantic", "httpx", "openpyxl", "holidays"),
    "inspect": ("pydantic", "openpyxl", "holidays"),
    "undo": ("pydantic", "openpyxl", "holidays"),
    "daily": ("pydantic", "openpyxl", "holidays"),
    "import": ("pydantic", "openpyxl", "holidays"),
    "export": ("pydantic", "openpyxl", "holidays"),
    "check": ("openpyxl", "httpx", "holidays"),
    "publish": ("openpyxl", "httpx", "holidays"),
}


@pytest.mark.parametrize("verb", NOT_NEEDED)
def test_section_7_a_verb_loads_only_what_it_uses(verb: str):
    code = f"import sys; import admin.commands.{VERBS[verb]}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set(done.stdout.split()) & set(NOT_NEEDED[verb]) == set()


@pytest.mark.parametrize("verb", VERBS)
def test_section_7_every_command_names_its_stack_and_portal(verb: str):
    source = Path(f"admin/commands/{VERBS[verb]}.py").read_text()

    assert "name_the_place(" in source


def test_p1_the_command_knows_all_sections_without_their_models():
    assert SECTIONS.keys() == SECTION_NAMES
