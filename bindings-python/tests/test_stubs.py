"""Type checkers accept what the examples do, and refuse what would fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
EXAMPLES = HERE.parent / "examples" / "python"
MYPY = [sys.executable, "-m", "mypy", "--config-file", str(HERE / "pyproject.toml"), "--strict", "--no-incremental"]
PYRIGHT = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]

WRONG = """
from airudder import Client

client = Client(app_kee="key")
client.tasks.detail("t1")
client.tasks.detail(task_id="t1").cals
client.tasks.detail(task_id="t1").status = "finished"
client.tasks.create(
    task_name="t", schedule_start_time="", schedule_end_time="", robot_id="1", details=[{"mobil": "+6281230001111"}]
)
for message in client.chatbot.messages_all(call_id="c1"):
    message.content.text
client.chatbot.send_message(call_id="c1", messages=[{"content": {"content_type": "text", "txt": "Halo"}}])
client.chatbot.upload_file(file=5)
client.workflows.list_all().workflows
"""


def output_of(command: list[str], *paths: Path) -> tuple[int, str]:
    outcome = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=False, cwd=HERE)
    return outcome.returncode, outcome.stdout + outcome.stderr


@pytest.mark.parametrize("checker", [MYPY, PYRIGHT], ids=["mypy", "pyright"])
def test_the_examples_are_typed(checker: list[str]) -> None:
    examples = sorted(EXAMPLES.glob("*.py"))
    assert examples
    code, output = output_of(checker, *examples)
    assert code == 0, output


@pytest.mark.parametrize("checker", [MYPY, PYRIGHT], ids=["mypy", "pyright"])
def test_mistakes_are_found(checker: list[str], tmp_path: Path) -> None:
    program = tmp_path / "wrong.py"
    program.write_text(WRONG)
    code, output = output_of(checker, program)
    assert code == 1, output
    for line in (4, 5, 6, 7, 9, 12, 13, 14, 15):
        assert f"wrong.py:{line}" in output, f"line {line} was accepted:\n{output}"
