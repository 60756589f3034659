"""Embedding models side by side: filled while another is in use, changed over, dropped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from typing import Any

import dramatiq
import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from fa_site.broker import connection as valkey
from llm.embedding import Cache, EmbeddingUnavailable, Model
from llm.embedding.hashing import HashingEmbedder
from summaries.models import Chunk, Embedding, EmbeddingModel, PendingEmbedding
from summaries.passages import (
    NotComplete,
    activate,
    add_model,
    fill_embeddings,
    filling,
    index_document,
    retire,
    rows,
)
from summaries.passages.background import QUEUE, WOKEN
from summaries.passages.filling import halfvec
from summaries.passages.spaces import IsActive
from summaries.passages.upkeep import upkeep
from summaries.search import Query, search
from tests.batch.site import PROJECT
from tests.search.corpus import HASHING, Counting, active_model, indexed, make_page

SMALL = HashingEmbedder(64)
TEXTS = [f"Passage {number} on revenue of region {number * 7}." for number in range(150)]


def index_all() -> None:
    for number, text in enumerate(TEXTS):
        indexed(text, name=f"page {number}")


def indexes(model: EmbeddingModel) -> set[str]:
    with connection.cursor() as cursor:
        named = f"^embedding_(free|licensed)_{model.pk}$"
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname ~ %s", [named])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_another_model_takes_over_while_search_goes_on() -> None:
    index_all()
    first = add_model(HASHING.model)
    fill_embeddings(first, 1000, embedder=HASHING, cache=None)
    assert activate(first) is None
    second = add_model(SMALL.model)
    with pytest.raises(NotComplete, match="150 passages have no vector of hashing-64 yet"):
        activate(second)
    fill_embeddings(second, 1000, embedder=SMALL, cache=None)
    indexed("A late passage on revenue.", name="late")
    assert PendingEmbedding.objects.filter(model=first).count() == 1
    fill_embeddings(first, 1000, embedder=HASHING, cache=None)
    fill_embeddings(second, 1000, embedder=SMALL, cache=None)
    assert Embedding.objects.count() == 2 * (len(TEXTS) + 1)

    def best(embedder: Any) -> tuple[int, int | None]:
        found = search(Query("late passage", embedder=embedder))[0]
        return found.document_id, found.dense_rank

    late = Chunk.objects.get(text__startswith="A late").document_id
    assert best(HASHING) == (late, 1)
    assert best(SMALL)[1] is None
    assert activate(second) == first
    assert best(SMALL) == (late, 1)
    assert best(HASHING)[1] is None
    assert indexes(first) == set()
    assert indexes(second) == {f"embedding_free_{second.pk}", f"embedding_licensed_{second.pk}"}
    states = dict(EmbeddingModel.objects.values_list("name", "state"))
    assert states == {"hashing-384": "retired", "hashing-64": "active"}
    assert set(Embedding.objects.values_list("model", flat=True)) == {second.pk}


@pytest.mark.django_db(transaction=True)
def test_two_who_change_models_do_not_build_one_index() -> None:
    index_all()
    model = add_model(SMALL.model)
    fill_embeddings(model, 1000, embedder=SMALL, cache=None)
    gate, ended = threading.Barrier(3), []

    def change() -> None:
        try:
            gate.wait(10)
            activate(EmbeddingModel.objects.get())
            ended.append("done")
        except NotComplete as error:
            ended.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=change) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(ended) == 3
    assert set(ended) <= {"done", "Another process is changing models; look again in a minute."}
    assert EmbeddingModel.objects.get().state == "active"
    assert len(indexes(model)) == 2


@pytest.mark.django_db(transaction=True)
def test_retired_model_is_filled_anew() -> None:
    index_all()
    model = active_model()
    with pytest.raises(IsActive, match="Search uses hashing-384"):
        retire(model)
    spare = add_model(SMALL.model)
    retire(spare)
    assert not PendingEmbedding.objects.exists()
    with pytest.raises(NotComplete, match=r"hashing-64 is retired\. Add it again"):
        activate(spare)
    again = add_model(SMALL.model)
    assert (again.pk, again.state) == (spare.pk, "filling")
    assert PendingEmbedding.objects.count() == len(TEXTS)


@pytest.mark.django_db
def test_second_indexing_makes_no_embedding_call() -> None:
    index_all()
    counting = Counting()
    model = add_model(counting.model)
    fill_embeddings(model, 1000, embedder=counting, cache=None)
    assert len(counting.texts) == len(TEXTS)
    for chunk in Chunk.objects.select_related("document"):
        assert index_document(chunk.document).unchanged
    assert not PendingEmbedding.objects.exists()
    assert fill_embeddings(model, 1000, embedder=counting, cache=None).vectors == 0
    assert len(counting.texts) == len(TEXTS)


@pytest.mark.django_db
def test_passages_made_anew_take_their_vectors_from_the_cache() -> None:
    index_all()
    counting, cache = Counting(f"hashing-384-{time.time_ns()}"), Cache()
    model = add_model(counting.model)
    fill_embeddings(model, 1000, embedder=counting, cache=cache)
    document = Chunk.objects.select_related("document").earliest("pk").document
    document.reader = "newer"
    assert not index_document(document).unchanged
    filled = fill_embeddings(model, 1000, embedder=counting, cache=cache)
    assert (filled.vectors, filled.hits) == (1, 1)
    assert len(counting.texts) == len(TEXTS)


@pytest.mark.django_db
def test_failed_call_gives_its_passages_back() -> None:
    index_all()

    def fail_once() -> None:
        if len(counting.texts) == filling.AT_ONCE:
            counting.texts.append("failed")
            raise EmbeddingUnavailable("Too many requests.")

    counting = Counting(before=fail_once)
    model = add_model(counting.model)
    with pytest.raises(EmbeddingUnavailable):
        fill_embeddings(model, 1000, embedder=counting, cache=None)
    assert Embedding.objects.count() == filling.AT_ONCE
    assert not PendingEmbedding.objects.exclude(token=None).exists()
    rest = fill_embeddings(model, 1000, embedder=counting, cache=None)
    assert rest.vectors == len(TEXTS) - filling.AT_ONCE
    assert sorted(counting.texts) == sorted(["failed", *(f"\n{text}" for text in TEXTS)])


@pytest.mark.django_db
def test_passage_dropped_while_it_was_embedded_gets_no_vector() -> None:
    document = indexed(TEXTS[0])

    def withdraw() -> None:
        document.withdrawn_at = timezone.now()
        document.save()
        index_document(document)

    counting = Counting(before=withdraw)
    model = add_model(counting.model)
    assert fill_embeddings(model, 10, embedder=counting, cache=None).vectors == 0
    assert not Embedding.objects.exists()


FILL = """
import sys
from fa_site.services import attach
attach()
import django
django.setup()
from summaries.models import EmbeddingModel
from summaries.passages import fill_embeddings
from tests.search.corpus import Counting
import time

