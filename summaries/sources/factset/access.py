"""How FactSet knows us: a key (Basic) or OAuth2 client credentials with a signed JWT.

No key, token or JWK is in a repr, a log line or an error here; ``clean`` takes them out of
what FactSet says, should it echo them.

FactSet's own ``fds.sdk.utils`` isn't used for OAuth2: its requests have no time-out (a silent
server would hold a worker for ever), requests_oauthlib logs the assertion and the token at
DEBUG, threads refresh side by side, a token can't be dropped, and it refuses loopback http.
The assertion is the same; a test compares it with what theirs signs.
"""

from __future__ import annotations

import base64
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeGuard
from urllib.parse import urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from summaries.sources.errors import Blocked, Malformed, Refused, SourceError, Unavailable
from summaries.sources.factset.replies import SOURCE, body_of
from summaries.sources.web import Reply, Web, retry_after

WELL_KNOWN = "https://auth.factset.com/.well-known/openid-configuration"
JWK_FIELDS = ("kty", "alg", "use", "kid", "n", "e", "d", "p", "q", "dp", "dq", "qi")
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EARLY = 30.0  # seconds before its end that a token is replaced
LIFETIME = 300  # seconds of an assertion
NOT_BEFORE = 5  # seconds that FactSet's clock may be behind ours
HIDDEN = "[hidden]"


class Hidden(dict[str, Any]):
    """JSON that holds secrets: a crash report, which shows variables, shows nothing of it."""

    def __repr__(self) -> str:
        return "<Hidden>"


class Badge(httpx2.Auth):
    """The Authorization header of one request; nothing shows what is in it."""

    __slots__ = ("_header",)

    def __init__(self, header: str) -> None:
        self._header = header

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        request.headers["Authorization"] = self._header
        yield request

    def __repr__(self) -> str:
        return "<Badge>"


@dataclass(frozen=True)
class Basic:
    """``user``: USERNAME-SERIAL, as FactSet's key page shows it."""

    user: str
    key: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.user or ":" in self.user or not self.key:
            raise Refused(
                "FA_FACTSET_USER must be USERNAME-SERIAL and FA_FACTSET_KEY the key made for it",
                source=SOURCE,
            )

    def badge(self) -> Badge:
        return Badge(f"Basic {self._pair}")

    def renewed(self, badge: Badge) -> bool:
        """Whether another try can help: a key doesn't change."""
        return False

    def clean(self, text: str) -> str:
        return text.replace(self._pair, HIDDEN).replace(self.key, HIDDEN)

    def close(self) -> None:
        return

    @property
    def _pair(self) -> str:
        return base64.b64encode(f"{self.user}:{self.key}".encode()).decode()


@dataclass(frozen=True)
class _Token:
    until: float  # on the monotonic clock
    badge: Badge


