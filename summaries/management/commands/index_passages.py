"""Index stored documents for search, and make the vectors that are due."""

from __future__ import annotations

from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from llm.embedding import Cache, EmbeddingError, embedder
from summaries.models import Chunk, Document, EmbeddingModel, PendingEmbedding
from summaries.passages import index_stored
from summaries.passages.frequencies import refresh_if_stale
from summaries.passages.spaces import ensure_model
from summaries.passages.stored import due
from summaries.passages.upkeep import fill, note_all_missing, use_first_model

EVERY_DOCUMENTS = 100
AT_ONCE = 512


class Command(BaseCommand):
    help = (
        "Index documents that search doesn't know yet and make the vectors that are due; "
        "exits 1 if vectors could not be made. Harmless when repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickers", help="documents of these stocks, separated by commas")
        parser.add_argument(
            "--words",
            dest="words_only",
            action="store_true",
            help="leave the vectors to the workers",
        )
        parser.add_argument("--quiet", action="store_true", help="speak only of what went wrong")

    def handle(
        self, *args: Any, tickers: str | None, words_only: bool, quiet: bool, **options: Any
    ) -> None:
        self.quiet = quiet
        try:
            self._index(tickers)
            if not words_only:
                self._embed()
        except ProgrammingError as error:
            raise CommandError("The tables are missing. Run manage.py migrate.") from error
        except EmbeddingError as error:
            hint = "" if error.permanent else " Run this again later; what was made is kept."
            raise CommandError(f"{error}{hint}") from error
        self._say(
            f"{Chunk.objects.count()} passages of {Document.objects.exclude(indexed=None).count()}"
            " documents can be found."
        )

    def _index(self, tickers: str | None) -> None:
        documents = due()
        if tickers is not None:
            wanted = [word.strip().upper() for word in tickers.split(",")]
            documents = documents.filter(stock__ticker__in=wanted)
        total, chunks = documents.count(), 0
        for number, progress in enumerate(index_stored(documents), start=1):
            chunks += progress.indexed.chunks
            if number % EVERY_DOCUMENTS == 0 or number == total:
                self._say(f"{number} of {total} documents indexed, {chunks} passages.")
        if not total:
            self._say("Every document is indexed.")
        refresh_if_stale()

    def _embed(self) -> None:
        ensure_model()
        note_all_missing()
        for model in EmbeddingModel.objects.live():
            self._fill(model)
        if model_in_use := use_first_model():
            self._say(f"Search uses {model_in_use} from now on.")

    def _fill(self, model: EmbeddingModel) -> None:
        waiting = PendingEmbedding.objects.filter(model=model)
        total, done = waiting.count(), 0
        while filled := fill(model, AT_ONCE).vectors:
            done += filled
            self._say(f"{done} of {max(total, done)} vectors of {model}.")
        if not total:
            self._say(f"{model} has a vector of every passage.")
        elif left := waiting.count():
            self._say(f"{left} vectors are being made by others, or are free in a few minutes.")
        self._say(_hit_rate(model))

    def _say(self, line: str) -> None:
        if not self.quiet:
            self.stdout.write(line)


def _hit_rate(model: EmbeddingModel) -> str:
    try:
        rate = Cache().hit_rate(embedder(model.name).model)
    except redis.RedisError:
        return "The embedding cache is away."
    if rate.share is None:
        return "The embedding cache was not asked in the last seven days."
    asked = rate.hits + rate.misses
    return f"Embedding cache: {rate.hits} of {asked} hits in seven days ({rate.share:.0%})."
