"""All that is written about questions and conversations, a verb each."""

from queries.actions.asking import ask, hand_over
from queries.actions.conversing import delete, hold, release, rename, share, unshare
from queries.actions.exporting import export
from queries.actions.feedback import give_feedback
from queries.actions.purging import purge_expired
from queries.actions.reading import note_reads
from queries.actions.stopping import resume, stop

__all__ = [
    "ask", "delete", "export", "give_feedback", "hand_over", "hold", "note_reads", "purge_expired",
    "release", "rename", "resume", "share", "stop", "unshare",
]  # fmt: skip
