"""How FactSet knows us, and that nobody else learns how."""

from __future__ import annotations

import base64
import json
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fds.sdk.utils.authentication import ConfidentialClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from pytest_django import Settings

from summaries.sources.errors import Malformed, Refused, SourceError, Unavailable
from summaries.sources.factset import FactSet
from summaries.sources.factset.access import Basic, OAuth2, assertion, checked_url, key_of
from tests.house.test_settings import load
from tests.loopback import Answer as Said
from tests.loopback import Asked
from tests.sources.factset_site import (
    CLIENT,
    KEY,
    USER,
    FactSetSite,
    client_of,
    factset_site,
    shape_1,
    shape_2,
    signing_key,
)

DAY = date(2025, 1, 6)


@pytest.fixture
def site() -> Iterator[FactSetSite]:
    with factset_site() as site:
        yield site


@pytest.fixture
def access(site: FactSetSite, tmp_path: Path) -> Iterator[OAuth2]:
    path = tmp_path / "factset.json"
    path.write_text(json.dumps(site.oauth_config))
    access = OAuth2.from_file(path, seconds=2)
    yield access
    access.close()


def ask(site: FactSetSite, access: Basic | OAuth2) -> int:
    with client_of(site, access=access, attempts=1) as factset:
        return len(factset.prices(["AAPL-US"], start=DAY, end=DAY).rows)


def test_key_is_sent_as_basic(site: FactSetSite) -> None:
    assert ask(site, Basic(USER, KEY)) == 1
    sent = site.loopback.asked[0].headers["authorization"]
    assert base64.b64decode(sent.removeprefix("Basic ")).decode() == f"{USER}:{KEY}"


def test_wrong_key_is_refused_at_once_and_says_what_to_check(site: FactSetSite) -> None:
    with pytest.raises(Refused, match=r"FA_FACTSET_KEY.*IP range"):
        ask(site, Basic(USER, "another-key"))
    assert len(site.loopback.asked) == 1


def test_token_is_asked_for_once_and_used_by_all(site: FactSetSite, access: OAuth2) -> None:
    with client_of(site, access=access) as factset, ThreadPoolExecutor(16) as pool:

        def one(_: int) -> int:
            return len(factset.prices(["AAPL-US"], start=DAY, end=DAY).rows)

        assert sum(pool.map(one, range(32))) == 32
    assert len(site.assertions) == 1
    assert len(site.asked("/openid-configuration")) == 1


def test_assertion_is_what_factsets_own_client_signs(site: FactSetSite, access: OAuth2) -> None:
    theirs = ConfidentialClient(config=site.oauth_config)._get_client_assertion_jws()
    ours = assertion(CLIENT, key_of(access.jwk), site.issuer)
    public = RSAKey.import_key(site.key.as_dict(private=False))
    one, two = jwt.decode(ours, public), jwt.decode(theirs, public)
    assert one.header == {**two.header, "typ": one.header["typ"]}
    assert set(one.claims) == set(two.claims)
    moments = {"nbf", "iat", "exp"}
    for name in set(one.claims) - moments - {"jti"}:
        assert one.claims[name] == two.claims[name]
    for name in moments:
        assert abs(one.claims[name] - two.claims[name]) < 5


@pytest.mark.parametrize("lives", [30.5, 1.0], ids=["30 s early", "a short one at its half"])
def test_token_is_replaced_before_its_end(site: FactSetSite, access: OAuth2, lives: float) -> None:
    site.token_seconds = lives
    first = access.badge()
    assert access.badge() is first
    time.sleep(0.55)
    assert access.badge() is not first
    assert len(site.assertions) == 2
    assert len(site.asked("/openid-configuration")) == 1


def test_token_that_is_refused_is_asked_for_anew_once(site: FactSetSite, access: OAuth2) -> None:
    with client_of(site, access=access) as factset, ThreadPoolExecutor(8) as pool:

        def one(_: int) -> int:
            return len(factset.prices(["AAPL-US"], start=DAY, end=DAY).rows)

        one(0)
        site.tokens.clear()
        assert sum(pool.map(one, range(16))) == 16
        assert len(site.assertions) == 2


def test_token_that_never_works_is_a_refusal(site: FactSetSite, access: OAuth2) -> None:
    site.faults.extend([shape_1(401, "unauthorized", "No") for _ in range(9)])
    with pytest.raises(Refused, match="FA_FACTSET_OAUTH"):
        ask(site, access)
    assert len(site.asked("/prices")) == 2
    assert len(site.assertions) == 2


def test_failed_sign_in_is_shared_by_those_who_wait(site: FactSetSite, access: OAuth2) -> None:
    site.key = signing_key()
    site.hold = 0.3

    def one(_: int) -> str:
        with pytest.raises(Refused) as caught:
            access.badge()
        return str(caught.value)

    with ThreadPoolExecutor(8) as pool:
        said = set(pool.map(one, range(8)))
    assert len(said) == 1
    assert "answered 401 (invalid_client)" in said.pop()
    assert len(site.asked("/token.oauth2")) <= 2


