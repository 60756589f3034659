"""What the sources have, brought into the tables: listed, fetched, read, stored, once each.

A source's thing is a ``SourceItem``; it says whether we hold it or why not. What is stored is
stored in a transaction of its own, so that an ingest killed anywhere goes on with what is
left. One source that is away never stops another, and nothing is taken away because a
source is silent.
"""

from summaries.ingest.runs import NothingToIngest, start_ingest
from summaries.ingest.working import do_item

__all__ = ["NothingToIngest", "do_item", "start_ingest"]
