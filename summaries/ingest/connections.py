"""The sources as the settings name them, one connection of each a process."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from summaries.ingest.research import Feed
from summaries.models import Source
from summaries.sources.bluematrix import ChangeFeed, change_feed, folder_feed
from summaries.sources.edgar import Edgar
from summaries.sources.edgar import edgar as edgar_from_settings
from summaries.sources.errors import Refused
from summaries.sources.factset import FactSet


@cache
def edgar() -> Edgar:
    """Raises Refused where the settings don't say who asks."""
    return edgar_from_settings()


@cache
def factset() -> FactSet:
    """Raises Refused where FactSet isn't set up."""
    return FactSet.from_settings()


def feeds() -> dict[str, Feed]:
    """BlueMatrix's feeds by name; a folder is looked at anew each time. Raises Refused."""
    named = {"folder": folder_feed(), "changefeed": _changefeed()}
    found: dict[str, Feed] = {name: feed for name, feed in named.items() if feed}
    if not found:
        raise Refused(
            "BlueMatrix isn't set up: set FA_BLUEMATRIX_FOLDER to the feed's folder, or "
            "FA_BLUEMATRIX_URL and its login",
            source=Source.BLUEMATRIX,
        )
    return found


@cache
def _changefeed() -> ChangeFeed | None:
    return change_feed()


def configured() -> list[str]:
    """The sources that the settings name."""
    named = {
        Source.EDGAR: settings.EDGAR_USER_AGENT,
        Source.BLUEMATRIX: settings.BLUEMATRIX_FOLDER or settings.BLUEMATRIX_URL,
        Source.FACTSET: settings.FACTSET_USER or settings.FACTSET_OAUTH,
    }
    return [source.value for source, given in named.items() if given]


def forget() -> None:
    """Close what is open; the next use connects anew, by the settings as they are then."""
    if edgar.cache_info().currsize:
        edgar().close()
    if factset.cache_info().currsize:
        factset().close()
    if _changefeed.cache_info().currsize and (feed := _changefeed()):
        feed.web.client.close()
    for connection in (edgar, factset, _changefeed):
        connection.cache_clear()