def _answering(say: Callable[[Asked, str], Said | None]) -> Callable[[FactSetSite], None]:
    def change(site: FactSetSite) -> None:
        usual = site.loopback.answer
        site.loopback.answer = lambda asked: say(asked, site.issuer) or usual(asked)

    return change


def _token(body: bytes, status: int = 200, kind: str = "application/json") -> Any:
    return _answering(
        lambda asked, _: Said(status, body, kind) if asked.path.endswith("oauth2") else None
    )


def _metadata(body: Callable[[str], dict[str, Any]]) -> Any:
    return _answering(
        lambda asked, issuer: (
            Said(200, json.dumps(body(issuer)).encode()) if "openid" in asked.path else None
        )
    )


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (_token(b"{}"), Malformed, "gave no access_token"),
        (_token(b'{"access_token": "a\\nb", "expires_in": 9}'), Malformed, "no access_token"),
        (_token(b'{"access_token": "abc"}'), Malformed, "gave no expires_in"),
        (_token(b'{"access_token": "abc", "expires_in": "soon"}'), Malformed, "no expires_in"),
        (_token(b'{"access_token": "abc", "expires_in": -1}'), Malformed, "has ended"),
        (_token(b"<html>", 200, "text/html"), Unavailable, "web page"),
        (_token(b"<html>", 503, "text/html"), Unavailable, "sign-in answered 503"),
        (_token(b'{"access_'), Unavailable, "cut off"),
        (_token(b'{"error": "invalid_grant"}', 400), Refused, r"answered 400 \(invalid_grant\)"),
        (_metadata(lambda _: {}), Malformed, "issuer and token_endpoint"),
        (
            _metadata(lambda issuer: {"issuer": issuer, "token_endpoint": "http://example.com/t"}),
            Refused,
            "token_endpoint must be an https address",
        ),
        (_metadata(lambda _: {"issuer": "https://other", "token_endpoint": ""}), Malformed, "iss"),
    ],
)
def test_sign_in_that_goes_wrong(
    site: FactSetSite, access: OAuth2, change: Any, kind: type[SourceError], words: str
) -> None:
    change(site)
    with pytest.raises(kind, match=words):
        ask(site, access)
    assert not site.asked("/prices")


def test_wrong_issuer_is_seen_by_the_server(site: FactSetSite, access: OAuth2) -> None:
    _metadata(lambda issuer: {"issuer": "x", "token_endpoint": f"{issuer}/as/token.oauth2"})(site)
    with pytest.raises(Refused, match="invalid_client"):
        ask(site, access)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda given: "not json", "must name the JSON file"),
        (lambda given: json.dumps([1]), "must hold clientId and jwk"),
        (lambda given: json.dumps({**given, "clientId": ""}), "must hold clientId and jwk"),
        (lambda given: json.dumps({**given, "jwk": None}), "must hold clientId and jwk"),
        (lambda given: json.dumps({**given, "jwk": {"kty": "RSA"}}), "lacks alg, use, kid, n, e"),
        (
            lambda given: json.dumps({**given, "jwk": {**given["jwk"], "n": "AQAB"}}),
            "isn't a private RSA key",
        ),
        (lambda given: json.dumps({**given, "wellKnownUri": "http://auth.x"}), "https address"),
        (lambda given: json.dumps({**given, "wellKnownUri": 7}), "must be an address"),
    ],
)
def test_wrong_configuration_file_is_refused_with_the_reason(
    site: FactSetSite, tmp_path: Path, change: Callable[[dict[str, Any]], str], words: str
) -> None:
    path = tmp_path / "factset.json"
    path.write_text(change(site.oauth_config))
    with pytest.raises(Refused, match=words):
        OAuth2.from_file(path)


def test_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="FA_FACTSET_OAUTH must name the JSON file"):
        OAuth2.from_file("/nowhere/factset.json")


@pytest.mark.parametrize(
    "url",
    ["http://api.factset.com", "api.factset.com", "", "https://", "https://me@x.com", "ftp://x",
     "https://x.com/?key=1", "https://[::1"],
)  # fmt: skip
def test_credentials_leave_by_https_alone(url: str) -> None:
    with pytest.raises(Refused, match="FA_FACTSET_URL must be an"):
        checked_url(url, "FA_FACTSET_URL")


def _echo(asked: Asked) -> Said:
    """A server that says back all it hears."""
    header = asked.headers.get("authorization", "")
    key = KEY if header.startswith("Basic") else ""
    heard = f"{header} {key} {asked.body.decode()}"
    said = shape_2(400, heard, heard, "currency", heard, [heard])
    said.headers["X-DataDirect-Request-Key"] = heard[:200]
    return said