@dataclass
class OAuth2:
    """One a process; one refresh for all threads. Raises what a source's request raises."""

    client_id: str
    jwk: dict[str, str] = field(repr=False)
    well_known: str = WELL_KNOWN
    seconds: float = 20.0
    web: Web = field(init=False, repr=False)
    _key: RSAKey = field(init=False, repr=False)
    _token: _Token | None = field(default=None, init=False, repr=False)
    _tokens: deque[str] = field(default_factory=lambda: deque(maxlen=8), init=False, repr=False)
    _failed: tuple[float, SourceError] | None = field(default=None, init=False, repr=False)
    _endpoints: tuple[str, str] | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self.jwk = Hidden(self.jwk)
        checked_url(self.well_known, "wellKnownUri")
        self._key = key_of(self.jwk)  # an unusable key is said at the start
        self.web = Web(
            SOURCE, self._judge, headers={"Accept": "application/json"}, seconds=self.seconds,
            attempts=1,  # who wants a token asks again
        )  # fmt: skip

    @classmethod
    def from_file(cls, path: Path | str, *, seconds: float = 20.0) -> Self:
        """From the JSON that FactSet's developer portal gives. Raises Refused."""
        try:
            given = json.loads(Path(path).read_bytes(), object_hook=Hidden)
        except (OSError, ValueError, RecursionError) as error:
            raise Refused(
                f"FA_FACTSET_OAUTH must name the JSON file of an OAuth2 client "
                f"({type(error).__name__})",
                source=SOURCE,
            ) from None
        jwk = given.get("jwk") if isinstance(given, dict) else None
        if not isinstance(jwk, dict) or not _is_text(given.get("clientId")):
            raise Refused("FA_FACTSET_OAUTH's file must hold clientId and jwk", source=SOURCE)
        well_known = given.get("wellKnownUri", WELL_KNOWN)
        if not _is_text(well_known):
            raise Refused("FA_FACTSET_OAUTH's wellKnownUri must be an address", source=SOURCE)
        return cls(given["clientId"], jwk, well_known, seconds)

    def badge(self) -> Badge:
        """A token that lives for a while yet, fetched if need be."""
        token = self._token
        if token is None or time.monotonic() >= token.until:
            token = self._fetched(time.monotonic())
        return token.badge

    def renewed(self, badge: Badge) -> bool:
        """Drop a token that FactSet refused, unless another thread has done so."""
        with self._lock:
            if self._token is not None and self._token.badge is badge:
                self._token = None
        return True

    def clean(self, text: str) -> str:
        for secret in (*self._tokens, *(self.jwk[name] for name in JWK_FIELDS[6:])):
            text = text.replace(secret, HIDDEN)
        return text

    def close(self) -> None:
        self.web.client.close()

    def _fetched(self, asked: float) -> _Token:
        with self._lock:
            if self._token is not None and time.monotonic() < self._token.until:
                return self._token
            if self._failed is not None and self._failed[0] >= asked:
                # It failed for another thread while this one waited: the same would come.
                error = self._failed[1]
                raise type(error)(str(error), source=SOURCE, retry_after=error.retry_after)
            try:
                self._token = self._fetch()
            except SourceError as error:
                self._failed = (time.monotonic(), error)
                raise
            return self._token

    def _fetch(self) -> _Token:
        issuer, endpoint = self._endpoints or self._discover()
        form = Hidden(
            grant_type="client_credentials",
            client_assertion_type=ASSERTION,
            client_assertion=assertion(self.client_id, self._key, issuer),
        )
        asked = time.monotonic()
        body = Hidden(body_of(self.web.ask("POST", endpoint, data=form)))
        if not _is_token(body.get("access_token")):
            raise Malformed("FactSet's sign-in gave no access_token", source=SOURCE)
        seconds = _seconds(body.get("expires_in"))
        text = body["access_token"]
        self._tokens.append(text)
        use = seconds - EARLY if seconds > EARLY else seconds / 2
        return _Token(asked + use, Badge(f"Bearer {text}"))

    def _discover(self) -> tuple[str, str]:
        body = body_of(self.web.get(self.well_known))
        issuer, endpoint = body.get("issuer"), body.get("token_endpoint")
        if not _is_text(issuer) or not _is_text(endpoint):
            raise Malformed(
                "FactSet's sign-in must name issuer and token_endpoint; check wellKnownUri",
                source=SOURCE,
            )
        checked_url(endpoint, "token_endpoint")
        self._endpoints = (issuer, endpoint)
        return self._endpoints

    def _judge(self, reply: Reply) -> None:
        if reply.status == 200:
            return
        if reply.status == 429:
            raise Blocked(
                "FactSet's sign-in is overloaded", source=SOURCE,
                retry_after=retry_after(reply.headers) or 5.0,
            )  # fmt: skip
        if reply.status >= 500 or reply.status == 408:
            raise Unavailable(
                f"FactSet's sign-in answered {reply.status}", source=SOURCE,
                retry_after=reply.retry_after,
            )  # fmt: skip
        raise Refused(
            f"FactSet's sign-in answered {reply.status}{_reason(reply)}. Check that the client and "
            "the key of FA_FACTSET_OAUTH are registered and this machine's clock is right",
            source=SOURCE,
        )


def _reason(reply: Reply) -> str:
    # The OAuth error code only: a description could echo the assertion.
    try:
        code = json.loads(reply.content)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    words = _is_text(code) and len(code) <= 40 and code.replace("_", "").isalpha()
    return f" ({code})" if words else ""


def assertion(client_id: str, key: RSAKey, issuer: str) -> str:
    """The signed JWT by which a client shows who it is; valid for five minutes."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": client_id, "sub": client_id, "aud": [issuer],
        "nbf": now - NOT_BEFORE, "iat": now, "exp": now + LIFETIME, "jti": str(uuid.uuid4()),
    }  # fmt: skip
    try:
        return jwt.encode({"alg": str(key.alg), "kid": str(key.kid)}, claims, key)
    except (JoseError, ValueError) as error:
        raise Refused(
            f"FA_FACTSET_OAUTH's jwk can't sign ({type(error).__name__})", source=SOURCE
        ) from None


def key_of(jwk: dict[str, str]) -> RSAKey:
    """The key that signs. Raises Refused."""
    bad = [name for name in JWK_FIELDS if not _is_text(jwk.get(name))]
    if bad:
        raise Refused(f"FA_FACTSET_OAUTH's jwk lacks {', '.join(bad)}", source=SOURCE)
    try:
        return RSAKey.import_key({name: jwk[name] for name in JWK_FIELDS})
    except (JoseError, ValueError, TypeError) as error:
        raise Refused(
            f"FA_FACTSET_OAUTH's jwk isn't a private RSA key ({type(error).__name__})",
            source=SOURCE,
        ) from None


def _is_token(value: object) -> bool:
    return _is_text(value) and value.isascii() and value.isprintable()


def _seconds(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        raise Malformed("FactSet's sign-in gave no expires_in", source=SOURCE) from None
    if not seconds > 0:
        raise Malformed("FactSet's sign-in gave a token that has ended", source=SOURCE)
    return seconds


def checked_url(url: str, name: str) -> str:
    """``url`` without its last slash. Raises Refused where credentials would go out in clear."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    loopback = host in {"127.0.0.1", "localhost", "::1"}
    if not host or parts.scheme not in ({"https", "http"} if loopback else {"https"}):
        raise Refused(f"{name} must be an https address", source=SOURCE)
    if parts.username or parts.query or parts.fragment:
        raise Refused(f"{name} must be an address alone: no user, query or #", source=SOURCE)
    return url.rstrip("/")


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())
