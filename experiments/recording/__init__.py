"""Exposures and outcomes on their way into the tables."""

from experiments.recording.entries import Measurement, Seen
from experiments.recording.telling import flush, tell
from experiments.recording.waiting import Away

__all__ = ["Away", "Measurement", "Seen", "flush", "tell"]
