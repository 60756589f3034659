"""Real services for the tests, found or started before Django reads its settings.

A plugin and not a conftest, because pytest-django reads the settings before any conftest.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ["FA_ENV"] = "test"
os.environ.setdefault("FA_DATA_DIR", str(Path(__file__).parent.parent / ".data" / "test"))

from fa_site.services import attach

attach()
