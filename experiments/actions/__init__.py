"""What is done to tests and flags: keyword-only, atomic, on the trail."""

from experiments.actions.errors import IllegalTransition, NotDone, NotReady
from experiments.actions.lifecycle import TRANSITIONS, begin_phase, kill, missing, ship, start, stop

__all__ = [
    "TRANSITIONS",
    "IllegalTransition",
    "NotDone",
    "NotReady",
    "begin_phase",
    "kill",
    "missing",
    "ship",
    "start",
    "stop",
]
