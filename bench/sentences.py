"""Real filings' own sentences, each against its own document: true by construction.

None may be accused; with a digit changed none may be called supported. The largest document also
says how much memory the verifier takes for one, beside what the text takes alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.figures import figure

EDGAR = Path(__file__).resolve().parents[2] / "shared" / "data" / "edgar"
A_DOCUMENT = 40  # sentences taken of each
MUTATIONS = 10_000
ACCUSED = 2  # percent
MEMORY = 200  # MB for the largest document
SENTENCES_A_SECOND = 300
SHORTEST, LONGEST = 6, 60  # words
_LIKE_PROSE = re.compile(r"[A-Z][^\n|]*[a-z][^\n|]*[.!?]$")
_DIGIT = re.compile(r"(?<![\w])(?:\d[\d,]*\d|\d)(?:\.\d+)?(?!\w)")


@dataclass(frozen=True)
class Document:
    name: str
    kind: str
    text: str


def main() -> int:
    if not EDGAR.is_dir():
        print(f"There are no recorded filings in {EDGAR}.", file=sys.stderr)
        return 2
    asked = _arguments()
    chosen = random.Random(asked.seed)
    documents = list(_documents())
    for kind in ("filings", "mda"):
        own(kind, [one for one in documents if one.kind == kind], chosen, asked)
    mutated(documents, chosen, asked)
    memory(max(documents, key=lambda one: len(one.text)))
    return 0


def own(
    kind: str, documents: list[Document], chosen: random.Random, asked: argparse.Namespace
) -> None:
    """What share of the sentences is not proven by the document that says them."""
    from summaries.verification.documents.judging import judge
    from summaries.verification.documents.sources import source_of

    number = accused = shown = 0
    began = time.process_time()
    for document in documents:
        source = source_of(document.text)
        for sentence in _sentences(document, chosen):
            number += 1
            judged = judge(sentence, source)
            accused += not judged.is_supported
            if not judged.is_supported and shown < asked.show:
                shown += 1
                print(f"accused {document.name} {sentence!r} {judged.reasons}")
    seconds = time.process_time() - began
    figure("sentences", f"{kind}_accused", 100 * accused / max(number, 1), "%", ACCUSED)
    figure("sentences", f"{kind}_sentences", number, "sentences", A_DOCUMENT * len(documents))
    figure(
        "sentences", f"{kind}_per_second", number / max(seconds, 1e-9), "1/s", SENTENCES_A_SECOND
    )


def mutated(documents: list[Document], chosen: random.Random, asked: argparse.Namespace) -> None:
    """Of sentences with one digit of one number changed, how many are still called supported."""
    from summaries.verification.documents.judging import judge
    from summaries.verification.documents.sources import source_of

    number = passed = shown = 0
    each = -(-asked.mutations // len(documents))
    for document in documents:
        source, flat = source_of(document.text), _flat(document.text)
        for sentence in _with_numbers(document, chosen, each):
            wrong = _with_a_digit_changed(sentence, chosen)
            if _flat(wrong) in flat:
                continue  # another sentence of the document says just that
            number += 1
            if judge(wrong, source).is_supported:
                passed += 1
                if shown < asked.show:
                    shown += 1
                    print(f"passed {document.name} {sentence!r} -> {wrong!r}")
    figure("sentences", "mutations", number, "mutations", asked.mutations)
    figure("sentences", "mutations_supported", passed, "mutations", 0)


def memory(document: Document) -> None:
    from summaries.verification.documents.judging import judge
    from summaries.verification.documents.sources import source_of

    tracemalloc.start()
    source = source_of(document.text)
    for sentence in _sentences(document, random.Random(0)):
        judge(sentence, source)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    figure("sentences", "largest_document_pages", len(document.text) / 3_000, "pages", 300)
    figure("sentences", "largest_document_mb", peak, "MB", MEMORY)


def _documents() -> Iterator[Document]:
    from summaries.filings import read

    for path in sorted((EDGAR / "filings").glob("*.htm.gz")):
        form = "10-K" if "_10-K_" in path.name else "10-Q"
        reading = read(gzip.decompress(path.read_bytes()), form=form)
        yield Document(path.name, "filings", reading.text)
    with gzip.open(EDGAR / "mda_10k" / "mda.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, row in enumerate(map(json.loads, lines)):
            text = max((one for one in row.values() if isinstance(one, str)), key=len)
            yield Document(f"mda {number}", "mda", text)


def _sentences(document: Document, chosen: random.Random) -> list[str]:
    found = list(_prose(document))
    return chosen.sample(found, min(A_DOCUMENT, len(found)))


def _with_numbers(document: Document, chosen: random.Random, most: int) -> list[str]:
    found = [one for one in _prose(document) if _DIGIT.search(one)]
    return chosen.choices(found, k=most) if found else []


def _prose(document: Document) -> Iterator[str]:
    from summaries.verification.sentences import sentences

    for start, end in sentences(document.text):
        said = document.text[start:end]
        if SHORTEST <= len(said.split()) <= LONGEST and _LIKE_PROSE.fullmatch(said):
            yield said


def _with_a_digit_changed(sentence: str, chosen: random.Random) -> str:
    number = chosen.choice(list(_DIGIT.finditer(sentence)))
    places = [at for at in range(*number.span()) if sentence[at].isdigit()]
    at = chosen.choice(places)
    other = chosen.choice([one for one in "0123456789" if one != sentence[at]])
    return sentence[:at] + other + sentence[at + 1 :]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--mutations", type=int, default=MUTATIONS)
    parser.add_argument("--show", type=int, default=0, help="so many of those told wrong")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
