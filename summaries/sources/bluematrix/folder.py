"""The feed folder: what a delivery service drops there, a note a stem, never changed by us.

Files come one by one, in any order and slowly. A bundle that isn't whole waits and is named; after
``patience`` it comes as it is, so that nothing waits for ever. A withdrawal waits for nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from summaries.sources.bluematrix.bundles import (
    MOST_BODY_BYTES,
    MOST_XML_BYTES,
    SOURCE,
    Bundle,
    Conventions,
    Cursor,
    Part,
)  # fmt: skip
from summaries.sources.bluematrix.notes import Resource
from summaries.sources.bluematrix.reading import kind_of
from summaries.sources.bluematrix.rixml import product_of, resources_of, state_of
from summaries.sources.bluematrix.xmltree import is_cut_off, parse
from summaries.sources.errors import Malformed, Refused, Unavailable

_KINDS = {
    ".xml": "xml",
    ".json": "json",
    ".pdf": "pdf",
    ".txt": "txt",
    ".htm": "html",
    ".html": "html",
}
_NUMBERS = re.compile(r"(\d+)\.(\d+)")
_MOST = {"xml": MOST_XML_BYTES + 1}


@dataclass(frozen=True)
class _File:
    path: Path
    kind: str
    size: int
    changed_ns: int
    modified: float


@dataclass(frozen=True)
class Waiting:
    """A bundle that isn't whole yet, and what is missing."""

    stem: str
    why: str


@dataclass(frozen=True)
class Found:
    """``stem``: path from the folder without ending. ``cursor``: to be kept once this one is
    handled. ``sha256``: over all its files."""

    stem: str
    paths: tuple[Path, ...]
    sha256: str
    cursor: Cursor
    problems: tuple[str, ...]
    feed: FolderFeed = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        return self.stem

    def read(self) -> Bundle:
        """Raises Unavailable where the files changed since they were found."""
        return self.feed.bundle(self)


