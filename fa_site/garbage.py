"""Python's search for cycles, made rarer in processes that live long.

What is loaded at the start lives as long as the process: it is put out of the search's sight.
The rest is looked through after some ten thousand new objects instead of every 700: a request or
a summary makes that many, nearly all of which go without any search.
"""

from __future__ import annotations

import gc

NEW_OBJECTS = 50_000
YOUNGER_SEARCHES = 20  # before one of all that survived the last


def search_seldom() -> None:
    """Call it in each process when all is loaded; what follows the first call changes nothing."""
    if gc.get_threshold()[0] == NEW_OBJECTS:
        return
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNGER_SEARCHES, YOUNGER_SEARCHES)
