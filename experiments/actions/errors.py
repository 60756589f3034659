"""Why nothing was done."""

from __future__ import annotations


class NotDone(Exception):
    """What was asked for was not done, and nothing was changed; the message says what to do."""


class IllegalTransition(NotDone):
    """The test is not in a state that this may be done from."""


class NotReady(NotDone):
    """A draft that lacks something to be started; ``problems`` names each."""

    def __init__(self, key: str, problems: list[str]) -> None:
        super().__init__(f"{key} can't start yet: {' '.join(problems)}")
        self.problems = problems
