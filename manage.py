#!/usr/bin/env python
"""Commands of the project; each finds or starts the embedded services first."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fa_site.settings")
    from fa_site.services import ServicesError, attach

    try:
        attach()
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except ServicesError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
