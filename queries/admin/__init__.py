"""The overseers' and operators' view of questions."""

from queries.admin import conversations, plans

__all__ = ["conversations", "plans"]
