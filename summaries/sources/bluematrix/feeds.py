"""The feeds that the settings name. Both give documents whose ``read()`` makes a Bundle, in an
order in which the ``cursor`` of each may be kept once it and all before it are handled."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from summaries.sources.bluematrix.bundles import Conventions, conventions
from summaries.sources.bluematrix.changefeed import ChangeFeed
from summaries.sources.bluematrix.folder import FolderFeed


def folder_feed() -> FolderFeed | None:
    """None where FA_BLUEMATRIX_FOLDER isn't set."""
    if not settings.BLUEMATRIX_FOLDER:
        return None
    return FolderFeed(Path(settings.BLUEMATRIX_FOLDER), _conventions())


def change_feed() -> ChangeFeed | None:
    """None where FA_BLUEMATRIX_URL isn't set. Raises Refused for one that isn't https."""
    if not settings.BLUEMATRIX_URL:
        return None
    return ChangeFeed(
        url=settings.BLUEMATRIX_URL,
        firm=settings.BLUEMATRIX_FIRM,
        login=settings.BLUEMATRIX_LOGIN,
        password=settings.BLUEMATRIX_PASSWORD,
        conventions=_conventions(),
    )


def _conventions() -> Conventions:
    return conventions(settings.BLUEMATRIX_TIME_ZONE, settings.BLUEMATRIX_NUMBERS)
