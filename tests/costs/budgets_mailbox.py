"""A mail server on loopback: takes what it is sent, or says what it is told to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailbox:
    """``answer``: the reply to the message's text; ``recipients``: to each RCPT."""

    port: int = 0
    answer: str = "250 taken"
    recipients: str = "250 ok"
    hang: float = 0.0
    mails: list[EmailMessage] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Mailbox]:
    """A server on a free port for as long as the block lasts."""
    mailbox, stopping = Mailbox(), threading.Event()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            stopping.wait(mailbox.hang)
            self._say("220 loopback")
            for line in self.rfile:
                word = line[:4].decode().upper().strip()
                if word == "QUIT":
                    return self._say("221 bye")
                self._say(self._reply(word))
            return None

        def _reply(self, word: str) -> str:
            if word == "RCPT":
                return mailbox.recipients
            if word != "DATA":
                return "250 ok"
            self._say("354 go on")
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            if mailbox.answer.startswith("250"):
                mail = message_from_bytes(b"".join(lines), policy=policy.default)
                mailbox.mails.append(mail)
            return mailbox.answer

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def finish(self) -> None:
            try:
                super().finish()
            except OSError:
                return  # the other side gave up, as it may

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            return

    with Server(("127.0.0.1", 0), Session) as server:
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield mailbox
        finally:
            stopping.set()
            server.shutdown()
            thread.join()
