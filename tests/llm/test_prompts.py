"""Prompts as files: versions, headers, and those that the project has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from llm import prompts
from llm.prompts import BadPrompt, load
from llm.values import Prompt

PROJECT = Path(__file__).parents[2]
APPS = ("llm", "summaries", "queries", "experiments")
SHIPPED = sorted(path for app in APPS for path in (PROJECT / app).glob("**/prompts/*.md"))
TEXT = "You write about {company} from its facts.\n\nNever invent a number."


def written(folder: Path, text: str, name: str = "write-claims.md") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def prompt(folder: Path, body: str) -> Prompt:
    return load(written(folder, f"---\nname: write-claims\n---\n{body}"))


def test_a_prompt_has_name_version_and_text(tmp_path: Path) -> None:
    assert prompt(tmp_path, TEXT) == Prompt("write-claims", "b6e591404b516473", TEXT)


@pytest.mark.parametrize(
    "body",
    [
        TEXT.replace("\n", "\r\n"),
        f"\n\n{TEXT}  \n\n",
        TEXT.replace("facts.", "facts.   \t"),
    ],
)
def test_blanks_and_line_ends_are_no_new_version(tmp_path: Path, body: str) -> None:
    assert prompt(tmp_path, body) == prompt(tmp_path, TEXT)


def test_accents_are_the_same_in_either_form(tmp_path: Path) -> None:
    assert prompt(tmp_path, "Nestle\u0301.") == prompt(tmp_path, "Nestlé.")


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    marked = load(written(tmp_path, f"\ufeff---\nname: write-claims\n---\n{TEXT}"))
    assert marked == prompt(tmp_path, TEXT)


@pytest.mark.parametrize("body", [TEXT + "!", TEXT.replace("Never", "never"), "  " + TEXT + "x"])
def test_another_text_is_another_version(tmp_path: Path, body: str) -> None:
    assert prompt(tmp_path, body).version != prompt(tmp_path, TEXT).version


def test_the_name_is_no_part_of_the_version(tmp_path: Path) -> None:
    other = load(written(tmp_path, f"---\nname: other\n---\n{TEXT}", "other.md"))
    assert (other.name, other.version) == ("other", prompt(tmp_path, TEXT).version)


def test_a_file_is_read_once_and_again_when_it_changes(tmp_path: Path) -> None:
    path = written(tmp_path, f"---\nname: write-claims\n---\n{TEXT}")
    before = prompts._read.cache_info().misses
    first, second = load(path), load(path)
    assert first is second
    assert prompts._read.cache_info().misses == before + 1
    path.write_text("---\nname: write-claims\n---\nShorter.")
    os.utime(path, ns=(1, 1))
    assert load(path).text == "Shorter."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TEXT, "has no header"),
        ("", "has no header"),
        ("---\nname: write-claims\nno end", "has no header"),
        ("---\ntitle: x\n---\nText.", "the name alone"),
        ("---\nname: a\nmodel: x\n---\nText.", "the name alone"),
        ("---\nname: a\nname: b\n---\nText.", "the name alone"),
        ("---\nname: Write Claims\n---\nText.", "lower-case words"),
        ("---\nname:\n---\nText.", "lower-case words"),
        ("---\nname: write-claims\n---\n \n", "no text after its header"),
        ("---\nname: write-claims\n---", "no text after its header"),
    ],
)
def test_a_bad_file_says_what_to_do(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadPrompt, match=told) as raised:
        load(written(tmp_path, text))
    assert "write-claims.md" in str(raised.value)
    assert str(tmp_path) not in str(raised.value)


def test_no_file_and_no_utf8(tmp_path: Path) -> None:
    with pytest.raises(BadPrompt, match=r"no prompt absent\.md"):
        load(tmp_path / "absent.md")
    (tmp_path / "latin.md").write_bytes(b"---\nname: a\n---\nNestl\xe9")
    with pytest.raises(BadPrompt, match="save it as UTF-8"):
        load(tmp_path / "latin.md")


def test_shipped_prompts_load_and_no_two_have_a_name() -> None:
    """Whatever stands in a ``prompts`` folder of an app."""
    names = [load(path).name for path in SHIPPED]
    assert names
    assert len(set(names)) == len(names)