def slow():
    if counting.texts:
        print("at it", flush=True)
        time.sleep(60)

counting = Counting(before=slow)
fill_embeddings(EmbeddingModel.objects.get(), 1000, embedder=counting, cache=None)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_worker_loses_nothing_and_nothing_is_made_twice() -> None:
    index_all()
    counting = Counting()
    model = add_model(counting.model)
    url = os.environ["DATABASE_URL"].rpartition("/")[0]
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ, "DATABASE_URL": f"{url}/{name}", "DJANGO_SETTINGS_MODULE": "fa_site.settings",
    }  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-c", FILL], cwd=PROJECT, env=environment, stdout=subprocess.PIPE
    )
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"at it\n"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        if worker.stdout:
            worker.stdout.close()
    done, claimed = filling.AT_ONCE, filling.AT_ONCE
    assert Embedding.objects.count() == done
    first = fill_embeddings(model, 1000, embedder=counting, cache=None)
    assert first.vectors == len(TEXTS) - done - claimed
    past = timezone.now() - timedelta(seconds=1)
    assert PendingEmbedding.objects.update(claimed_until=past) == claimed
    assert fill_embeddings(model, 1000, embedder=counting, cache=None).vectors == claimed
    assert Embedding.objects.count() == len(TEXTS)
    assert len(counting.texts) == len(set(counting.texts)) == len(TEXTS) - done


@pytest.mark.django_db(transaction=True)
def test_upkeep_puts_the_first_complete_model_to_use() -> None:
    index_all()
    assert not EmbeddingModel.objects.exists()
    assert upkeep(limit=100)
    assert not upkeep(limit=100)
    model = EmbeddingModel.objects.get()
    assert (model.name, model.state) == ("hashing-384", "active")
    assert any(passage.dense_rank for passage in search(Query("revenue of region", k=100)))


