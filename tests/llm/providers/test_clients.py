"""One client a process, shared, silent, and made anew where it must be."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.test import override_settings

from llm.errors import CallFailed, Kind
from llm.providers import clients
from llm.providers.clients import Endpoint, NotSetUp, anthropic_client, endpoint, openai_client
from llm.providers.setup import in_use, provider
from tests.llm.providers.asks import (
    ANTHROPIC_KEY,
    OPENAI_KEY,
    SAID,
    SECRET,
    asked_at,
    failure,
    read,
    request,
)
from tests.vendors import Fault, ModelSite

BOTH = pytest.mark.parametrize("name", ["anthropic", "openai"])
MAKE: dict[str, Any] = {"anthropic": anthropic_client, "openai": openai_client}


def test_those_with_a_key_are_in_use_in_order() -> None:
    with override_settings(ANTHROPIC_API_KEY="", OPENAI_API_KEY=""):
        assert in_use() == ()
    with override_settings(ANTHROPIC_API_KEY=" ", OPENAI_API_KEY="k"):
        assert in_use() == ("openai",)
    with override_settings(ANTHROPIC_API_KEY="k", OPENAI_API_KEY="k"):
        assert in_use() == ("anthropic", "openai")


@BOTH
def test_a_provider_is_one_a_process(name: str) -> None:
    assert provider(name) is provider(name)
    assert provider(name).name == name


def test_a_provider_that_isnt_there() -> None:
    with pytest.raises(LookupError, match="there is anthropic, openai"):
        provider("extractive")


@BOTH
def test_fifty_threads_share_one_client(site: ModelSite, name: str) -> None:
    site.change(latency=0.3)
    ready = Barrier(50)

    def ask(_: int) -> tuple[int, str]:
        ready.wait()
        client = MAKE[name]()
        return id(client), provider(name).send(request(name)).text

    with ThreadPoolExecutor(50) as pool:
        got = list(pool.map(ask, range(50)))
    assert {text for _, text in got} == {SAID}
    assert len({client for client, _ in got}) == 1
    assert len(site.invoice.lines) == 50


@BOTH
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_makes_its_own(site: ModelSite, name: str) -> None:
    mine = MAKE[name]()
    provider(name).send(request(name))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        try:
            text = provider(name).send(request(name)).text
            told = [text, MAKE[name]() is mine]
        except BaseException as error:
            told = [repr(error), None]
        os.write(writing, json.dumps(told).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert json.load(pipe) == [SAID, False]
    assert MAKE[name]() is mine
    assert provider(name).send(request(name)).text == SAID


@BOTH
def test_other_settings_make_another_client(site: ModelSite, name: str) -> None:
    first = MAKE[name]()
    assert MAKE[name]() is first
    with override_settings(**{f"{name.upper()}_API_KEY": "another"}):
        second = MAKE[name]()
        provider(name).send(request(name))
    assert second is not first
    assert site.asked[-1].headers["authorization"] == "Bearer another"


@BOTH
def test_addresses_end_with_or_without_a_slash(site: ModelSite, name: str) -> None:
    url = {"anthropic": site.anthropic_url, "openai": site.openai_url}[name]
    with override_settings(**{f"{name.upper()}_BASE_URL": f" {url}/ "}):
        assert provider(name).send(request(name)).text == SAID


@BOTH
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"API_KEY": ""}, "set {NAME}_API_KEY"),
        ({"API_KEY": "sk-ü"}, "{NAME}_API_KEY holds characters that no key has"),
        ({"API_KEY": "sk-1\nsk-2"}, "copy it anew"),
        ({"BASE_URL": "api.example.com"}, "FA_{NAME}_BASE_URL is no address"),
        ({"BASE_URL": ""}, "FA_{NAME}_BASE_URL is no address"),
    ],
)
def test_settings_that_cant_be_used_say_so(name: str, wrong: dict[str, str], told: str) -> None:
    changed = {f"{name.upper()}_{key}": value for key, value in wrong.items()}
    with asked_at("http://127.0.0.1:1", "http://127.0.0.1:1"), override_settings(**changed):
        failed = failure(name)
    assert isinstance(failed, NotSetUp)
    assert (failed.kind, failed.is_billed) == (Kind.UNAUTHORISED, False)
    assert told.format(NAME=name.upper()) in str(failed)
    assert "sk-" not in f"{failed!r}{vars(failed)}"


@BOTH
def test_keys_and_prompts_stay_out_of_reprs_and_logs(
    site: ModelSite, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    def all_of_it() -> None:
        provider(name).send(request(name))
        read(provider(name), request(name))
        provider(name).count(request(name))
        provider(name).submit([("a", request(name))], marker="m")
        for fault in ("malformed", "cut", "stream_error"):
            site.script.add(Fault(fault, times=1))
            with pytest.raises(CallFailed):
                read(provider(name), request(name))
        site.script.add(Fault("status", status=500, times=1))
        failure(name)

    MAKE[name]()
    for logger in ("", "anthropic", "openai", "httpcore2", "httpx"):
        caplog.set_level(logging.DEBUG, logger)
    all_of_it()
    client = MAKE[name]()
    held = f"{caplog.text}{client!r}{endpoint(name)!r}{provider(name)!r}{clients._made!r}"
    assert not [word for word in (SECRET, ANTHROPIC_KEY, OPENAI_KEY) if word in held]
    assert not [record.name for record in caplog.records if record.name.startswith((name, "http"))]


def test_an_endpoint_doesnt_show_its_key() -> None:
    assert "hidden" not in repr(Endpoint("openai", "http://127.0.0.1", "hidden"))


@BOTH
def test_nobody_retries_or_waits_for_a_connection(site: ModelSite, name: str) -> None:
    client = MAKE[name]()
    assert client.max_retries == 0
    pool = client._client._transport._pool
    assert pool._max_connections >= 200
    provider(name).send(request(name, seconds=42))
    told = {key: value for key, value in site.asked[-1].headers.items() if "read-timeout" in key}
    assert told == {"x-stainless-read-timeout": "42"}


def test_sdks_are_imported_by_the_first_call_alone() -> None:
    script = (
        "import os, sys, django; django.setup()\n"
        "from llm.providers.setup import in_use, provider\n"
        "provider('anthropic'); provider('openai'); in_use()\n"
        "print(sorted({'anthropic', 'openai'} & set(sys.modules)))"
    )
    environment = os.environ | {
        "FA_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "fa_site.settings",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    told = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
