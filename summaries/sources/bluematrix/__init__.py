"""Research notes by BlueMatrix: a feed folder of RIXML bundles, or its ChangeFeed over HTTPS."""

from .bundles import Bundle, Conventions, Cursor, Listed, Part, conventions
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
    "Conventions",
    "Cursor",
    "FolderFeed",
    "Found",
    "Listed",
    "Note",
    "NotedEstimate",
    "NotedIssuer",
    "Part",
    "Resource",
    "SecurityId",
    "Status",
    "Waiting",
    "conventions",
    "note",
]
