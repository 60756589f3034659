"""A page that tells somebody what to run must name a command that exists."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).parents[2]


def test_commands_that_pages_and_docs_name_exist() -> None:
    named: set[str] = set()
    for path in [*(ROOT / "templates").rglob("*.html"), ROOT / "docs" / "api.md"]:
        named |= set(re.findall(r"manage\.py (\w+)", path.read_text()))
    assert named >= {"ensure_users", "load_bundle", "run_batch"}
    assert named - set(get_commands()) == set()


def test_pages_have_no_inline_style_or_script_and_no_foreign_assets() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|<script(?![^>]*src=)|\son\w+=", text), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), path


def test_colours_stand_in_the_tokens_alone() -> None:
    for path in (ROOT / "static" / "css").glob("*.css"):
        if path.name not in {"tokens.css", "admin.css"}:
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?!.*\{)", path.read_text()), path


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_can_be_read_in_light_and_dark() -> None:
    """WCAG AA: 4.5 to 1."""
    css = (ROOT / "static" / "css" / "tokens.css").read_text()
    light, _, dark = css.partition("@media (prefers-color-scheme: dark)")
    pairs = [
        *(("ink", ground) for ground in ("paper", "paper-raised", "marked", "accent-ground")),
        *(("ink", ground) for ground in ("caution-ground", "contra-ground")),
        *(("ink-soft", ground) for ground in ("paper", "paper-raised")),
        *((name, "paper") for name in ("accent", "caution", "contra")),
        ("accent", "accent-ground"), ("accent", "caution-ground"), ("paper", "accent"),
    ]  # fmt: skip
    for scheme in (light, dark):
        tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", scheme))
        bad = [pair for pair in pairs if _contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5]
        assert bad == []
