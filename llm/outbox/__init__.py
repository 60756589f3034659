"""The weekly run's half-price path: questions gather in an outbox and go as Message Batches.

    ask ──► BatchEntry waiting ──submit_due──► in a MessageBatch ──poll_due──► answered: KeptReply
                 ▲                                                   │
                 └── tried again, repaired, to the next model ◄──────┴──► failed

A question is sent once: the row stands before the batch is submitted, and who finds it half-way
looks at the provider before submitting again. Each entry is settled once. Nothing here waits.
"""

from llm.outbox.asking import ask
from llm.outbox.cancelling import cancel
from llm.outbox.driving import drive, take_over
from llm.outbox.polling import PAUSES, Pauses, poll_due
from llm.outbox.progress import is_open, open_entries, open_keys
from llm.outbox.submitting import submit_due

__all__ = [
    "PAUSES",
    "Pauses",
    "ask",
    "cancel",
    "drive",
    "is_open",
    "open_entries",
    "open_keys",
    "poll_due",
    "submit_due",
    "take_over",
]
