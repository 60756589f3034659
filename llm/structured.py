"""Answers with a structure: the schema that providers take, and the check of what comes back.

Both providers constrain what a model writes to a JSON schema, in a dialect without lengths,
ranges, patterns and defaults. Those are stripped from the schema and still checked here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from llm.errors import DoorError
from llm.values import Part, Turn

Result = TypeVar("Result", bound=BaseModel)
Json = dict[str, Any]

KEPT = frozenset({"type", "description", "enum", "const", "properties", "items", "anyOf", "$ref"})
MOST_PROBLEMS = 20
FENCED = re.compile(r"\s*```(?:json)?[ \t]*\n(.*?)\n?```\s*", re.DOTALL | re.IGNORECASE)

# Errors of pydantic whose message tells the rule and nothing of the value.
TELLING = frozenset(
    """missing string_type int_type int_parsing int_from_float float_type float_parsing bool_type
    bool_parsing literal_error enum list_type tuple_type set_type model_type model_attributes_type
    dict_type none_required too_short too_long string_too_short string_too_long greater_than
    greater_than_equal less_than less_than_equal multiple_of finite_number string_pattern_mismatch
    decimal_type decimal_parsing decimal_max_digits decimal_max_places date_type date_parsing
    date_from_datetime_parsing datetime_type datetime_parsing json_invalid json_type
    union_tag_not_found""".split()
)


class BadResult(DoorError):
    """An answer that isn't the structure asked for.

    ``problems``: JSON paths and the rules broken there, never what stood there.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems[:MOST_PROBLEMS]))
        self.problems = problems


def json_schema(model: type[BaseModel]) -> Json:
    """The model's schema as both providers take it. Raises TypeError for what they can't.

    Every object is closed and all its fields are required: an optional one is ``X | None``.
    """
    return deepcopy(_schema(model))


def parse(text: str, model: type[Result]) -> Result:
    """The answer as a checked value; a Markdown fence around it is forgiven. Raises BadResult."""
    fenced = FENCED.fullmatch(text)
    try:
        return model.model_validate_json(fenced[1] if fenced else text)
    except ValidationError as error:
        problems = _problems(error)
    raise BadResult(problems)  # out here, so that the error with its values isn't its context


def repair_turns(turns: tuple[Turn, ...], answer: str, problems: Sequence[str]) -> tuple[Turn, ...]:
    """The same conversation with the one question that asks for a right answer.

    ``answer``: as the provider gave it, so that what was masked stays masked.
    """
    told = "\n".join(f"- {problem}" for problem in problems[:MOST_PROBLEMS])
    question = (
        "Your answer does not fit the schema:\n"
        f"{told}\n"
        "Answer again, whole, as JSON that fits the schema, and change nothing else."
    )
    said = (Turn("assistant", (Part(answer),)),) if answer.strip() else ()
    return (*turns, *said, Turn("user", (Part(question),)))


def strict(schema: Mapping[str, Any], name: str = "the schema") -> Json:
    """Any JSON schema in the providers' dialect; one that is already comes back as it is.

    ``name``: what messages call it. Raises TypeError for what the dialect can't say.
    """
    whole = dict(schema)
    defs: Json = whole.get("$defs", {})
    if "$ref" in whole:  # a model that holds itself
        whole = {**defs[_name(whole.pop("$ref"))], **whole}
    closed = _strict(whole, defs, name)
    if closed.get("type") != "object":
        raise TypeError(f"{name} must be an object with fields, not a root value.")
    if defs:
        closed["$defs"] = {
            inner: _strict(part, defs, f"{name}.{inner}") for inner, part in defs.items()
        }
    return closed


@lru_cache(maxsize=256)
def _schema(model: type[BaseModel]) -> Json:
    return strict(model.model_json_schema(), model.__name__)


def _strict(part: Mapping[str, Any], defs: Json, place: str) -> Json:
    part = _merged(part, defs, place)
    if "$ref" in part:
        return {"$ref": part["$ref"]}
    schema = {key: value for key, value in part.items() if key in KEPT}
    if schema.get("type") == "object" or "properties" in schema:
        _close(schema, part, defs, place)
    if "anyOf" in schema:
        schema["anyOf"] = [_strict(each, defs, place) for each in schema["anyOf"]]
    if schema.get("type") == "array":
        if "items" not in part or "prefixItems" in part:
            raise TypeError(f"{place} is a tuple or an untyped list: use a list of one type.")
        schema["items"] = _strict(part["items"], defs, f"{place}[]")
    if not schema.keys() & {"type", "enum", "const", "anyOf"}:
        raise TypeError(f"{place} can be anything: give it a type.")
    return schema


def _merged(part: Mapping[str, Any], defs: Json, place: str) -> Json:
    """With a reference that has a description of its own written out, and unions in one form."""
    part = dict(part)
    if "oneOf" in part:
        part["anyOf"] = part.pop("oneOf")
    if "allOf" in part:
        if len(part["allOf"]) > 1:
            raise TypeError(f"{place} joins several schemas: write its fields out.")
        part = {**part.pop("allOf")[0], **part}
    if "$ref" in part and "description" in part:
        described = part["description"]
        part = {**_merged(defs[_name(part["$ref"])], defs, place), "description": described}
    return part


def _close(schema: Json, part: Json, defs: Json, place: str) -> None:
    if part.get("additionalProperties"):
        raise TypeError(f"{place} has open keys: use a list of objects with a key each.")
    fields = part.get("properties", {})
    schema["properties"] = {
        name: _strict(field, defs, f"{place}.{name}") for name, field in fields.items()
    }
    schema["required"] = list(fields)
    schema["additionalProperties"] = False


def _name(reference: str) -> str:
    return reference.removeprefix("#/$defs/")


def _problems(error: ValidationError) -> tuple[str, ...]:
    told = error.errors(include_url=False, include_context=False, include_input=False)
    return tuple(dict.fromkeys(_problem(each["type"], each["loc"], each["msg"]) for each in told))


def _problem(kind: str, place: tuple[int | str, ...], message: str) -> str:
    if kind == "extra_forbidden":  # the last of its path is the answer's own word
        return f"{_path(place[:-1])}: has a key that is not in the schema"
    rule = message if kind in TELLING else kind.replace("_", " ")
    return f"{_path(place)}: {rule}"


def _path(place: tuple[int | str, ...]) -> str:
    return "$" + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place)
