"""LangSmith's API as far as a push needs it: datasets, examples, sessions, runs, feedback.

It keeps what it is given and refuses what the real one refuses: a wrong key, an example twice, an
update of what isn't there, a run or feedback of a session or trace that it doesn't know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from uuid import UUID, uuid5

from tests.loopback import Answer, Asked, serving

KEY = "lsv2_pt_only_for_tests"
TENANT = UUID("11111111-2222-3333-4444-555555555555")
NOW = "2026-11-20T12:00:00+00:00"
PAGE = 100
Json = dict[str, Any]


class Refused(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


@dataclass
class LangSmith:
    """``broken``: paths that answer with this status."""

    url: str = ""
    broken: dict[str, int] = field(default_factory=dict)
    datasets: dict[str, Json] = field(default_factory=dict)
    examples: dict[str, Json] = field(default_factory=dict)
    sessions: dict[str, Json] = field(default_factory=dict)
    runs: dict[str, Json] = field(default_factory=dict)
    feedback: dict[str, Json] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    updated: int = 0

    def answer(self, asked: Asked) -> Answer:
        self.bodies.append(asked.body)
        try:
            told = self._told(asked)
        except Refused as error:
            return Answer(error.status, json.dumps({"detail": error.detail}).encode())
        return Answer(200, json.dumps(told).encode())

    def _told(self, asked: Asked) -> Any:
        if (status := self.broken.get(asked.path)) is not None:
            raise Refused(status, "out of order")
        if asked.path == "/info":
            flags = {"dataset_examples_multipart_enabled": True}
            return {"version": "0.13.0", "instance_flags": flags, "batch_ingest_config": {}}
        if asked.headers.get("x-api-key") != KEY:
            raise Refused(401, "Invalid token")
        match asked.method, asked.path.strip("/").split("/"):
            case "GET", ["datasets"]:
                return [d for d in self.datasets.values() if d["name"] in asked.query["name"]]
            case "POST", ["datasets"]:
                return self._dataset(json.loads(asked.body))
            case "GET", ["sessions"]:
                named = asked.query.get("name")
                found = [s for s in self.sessions.values() if not named or s["name"] in named]
                return found[:1]
            case "POST", ["sessions"]:
                return self._session(json.loads(asked.body))
            case "GET", ["examples"]:
                at = int(asked.query["offset"][0])
                return list(self.examples.values())[at : at + PAGE]
            case "POST" | "PATCH" as method, ["v1", "platform", "datasets", dataset, "examples"]:
                return self._examples(dataset, _parts(asked), is_new=method == "POST")
            case "POST", ["runs", "batch"]:
                return self._runs(json.loads(asked.body))
            case "POST", ["feedback"]:
                return self._feedback(json.loads(asked.body))
        raise Refused(404, "Not Found")

    def _dataset(self, told: Json) -> Json:
        made = {"id": str(uuid5(TENANT, told["name"])), "created_at": NOW}
        made |= {name: told[name] for name in ("name", "description", "data_type")}
        return self.datasets.setdefault(made["id"], made)

    def _session(self, told: Json) -> Json:
        of = told.get("reference_dataset_id")
        if of is not None and of not in self.datasets:
            raise Refused(404, "Dataset not found")
        if any(told["name"] == one["name"] for one in self.sessions.values()):
            raise Refused(409, "Session already exists")
        self.sessions[told["id"]] = {
            "reference_dataset_id": None,
            **told,
            "tenant_id": str(TENANT),
            "start_time": NOW,
        }
        return self.sessions[told["id"]]

    def _examples(self, dataset: str, parts: dict[str, Any], *, is_new: bool) -> Json:
        ids = [name for name in parts if "." not in name]
        for one in ids:
            if (one in self.examples) is is_new:
                raise Refused(409 if is_new else 404, f"example {one}")
            self.updated += not is_new
            self.examples[one] = {
                "id": one, "dataset_id": dataset, "created_at": NOW, **parts[one],
                "inputs": parts[f"{one}.inputs"], "outputs": parts[f"{one}.outputs"],
            }  # fmt: skip
        return {"count": len(ids), "example_ids": ids, "as_of": NOW}

    def _runs(self, told: Json) -> Json:
        for run in told["post"]:
            if run["session_id"] not in self.sessions:
                raise Refused(404, "Session not found")
            if not run["dotted_order"].endswith(run["trace_id"]):
                raise Refused(422, "dotted_order")
            self.runs[run["id"]] = run
        return {"message": "Runs batch ingested"}

    def _feedback(self, told: Json) -> Json:
        if told["run_id"] not in self.runs:
            raise Refused(404, "Run not found")
        self.feedback[told["id"]] = told
        return told


def _parts(asked: Asked) -> dict[str, Any]:
    """The parts of a multipart form, by name."""
    head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
    form: EmailMessage = BytesParser(policy=HTTP).parsebytes(head + asked.body)
    return {
        str(part.get_param("name", header="content-disposition")): json.loads(part.get_content())
        for part in form.iter_parts()
    }


@contextmanager
def langsmith_site() -> Iterator[LangSmith]:
    site = LangSmith()
    with serving(site.answer) as loopback:
        site.url = loopback.url
        yield site
