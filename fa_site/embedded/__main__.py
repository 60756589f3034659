"""`python -m fa_site.embedded start|stop|status [--data-dir DIR]`."""

import argparse
import sys
from pathlib import Path

from . import EmbeddedError, default_data_dir, ensure, status, stop


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m fa_site.embedded", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status"))
    parser.add_argument("--data-dir", type=Path, default=default_data_dir())
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "start":
            ensure(chosen.data_dir)
        if chosen.command == "stop":
            stop(chosen.data_dir)
        services = status(chosen.data_dir)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    for service in services:
        print(service)
    # As the init scripts do: 3 says "not running" to whoever asks for the status.
    all_running = all(service.running for service in services)
    return 3 if chosen.command == "status" and not all_running else 0


if __name__ == "__main__":
    sys.exit(main())
