"""Research notes by BlueMatrix: a feed folder of RIXML bundles, or its ChangeFeed over HTTPS."""

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

__all__ = [
    "Analyst",
    "Body",
    "Note",
    "NotedEstimate",
    "NotedIssuer",
    "Resource",
    "SecurityId",
    "Status",
]