@dataclass(frozen=True)
class _Place:
    """A cursor taken apart. ``at``: hashes of what was handled at the very moment ``seen_ns``."""

    seen_ns: int = 0
    at: dict[str, str] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()

    @staticmethod
    def of(cursor: Cursor | None) -> _Place:
        if not cursor:
            return _Place()
        try:
            read: Any = json.loads(cursor)
            return _Place(int(read["seen"]), dict(read["at"]), frozenset(read["waiting"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(
                "not a cursor of the feed folder; start without one", source=SOURCE
            ) from error

    def written(self) -> Cursor:
        return json.dumps({"seen": self.seen_ns, "at": self.at, "waiting": sorted(self.waiting)})


@dataclass
class FolderFeed:
    """``patience``: seconds that a bundle may stay incomplete. ``settle``: seconds that a text
    file, which shows no end of its own, must have been left alone. ``waiting`` and ``refused``
    (links and the like, with the reason) are those of the last pass."""

    folder: Path
    conventions: Conventions = field(default_factory=Conventions)
    patience: float = 3600.0
    settle: float = 2.0
    waiting: list[Waiting] = field(default_factory=list, init=False)
    refused: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.folder = Path(self.folder)

    def changes(self, since: Cursor | None = None) -> Iterator[Found]:
        """Every bundle that came or changed, in order of arrival. Raises Unavailable without the
        folder, Refused for a cursor that is none."""
        place = _Place.of(since)
        self.waiting, self.refused = [], []
        stems = self._stems()
        here = {one.path: one for files in stems.values() for one in files}
        due: list[tuple[int, str]] = []
        for stem, files in stems.items():
            changed = max(one.changed_ns for one in files)
            if changed < place.seen_ns and stem not in place.waiting:
                continue
            try:
                why = self._incomplete(files, here)
            except Unavailable as error:
                why = str(error)
            if why:
                self.waiting.append(Waiting(stem, why))
            else:
                due.append((changed, stem))
        taken = {one.path for _, stem in due for one in stems[stem] if one.kind != "xml"}
        self.waiting = [one for one in self.waiting if not self._is_taken(stems[one.stem], taken)]
        return self._yielded(sorted(due), stems, place)

    @staticmethod
    def _is_taken(files: list[_File], taken: set[Path]) -> bool:
        """Whether a bundle with an XML of its own names these files as its."""
        return all(one.path in taken for one in files)

    def _yielded(
        self, due: list[tuple[int, str]], stems: dict[str, list[_File]], place: _Place
    ) -> Iterator[Found]:
        seen, at = place.seen_ns, dict(place.at)
        still = {one.stem for one in self.waiting}
        left = {stem for changed, stem in due if stem in place.waiting}
        for changed, stem in due:
            left.discard(stem)
            try:
                sha256, problems = self._hash(stems[stem])
            except Unavailable as error:
                self.waiting.append(Waiting(stem, str(error)))
                still.add(stem)
                continue
            if changed == seen and at.get(stem) == sha256[:16] and stem not in place.waiting:
                continue
            if changed > seen:
                seen, at = changed, {}
            if changed == seen:
                at[stem] = sha256[:16]
            cursor = _Place(seen, at, frozenset(still | left)).written()
            paths = tuple(one.path for one in stems[stem])
            yield Found(stem, paths, sha256, cursor, problems, self)

    def bundle(self, found: Found) -> Bundle:
        """See ``Found.read``."""
        read = {path: self._content(path) for path in found.paths}
        if _digest(read) != found.sha256:
            raise Unavailable(f"{found.stem} changed while it was read", source=SOURCE)
        numbers = _NUMBERS.fullmatch(Path(found.stem).name)
        parts = {
            _KINDS[path.suffix.lower()]: Part(path.name, content)
            for path, content in sorted(read.items(), reverse=True)
            if content or path.suffix.lower() == ".xml"
        }
        return Bundle(
            name=found.stem, xml=parts.get("xml"), pdf=parts.get("pdf"), html=parts.get("html"),
            txt=parts.get("txt"), firm_id=numbers.group(1) if numbers else "",
            document_id=numbers.group(2) if numbers else "", problems=found.problems,
            conventions=self.conventions,
        )  # fmt: skip

    def _stems(self) -> dict[str, list[_File]]:
        stems: dict[str, list[_File]] = {}
        try:
            root = self.folder.resolve(strict=True)
            for file in self._files(root):
                stem = str(file.path.relative_to(root).with_suffix(""))
                stems.setdefault(stem, []).append(file)
        except OSError as error:
            raise Unavailable(
                f"the feed folder can't be read ({error.strerror}); FA_BLUEMATRIX_FOLDER must name "
                "a folder that is there",
                source=SOURCE,
            ) from error
        return stems

    def _files(self, folder: Path) -> Iterator[_File]:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.name.startswith("."):
                    continue
                if not entry.name.isprintable():  # nor could it be kept
                    self.refused.append(f"{entry.name!r} is no name for a file")
                    continue
                if entry.is_symlink():
                    self.refused.append(
                        f"{entry.name} is a link; only files in the folder are read"
                    )
                elif entry.is_dir(follow_symlinks=False):
                    yield from self._files_of(entry)
                elif kind := _KINDS.get(Path(entry.name).suffix.lower()):
                    said = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(said.st_mode):
                        yield _File(
                            Path(entry.path), kind, said.st_size, said.st_ctime_ns, said.st_mtime
                        )
                    else:
                        self.refused.append(f"{entry.name} is no ordinary file")

    def _files_of(self, folder: os.DirEntry[str]) -> Iterator[_File]:
        """A folder in the folder that is closed to us doesn't close the others."""
        try:
            yield from self._files(Path(folder.path))
        except OSError as error:
            self.refused.append(f"{folder.name} can't be read ({error.strerror})")

    def _incomplete(self, files: list[_File], here: dict[Path, _File]) -> str:
        """What a bundle still waits for; "" where it is whole or has waited long enough.

        Files of another stem that its XML names join ``files``.
        """
        by_kind = {one.kind: one for one in files}
        xml = by_kind.get("xml")
        if xml is None:
            return "no XML yet"
        is_late = time.time() - max(one.changed_ns / 1e9 for one in files) > self.patience
        if not xml.size:
            return "" if is_late else f"{xml.path.name} is empty so far"
        content = self._content(xml.path)
        try:
            product, _ = product_of(parse(content, xml.path.name), xml.path.name)
            status = state_of(product, xml.path.name, self.conventions.time_zone).status
        except Malformed as error:
            # A file that is still being written looks like this; one that is whole stays as it is.
            return str(error) if is_cut_off(content) and not is_late else ""
        resources = resources_of(product)
        for one in self._named(xml, resources, here):
            if one not in files and by_kind.setdefault(one.kind, one) is one:
                files.append(one)
        return "" if is_late or not status.readable else self._missing(by_kind, resources)

    def _named(
        self, xml: _File, resources: tuple[Resource, ...], here: dict[Path, _File]
    ) -> Iterator[_File]:
        """Files beside the XML that it names and that have another stem."""
        for resource in resources:
            if _leaves(resource.name):
                self.refused.append(
                    f"{xml.path.name} names {resource.name!r}, a path out of the folder"
                )
            elif file := here.get(xml.path.parent / resource.name):
                yield file

    def _missing(self, by_kind: dict[str, _File], resources: tuple[Resource, ...]) -> str:
        for one in (one for one in by_kind.values() if not one.size):
            return f"{one.path.name} is empty so far"
        wanted = _body_named(resources)
        if wanted:
            kind, resource = wanted
            file = by_kind.get(kind)
            if file is None:
                return f"the {kind.upper()} that the XML names isn't there yet"
            if resource.size and file.size < resource.size:
                return f"{file.path.name} has {file.size} of {resource.size} bytes so far"
        pdf, txt = by_kind.get("pdf"), by_kind.get("txt")
        if pdf and b"%%EOF" not in self._content(pdf.path)[-1024:]:
            return f"{pdf.path.name} has no end so far"
        if txt and not pdf and time.time() - txt.modified < self.settle:
            return f"{txt.path.name} may still be growing"
        return ""

    def _content(self, path: Path) -> bytes:
        """At most a byte more than is ever read, so that what is too large shows. Links refused."""
        most = _MOST.get(_KINDS[path.suffix.lower()], MOST_BODY_BYTES + 1)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as file:
                return file.read(most)
        except OSError as error:
            raise Unavailable(
                f"{path.name} can't be read ({error.strerror})", source=SOURCE
            ) from error

    def _hash(self, files: list[_File]) -> tuple[str, tuple[str, ...]]:
        read = {one.path: self._content(one.path) for one in files}
        problems = tuple(f"{path.name} is empty" for path, content in read.items() if not content)
        return _digest(read), problems


def _digest(read: dict[Path, bytes]) -> str:
    total = hashlib.sha256()
    for path, content in sorted(read.items()):
        total.update(f"{path.name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()


def _body_named(resources: tuple[Resource, ...]) -> tuple[str, Resource] | None:
    """The file that must come: the best body that the XML lists and doesn't hold or link itself."""
    for kind in ("pdf", "html", "txt"):
        for one in resources:
            if kind_of(one.mime_type, one.name) == kind and _is_delivered(one):
                return kind, one
    return None


def _is_delivered(resource: Resource) -> bool:
    """Whether the file should come beside the XML, and isn't only linked."""
    if resource.is_inline or _leaves(resource.name):
        return False
    return not resource.url or bool(kind_of("", resource.name))


def _leaves(name: str) -> bool:
    return "/" in name or "\\" in name or name in {".", ".."} or "\0" in name
