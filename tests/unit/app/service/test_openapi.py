"""The API's description: current, and whole in itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.service import openapi

METHODS = {"get", "post", "patch", "delete"}


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_file_is_current() -> None:
    assert openapi.FILE.read_text(encoding="utf-8") == openapi.text(), "run `python -m app.service.openapi`"


def test_structure() -> None:
    document = json.loads(openapi.text())
    assert document["openapi"].startswith("3.1")
    names = set(document["components"]["schemas"])
    assert {reference.rpartition("/")[2] for reference in references(document)} <= names
    identifiers = []
    for path, operations in document["paths"].items():
        assert path.startswith("/v1/")
        assert set(operations) <= METHODS
        for operation in operations.values():
            identifiers.append(operation["operationId"])
            assert operation["summary"]
            assert set(operation["responses"]) > {"default"}
            in_path = {item["name"] for item in operation.get("parameters", []) if item["in"] == "path"}
            assert in_path == {part[1:-1] for part in path.split("/") if part.startswith("{")}
    assert len(identifiers) == len(set(identifiers))


def test_types_are_described_by_field() -> None:
    schemas = json.loads(openapi.text())["components"]["schemas"]
    assert schemas["CreateMachine"]["required"] == ["name"]
    assert schemas["CreateMachine"]["additionalProperties"] is False
    assert "suspended" in schemas["MachineState"]["enum"]
