"""Answers as they are told, to whoever listens: server-sent events under ASGI."""
