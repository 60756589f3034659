"""The servers' log files: what was written since a moment, and the end of it for people."""

from pathlib import Path

TAIL_LINES = 15
KEPT_BYTES = 5_000_000


def sizes(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_size for path in folder.glob("*.log")}


def since(folder: Path, before: dict[Path, int]) -> str:
    """Everything the logs of the folder gained since `sizes` was taken."""
    gained = []
    for path in sorted(folder.glob("*.log")):
        content = path.read_bytes()
        seen = before.get(path, 0)
        # A shorter file was rotated meanwhile: all of it is new.
        gained.append(content[seen:] if len(content) >= seen else content)
    return b"".join(gained).decode(errors="replace")


def tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-TAIL_LINES:])


def rotate(path: Path) -> None:
    """Put a grown log aside. Only while its server is down: a server keeps its file open."""
    if path.exists() and path.stat().st_size > KEPT_BYTES:
        path.replace(path.with_suffix(".log.1"))
