"""The JSON Schema of one YAML file, made from the same models that read it, for editors to complete and check from."""

from __future__ import annotations

from typing import Any

from ircal.config.document import NAMED_INSIDE, Document

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a configuration file: what people may write, shorthands included."""
    schema = Document.model_json_schema(by_alias=True, mode="validation")
    named = {model.__name__ for model in NAMED_INSIDE}
    for name, definition in schema["$defs"].items():
        if name not in named:
            _without_id(definition)
    for section in schema["properties"].values():
        if "type" in section:
            section["type"] = ["object", "null"]  # a section that holds nothing yet
    _close(schema)
    return {"$schema": _DIALECT, **schema, "title": "ircal configuration"}


def _without_id(definition: dict[str, Any]) -> None:
    """The id of an entry is the key above it, and not written again."""
    definition.get("properties", {}).pop("id", None)
    if "required" in definition:
        definition["required"] = [name for name in definition["required"] if name != "id"]


def _close(part: Any) -> None:
    """Where keys must be ids, no others may stand; pydantic leaves that open."""
    if isinstance(part, dict):
        if "patternProperties" in part:
            part.setdefault("additionalProperties", False)
        for below in part.values():
            _close(below)
    elif isinstance(part, list):
        for below in part:
            _close(below)
