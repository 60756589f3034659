"""Which embedding models there are, and which of them search uses."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from llm.embedding import EmbeddingError, embedder
from summaries.models import EmbeddingModel
from summaries.passages import NotComplete, activate, add_model, retire
from summaries.passages.background import wake
from summaries.passages.spaces import IsActive


class Command(BaseCommand):
    help = "List embedding models, add one beside that in use, let search change over, retire one."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--add", metavar="NAME", help="fill this model, beside that in use")
        what.add_argument(
            "--activate", metavar="NAME", help="use this model, and drop the one used until now"
        )
        what.add_argument("--retire", metavar="NAME", help="drop a model that isn't in use")

    def handle(
        self, *args: Any, add: str | None, activate: str | None, retire: str | None, **options: Any
    ) -> None:
        try:
            if add:
                self._add(add)
            elif activate:
                self._activate(_named(activate))
            elif retire:
                self._retire(_named(retire))
        except (EmbeddingError, NotComplete, IsActive) as error:
            raise CommandError(str(error)) from error
        self._list()

    def _add(self, name: str) -> None:
        add_model(embedder(name).model)
        wake()
        self.stdout.write("The workers fill it; at once: manage.py index_passages")

    def _activate(self, model: EmbeddingModel) -> None:
        if old := activate(model):
            self.stdout.write(f"The vectors of {old} are dropped.")

    def _retire(self, model: EmbeddingModel) -> None:
        retire(model)

    def _list(self) -> None:
        models = EmbeddingModel.objects.all()
        for model in models:
            made, due = model.embeddings.count(), model.pending.count()
            self.stdout.write(
                f"{model.name}: {model.get_state_display()}, {model.dimensions} dimensions, "
                f"{made} vectors, {due} due"
            )
        if not models:
            self.stdout.write("No model yet; the first is added with the first passages.")


def _named(name: str) -> EmbeddingModel:
    found = EmbeddingModel.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(EmbeddingModel.objects.values_list("name", flat=True)) or "none"
        raise CommandError(f"No model is named {name}. There are: {known}.", returncode=2)
    return found