@pytest.mark.django_db(transaction=True)
def test_commands_index_fill_list_and_change_over(capsys: Any) -> None:
    for number, text in enumerate(TEXTS[:5]):
        make_page(text, name=f"page {number}", kind="research", plan=_plan())
    call_command("index_passages")
    told = capsys.readouterr().out
    assert "5 of 5 documents indexed, 5 passages." in told
    assert "5 of 5 vectors of hashing-384." in told
    assert "Embedding cache: " in told
    assert "Search uses hashing-384 from now on." in told
    assert "5 passages of 5 documents can be found." in told
    call_command("index_passages")
    told = capsys.readouterr().out
    assert "Every document is indexed." in told
    assert "hashing-384 has a vector of every passage." in told
    call_command("embedding_models")
    assert capsys.readouterr().out == "hashing-384: in use, 384 dimensions, 5 vectors, 0 due\n"
    with pytest.raises(CommandError, match="Search uses hashing-384"):
        call_command("embedding_models", retire="hashing-384")
    with pytest.raises(CommandError, match=r"No model is named x\. There are: hashing-384"):
        call_command("embedding_models", activate="x")
    with pytest.raises(CommandError, match="'x' is no embedder"):
        call_command("embedding_models", add="x")


def _plan() -> Any:
    from summaries.models import Plan

    return Plan.objects.get_or_create(code="p")[0]


@pytest.mark.django_db(transaction=True)
def test_hnsw_finds_what_an_exact_search_finds() -> None:
    """2,000 clustered vectors, their index used: 98 of 100 nearest neighbours are found."""
    rng = np.random.default_rng(5)
    centres = rng.normal(size=(40, 384))
    vectors = centres[rng.integers(0, 40, 2000)] + 0.7 * rng.normal(size=(2000, 384))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    document = indexed(" ".join(f"Sentence {n} on revenue." for n in range(60)))
    template = Chunk.objects.filter(document=document).earliest("pk")
    for number in range(2000):
        template.pk, template.position = None, 1000 + number
        template.save(force_insert=True)
    chunks = list(Chunk.objects.filter(position__gte=1000).order_by("position"))
    model = add_model(Model("made", "made", 384, 256))
    columns = ("model_id", "chunk_id", "document_id", "plan_id", "vector")
    rows.copy(
        "summaries_embedding",
        columns,
        (
            (model.pk, chunk.pk, document.pk, None, halfvec(vector.tolist()))
            for chunk, vector in zip(chunks, vectors, strict=True)
        ),
    )
    PendingEmbedding.objects.all().delete()
    EmbeddingModel.objects.filter(pk=model.pk).update(state="active", activated_at=timezone.now())
    from summaries.passages.spaces import build_indexes

    build_indexes(model)
    shares = []
    for number in rng.integers(0, 2000, 30):
        asked = vectors[number] + 0.02 * rng.normal(size=384).astype(np.float32)
        exact = {chunks[at].pk for at in np.argsort(-(vectors @ asked))[:10]}
        found = _dense(model, asked.tolist())
        shares.append(len(exact & set(found[:10])) / 10)
    assert np.mean(shares) >= 0.98


def _dense(model: EmbeddingModel, vector: list[float]) -> list[int]:
    from summaries.search.arms import Meant, look
    from summaries.search.eligible import eligible
    from summaries.search.fusion import ordered
    from summaries.search.wording import read

    everything = eligible(Query("the"), [], timezone.now())
    arms = look(
        everything, read("the"), Meant(model.pk, model.dimensions, vector), depth=50, narrow=False
    )
    return [one.chunk_id for one in ordered(arms.dense)]


@pytest.mark.django_db(transaction=True)
def test_worker_that_indexing_wakes_makes_the_vectors() -> None:
    broker = dramatiq.get_broker()
    broker.flush_all()
    valkey().delete(WOKEN)  # the message that it speaks of is gone
    index_all()
    worker = dramatiq.Worker(broker, queues={QUEUE}, worker_threads=2, worker_timeout=50)
    worker.start()
    try:
        broker.join(QUEUE, timeout=30_000)
        worker.join()
    finally:
        worker.stop()
    assert Embedding.objects.count() == len(TEXTS)
    assert EmbeddingModel.objects.get().state == "active"
    assert not PendingEmbedding.objects.exists()