def _secrets(site: FactSetSite) -> list[str]:
    private = site.key.as_dict(private=True)
    pair = base64.b64encode(f"{USER}:{KEY}".encode()).decode()
    numbers = [str(private[name]) for name in ("d", "p", "q", "dp", "dq", "qi")]
    return [KEY, pair, *site.tokens, *numbers]


def _variables(error: BaseException) -> str:
    """What a crash report shows of our own frames."""
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    own = [one for one in whole.stack if "summaries/sources" in one.filename]
    return "\n".join(str(one.locals) for one in own)


def test_failed_sign_in_leaves_no_secret_in_a_crash_report(
    site: FactSetSite, access: OAuth2, tmp_path: Path
) -> None:
    _token(b"{}", 400)(site)
    with pytest.raises(Refused) as caught:
        access.badge()
    path = tmp_path / "bad.json"
    path.write_text(json.dumps({**site.oauth_config, "wellKnownUri": 7}))
    with pytest.raises(Refused) as second:
        OAuth2.from_file(path)
    sent = site.asked("/token.oauth2")[0].body.decode().partition("client_assertion=")[2]
    text = _variables(caught.value) + _variables(second.value)
    assert [one for one in [sent, *_secrets(site)] if one in text] == []
    assert "<Hidden>" in text


@pytest.mark.parametrize("way", ["basic", "oauth"])
@pytest.mark.parametrize("fault", ["none", "echo", "401", "away"])
def test_no_secret_is_shown_anywhere(
    site: FactSetSite,
    access: OAuth2,
    way: str,
    fault: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in logging.root.manager.loggerDict:
        if fault == "echo" and name.startswith("httpcore2"):
            continue  # logs all headers that come in; the settings keep it silent
        caplog.set_level(logging.DEBUG, logger=name)
    chosen = Basic(USER, KEY) if way == "basic" else access
    chosen.badge()
    usual = site.loopback.answer
    if fault == "echo":
        site.loopback.answer = lambda asked: _echo(asked)
    if fault == "401":
        heard = KEY if way == "basic" else str(list(site.tokens))
        site.faults.extend([shape_1(401, "no", heard)] * 2)
    factset = client_of(site, access=chosen, attempts=1)
    if fault == "away":
        factset.door.__dict__["base"] = "http://127.0.0.1:9"
    shown = [repr(factset.door), repr(factset.batches), repr(chosen), repr(chosen.badge())]
    try:
        factset.prices(["AAPL-US"], start=DAY, end=DAY)
    except SourceError as error:
        shown += traceback.format_exception(error)
        # A crash report shows our frames' variables; a server that says back what it hears
        # is in them, and no more than that.
        whole = traceback.TracebackException.from_exception(error, capture_locals=True)
        own = [one for one in whole.stack if "summaries/sources" in one.filename]
        shown += [str(one.locals) for one in own if fault == "away"]
    finally:
        site.loopback.answer = usual
        factset.close()
    out = capfd.readouterr()
    shown += [caplog.text, out.out, out.err]
    text = "\n".join(shown)
    assert [secret for secret in _secrets(site) if secret in text] == []
    assert len(text) > 100


def test_settings_choose_the_way_in(site: FactSetSite, settings: Settings, tmp_path: Path) -> None:
    settings.FACTSET_URL, settings.FACTSET_USER, settings.FACTSET_KEY = site.base, USER, KEY
    settings.FACTSET_OAUTH = ""
    with FactSet.from_settings() as factset:
        assert factset.door.access == Basic(USER, KEY)
    path = tmp_path / "factset.json"
    path.write_text(json.dumps(site.oauth_config))
    settings.FACTSET_USER, settings.FACTSET_KEY, settings.FACTSET_OAUTH = "", "", str(path)
    with FactSet.from_settings() as factset:
        assert isinstance(factset.door.access, OAuth2)
    settings.FACTSET_OAUTH = ""
    with pytest.raises(Refused, match="FactSet isn't set up: set FA_FACTSET_USER"):
        FactSet.from_settings()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"FA_FACTSET_OAUTH": "/x.json", "FA_FACTSET_USER": "A-1", "FA_FACTSET_KEY": "hush"},
            "are two ways in: unset one",
        ),
        ({"FA_FACTSET_USER": "A-1"}, "belong together: set both or none"),
        ({"FA_FACTSET_KEY": "hush"}, "belong together: set both or none"),
    ],
)
def test_half_or_double_settings_stop_the_start(given: dict[str, str | None], words: str) -> None:
    done = load(**given)
    assert done.returncode != 0
    assert words in done.stderr.strip().splitlines()[-1]
    assert "hush" not in done.stderr


def test_user_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(Refused, match="USERNAME-SERIAL"):
        Basic("a:b", KEY)
