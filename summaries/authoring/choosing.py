"""Who writes: the models where one is set up, else the extractive writer."""

from __future__ import annotations

from django.conf import settings

import llm


def models_write() -> bool:
    return settings.WRITER == "auto" and llm.is_set_up()
