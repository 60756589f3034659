"""The runbook names every command of ours, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management import get_commands, load_command_class

from tests.batch.site import PROJECT

TEXT = (PROJECT / "docs" / "runbook.md").read_text()
APPS = {"fa_site", "summaries", "queries", "costs", "llm", "experiments"}
OURS = {name for name, app in get_commands().items() if app in APPS}


def test_every_command_of_ours_is_in_the_table() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == OURS


def test_every_command_that_is_written_exists() -> None:
    written = set(re.findall(r"manage\.py (\w+)", TEXT))
    assert written <= set(get_commands())
    assert "run_batch" in written


def test_every_option_of_a_row_exists() -> None:
    apps = get_commands()
    for name, row in re.findall(r"^\| `(\w+)` \| (.*)", TEXT, re.MULTILINE):
        parser = load_command_class(str(apps[name]), name).create_parser("manage.py", name)
        known = {option for action in parser._actions for option in action.option_strings}
        assert set(re.findall(r"--[a-z][a-z0-9-]*", row)) <= known, name


def test_every_command_of_ours_says_what_it_is_for() -> None:
    apps = get_commands()
    assert all(load_command_class(str(apps[name]), name).help for name in OURS)


def test_make_targets_that_are_written_exist() -> None:
    makefile = Path(PROJECT / "Makefile").read_text()
    for target in re.findall(r"`(?:\w+=\w+ )?make (\w+)`", TEXT):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
