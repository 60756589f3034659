"""The servers by hand: `python -m tests.vendors --port 8100 --latency 1 --faults faults.json`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from tests.vendors.author import Author
from tests.vendors.faults import KINDS, Fault, Script
from tests.vendors.site import Front, ended, listening
from tests.vendors.world import Options, World

# Who tries the product by hand wants summaries: it writes them from the evidence that it is shown.
BY_HAND = "tests.vendors.summariser:by_hand"


def main() -> None:
    asked = _arguments()
    # A shell starts what it puts into the background deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        world = World(_options(asked), Script(_faults(asked.faults)))
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(world, asked))
    except (OSError, ValueError, ImportError, AttributeError) as error:
        sys.exit(f"The models can't start: {error}")  # a port in use, a faults file that isn't one


async def _serve(world: World, asked: argparse.Namespace) -> None:
    front = Front(world)
    server = await listening(world, asked.port, front)
    print(world.url if asked.quiet else _welcome(world.url), flush=True)
    if asked.until_stdin_ends:
        loop = asyncio.get_running_loop()
        threading.Thread(target=_watch_parent, args=(loop, front), daemon=True).start()
    try:
        await front.stopped.wait()
    finally:
        await ended(server, world)


def _watch_parent(loop: asyncio.AbstractEventLoop, front: Front) -> None:
    """Standard input ends when whoever started us closes it, or dies."""
    sys.stdin.read()
    loop.call_soon_threadsafe(front.stopped.set)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.vendors", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="a free one if not given")
    parser.add_argument("--latency", type=float, default=None, help="seconds to a whole reply")
    parser.add_argument("--pace", type=float, default=None, help="seconds a token of a stream")
    parser.add_argument(
        "--faults", type=Path, help=f"a JSON list of faults; kinds: {', '.join(KINDS)}"
    )
    parser.add_argument("--options", default="{}", help="any other options, as JSON")
    parser.add_argument("--author", help=f"module:function that answers ({BY_HAND})")
    parser.add_argument("--quiet", action="store_true", help="print the address alone")
    parser.add_argument("--until-stdin-ends", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _options(asked: argparse.Namespace) -> Options:
    given: dict[str, Any] = json.loads(asked.options)
    for name in ("latency", "pace"):
        if getattr(asked, name) is not None:
            given[name] = getattr(asked, name)
    if asked.author or not asked.quiet:
        given["author"] = _author(asked.author or BY_HAND)
    options = Options()
    options.change(**given)
    return options


def _author(path: str) -> Author:
    module, _, name = path.partition(":")
    author: Author = getattr(importlib.import_module(module), name)
    return author


def _faults(path: Path | None) -> list[Fault]:
    if path is None:
        return []
    return [Fault.from_json(row) for row in json.loads(path.read_text())]


def _welcome(url: str) -> str:
    return f"""Models on loopback; Ctrl-C stops them. In another shell:

export FA_ANTHROPIC_BASE_URL={url}/a
export ANTHROPIC_API_KEY=fake
export FA_OPENAI_BASE_URL={url}/o/v1
export OPENAI_API_KEY=fake

The bill so far:   curl {url}/control/invoice
A fault, by hand:  curl {url}/control/faults -d '{{"kind": "outage", "provider": "anthropic"}}'
No more faults:    curl -X DELETE {url}/control/faults
"""


if __name__ == "__main__":
    main()
