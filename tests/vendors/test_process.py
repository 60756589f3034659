"""The servers in their own process: control, the command line, and ending with the parent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anthropic
import pytest

from tests.vendors import Fault, model_process
from tests.vendors.conftest import Anthropics
from tests.vendors.process import PROJECT
from tests.vendors.surface import ask

CALL: dict[str, Any] = {
    "model": "claude-haiku-5-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "hi"}],
}


def test_controlled_from_outside(claude: Anthropics) -> None:
    with model_process([Fault("status", status=529, times=1)]) as process:
        client = claude(process.anthropic_url)
        with pytest.raises(anthropic.OverloadedError):
            client.messages.create(**CALL)
        usage = client.messages.create(**CALL).usage
        (line,) = process.invoice.lines
        assert (line.input_tokens, line.output_tokens) == (usage.input_tokens, usage.output_tokens)
        assert process.invoice.total() > 0
        assert ask(f"{process.url}/control/invoice.csv")[2].count(b"\n") == 2
        assert ask(f"{process.url}/control/daily.csv")[2].count(b"\n") == 2
        process.add(Fault("outage"))
        with pytest.raises(anthropic.InternalServerError):
            client.messages.create(**CALL)
        process.clear()
        process.set_clock(datetime(2027, 2, 3, tzinfo=UTC))
        process.advance(3600)
        client.messages.create(**CALL)
        assert process.invoice.lines[-1].time.strftime("%Y-%m-%d %H") == "2027-02-03 01"
        process.change(latency=0.2)
        began = time.monotonic()
        client.messages.create(**CALL)
        assert time.monotonic() - began >= 0.2
        assert process.stats()["requests"] == 5
        client.messages.batches.create(requests=[{"custom_id": "A", "params": CALL}])  # type: ignore[typeddict-item]
        process.reset()
        assert process.invoice.lines == []
        assert list(client.messages.batches.list()) == []


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("faults", {"kind": "explode"}, "There is no fault"),
        ("options", {"speed": 1}, "speed: only"),
        ("nowhere", {}, "Under /control there are"),
    ],
)
def test_control_says_what_is_wrong(path: str, body: Any, told: str) -> None:
    with model_process() as process:
        status, _, raw = ask(f"{process.url}/control/{path}", body)
    assert status in (400, 404)
    assert told in json.loads(raw)["error"]


def test_author_by_name(claude: Anthropics) -> None:
    with model_process(author="tests.vendors.test_process:short") as process:
        message = claude(process.anthropic_url).messages.create(**CALL)
    assert message.content[0].type == "text"
    assert message.content[0].text == "To claude-haiku-5-5."


def short(seen: Any) -> str:
    return f"To {seen.model}."


def test_by_hand(tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps([{"kind": "status", "status": 503}]))
    command = [sys.executable, "-m", "tests.vendors", "--faults", str(faults), "--latency", "0.1"]
    child = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        said = ""
        while "OPENAI_API_KEY=" not in said:
            said += child.stdout.readline()
        exports = dict(
            line.removeprefix("export ").split("=", 1)
            for line in said.splitlines()
            if line.startswith("export ")
        )
        assert ask(f"{exports['FA_ANTHROPIC_BASE_URL']}/v1/messages", CALL)[0] == 503
        assert exports["FA_OPENAI_BASE_URL"].endswith("/o/v1")
        assert settings_with(exports) == exports
        child.send_signal(2)
        assert child.wait(60) == 0
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def settings_with(variables: dict[str, str]) -> dict[str, str]:
    """What the product's settings make of them, by the variables' names."""
    code = (
        "import json; from django.conf import settings as s; print(json.dumps({"
        "f'{before}{name}': getattr(s, name) "
        "for before, end in (('', 'API_KEY'), ('FA_', 'BASE_URL')) "
        "for name in (f'ANTHROPIC_{end}', f'OPENAI_{end}')}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True,
        env={**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "fa_site.settings"},
    )  # fmt: skip
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--faults", "nowhere.json"], "No such file"),
        (["--options", '{"speed": 1}'], "There is no option speed"),
        (["--author", "tests.vendors.test_process:missing"], "missing"),
    ],
)
def test_mistakes_by_hand_are_said(arguments: list[str], told: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.vendors", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ran.returncode == 1
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr


def test_server_ends_with_its_parent() -> None:
    """Killed, not asked: nothing of the parent runs any more."""
    code = (
        "import os, signal\n"
        "from tests.vendors import model_process\n"
        "with model_process() as process:\n"
        "    print(process.stats()['pid'], flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    pid = int(ran.stdout)
    until = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    """Nobody waits for an orphan here: what has ended may still be listed as a zombie."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
