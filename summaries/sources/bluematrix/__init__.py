"""Research notes by BlueMatrix: a feed folder of RIXML bundles, or its ChangeFeed over HTTPS."""

from .bundles import Bundle, Conventions, Cursor, Listed, Part, conventions
from .changefeed import ChangeFeed, ListedDocument
from .feeds import change_feed, folder_feed
from .folder import FolderFeed, Found, Waiting
from .notes import (
    Analyst,
    Body,
    Note,
    NotedEstimate,
    NotedIssuer,
    Resource,
    SecurityId,
    Status,
)
from .reading import note

__all__ = [
    "Analyst",
    "Body",
    "Bundle",
    "ChangeFeed",
    "Conventions",
    "Cursor",
    "FolderFeed",
    "Found",
    "Listed",
    "ListedDocument",
    "Note",
    "NotedEstimate",
    "NotedIssuer",
    "Part",
    "Resource",
    "SecurityId",
    "Status",
    "Waiting",
    "change_feed",
    "conventions",
    "folder_feed",
    "note",
]
