"""A copy of the project with the robots of CONTRIBUTING.md's worked examples in it, made as the page says."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "CONTRIBUTING.md"
BLOCKS: Sequence[tuple[str, str]] = re.findall(r"```python\n# ([^\n]+)\n(.*?)```", PAGE.read_text(), re.DOTALL)
MODEL = "lost-deal"
"""Whose blocks and lines are copied."""


class Example:
    """The copy with one of the robots."""

    def __init__(self, folder: Path, robot: str) -> None:
        self.folder = folder
        self.robot = robot
        for name in _tracked():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        self._add(robot)
        self.run("-m", "admin.guide")

    @property
    def changed(self) -> set[str]:
        """Files that were there before and are different now."""
        return {name for name in _tracked() if (self.folder / name).read_bytes() != (ROOT / name).read_bytes()}

    def run(self, *words: str) -> None:
        """Runs Python in the copy; fails with what it said."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{self.folder / 'layers' / 'robots'}:{self.folder}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]

    def _add(self, robot: str) -> None:
        folder = robot.replace("-", "_")
        for path, text in BLOCKS:
            if folder in path.split("/") or path == f"tests/test_{folder}.py":
                self._write(path, text)
            if path == "rows of admin/guide/russian.py" and _title(robot) in text:
                self._append("admin/guide/russian.py", text)
        for name in (f"functions/{folder}/Makefile", f"events/{folder}.json"):
            model = name.replace(folder, MODEL.replace("-", "_"))
            self._write(name, _renamed((ROOT / model).read_text(), robot))
        self._change("layers/robots/crm_robots/robots/registry.py", self._registered(robot))
        self._change("template.yaml", copied((self.folder / "template.yaml").read_text(), robot))
        for page in ("README.md", "README.ru.md"):
            self._change(page, _told((self.folder / page).read_text(), robot))

    def _registered(self, robot: str) -> str:
        folder = robot.replace("-", "_")
        text = (self.folder / "layers/robots/crm_robots/robots/registry.py").read_text()
        name = folder.upper()
        before = "from crm_robots.shared.row"
        text = text.replace(before, f"from crm_robots.robots.{folder} import ROW as {name}\n{before}")
        return re.sub(r"(ROWS: tuple\[Row, \.\.\.\] = \([^)]*)\)", rf"\1, {name})", text)

    def _write(self, path: str, text: str) -> None:
        file = self.folder / (f"layers/robots/{path}" if path.startswith("crm_robots/") else path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def _append(self, path: str, text: str) -> None:
        self._change(path, (self.folder / path).read_text() + "\n" + text)

    def _change(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text)


def copied(template: str, robot: str) -> str:
    """The template with every block and every line of the model once more, for the robot."""
    model = _title(MODEL)
    parts = re.split(r"(?m)^(?=  \w+:$|\w)", template)
    made: list[str] = []
    for part in parts:
        if re.match(rf"  {model}", part):
            made += [part, _renamed(part, robot)]
        else:
            made.append(_with_lines(part, model, robot))
    return "".join(made)


def _with_lines(part: str, model: str, robot: str) -> str:
    lines: list[str] = []
    for line in part.splitlines(keepends=True):
        lines.append(line)
        if model in line:
            lines.append(_renamed(line, robot))
    return "".join(lines)


def _told(page: str, robot: str) -> str:
    """A row of the table of robots, after the last one, and its name among the events."""
    row = f"| `{robot}` | … | … |\n"
    page = re.sub(r"(\| `client-status` \|[^\n]*\n)", rf"\1{row}", page, count=1)
    return page.replace(f"- `{MODEL}`: ", f"- `{MODEL}`, `{robot}`: ")


def _title(robot: str) -> str:
    return "".join(word.capitalize() for word in robot.split("-"))


def _renamed(text: str, robot: str) -> str:
    """The model's names in every spelling become the robot's."""
    for spell in (str, _title, lambda name: name.replace("-", "_"), lambda name: name.replace("-", "_").upper()):
        text = text.replace(spell(MODEL), spell(robot))
    return text


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
