"""YAML with the line of everything in it, and nothing said twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]


class BadFile(ValueError):
    """A file that can't be loaded; the message names line and place, and what to write."""


@dataclass
class Marked:
    """``lines``: where each value stands, by its path."""

    content: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Of the value, or of what it should stand in."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str) -> Marked:
    """Raises BadFile."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"Line {mark.line + 1}" if mark else "The file"
        raise BadFile(f"{where} isn't YAML: {getattr(error, 'problem', error)}.") from error
    marked = Marked(None)
    marked.content = _value(node, (), marked) if node else {}
    return marked


def _value(node: yaml.Node, path: Path, marked: Marked) -> Any:
    marked.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, marked)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*path, n), marked) for n, one in enumerate(node.value)]
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node)
    finally:
        loader.dispose()


def _mapping(node: yaml.MappingNode, path: Path, marked: Marked) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in node.value:
        key = str(name.value)
        line = name.start_mark.line + 1
        if key in found:
            raise BadFile(f"Line {line}: {key} stands twice here; remove one of them.")
        found[key] = _value(value, (*path, key), marked)
        marked.lines[(*path, key)] = line
    return found
