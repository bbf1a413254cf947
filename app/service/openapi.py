"""The OpenAPI description of the local API, made from its routes. `python -m app.service.openapi` writes the file."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from app import __version__
from app.core import api
from app.service.routing import Kind, Route

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"

_TEMPLATE = "#/components/schemas/{name}"

_NOTES = {
    Kind.long: (
        "Lines of JSON: {operation: id}, {progress: Progress} as often as there is some, then {result: …} or "
        "{error: Error}. The work goes on when the client leaves."
    ),
    Kind.stream: "Lines of JSON, without end.",
    Kind.followed: "One JSON document; with `follow`, lines of JSON that begin with it.",
    Kind.text: "Text, as it comes.",
    Kind.upgrade: "The connection carries exec frames from now on, see docs/architecture.md.",
}


def describe(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the description as a JSON document."""
    types = [api.Error, api.Progress]
    for route in routes:
        types += [kind for kind in (route.body, route.query, route.result) if kind is not None]
    schemas, components = msgspec.json.schema_components(types, ref_template=_TEMPLATE)
    # Types may be unhashable (list[Machine]), so schemas are found by position.
    found = iter(schemas[2:])
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        body, query, result = (
            next(found) if kind is not None else None for kind in (route.body, route.query, route.result)
        )
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, body, query, result, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Linnet local API",
            "version": __version__,
            "description": "What linnetd offers to front ends on this computer.",
        },
        "paths": paths,
        "components": {"schemas": components},
    }


def _operation(
    route: Route,
    body: dict[str, Any] | None,
    query: dict[str, Any] | None,
    result: dict[str, Any] | None,
    components: dict[str, Any],
) -> dict[str, Any]:
    name = "".join(part.strip("{}").capitalize() for part in route.path.replace("-", "/").split("/")[2:])
    described: dict[str, Any] = {"operationId": route.method.lower() + name, "summary": route.summary}
    parameters = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for part in route.path.split("/")
        if part.startswith("{")
    ]
    if query is not None:
        parameters += _query_parameters(components[query["$ref"].rpartition("/")[2]])
    if parameters:
        described["parameters"] = parameters
    if body is not None:
        described["requestBody"] = {"content": {"application/json": {"schema": body}}}
    described["responses"] = {_success_code(route): _success(route, result), "default": _failure()}
    return described


def _query_parameters(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": kind}
        for name, kind in schema["properties"].items()
    ]


def _success_code(route: Route) -> str:
    return "101" if route.kind is Kind.upgrade else "200"


def _success(route: Route, result: dict[str, Any] | None) -> dict[str, Any]:
    if route.kind is Kind.upgrade:
        return {"description": _NOTES[route.kind]}
    if route.kind is Kind.text:
        return {"description": _NOTES[route.kind], "content": {"text/plain": {"schema": {"type": "string"}}}}
    media = "application/json" if route.kind is Kind.plain else "application/x-ndjson"
    schema = result or {}
    if route.kind is Kind.long:
        schema = {
            "type": "object",
            "properties": {
                "operation": {"type": "string"},
                "progress": {"$ref": _TEMPLATE.format(name="Progress")},
                "result": schema,
                "error": {"$ref": _TEMPLATE.format(name="Error")},
            },
        }
    content = {media: {"schema": schema}}
    if route.kind is Kind.followed:
        content["application/json"] = {"schema": schema}
    return {"description": _NOTES.get(route.kind, "Done."), "content": content}


def _failure() -> dict[str, Any]:
    schema = {"$ref": _TEMPLATE.format(name="Error")}
    return {"description": "It failed.", "content": {"application/json": {"schema": schema}}}


def text() -> str:
    """Return the content of docs/openapi.json."""
    from app.service.routes import all_routes

    return json.dumps(describe(all_routes()), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write docs/openapi.json."""
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
