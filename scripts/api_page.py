"""The reference page of the API, from its OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import tipstaff.services  # noqa: F401 (makes Django ready)
from tipstaff.domain.api_tokens import Group
from tipstaff.web.api.console import API

_BASE: Final = "/api/v1"
_INTRO: Final = f"""# The API

How to begin is in [the API](../api.md). Addresses are below `{_BASE}`; the OpenAPI, with every
schema, is at `{_BASE}/openapi.json` of a running console. Every operation takes the headers
`Tipstaff-Purpose` and, where the purpose is lawful only with one, `Tipstaff-Authority`. What each
role may do, and for which purposes, is in [permissions](permissions.md), by the use case.
"""


def api_reference() -> str:
    """The operations by group: how each is asked, what it takes, what it tells."""
    schema = API.get_openapi_schema(path_prefix=f"{_BASE}/")
    shapes = schema["components"]["schemas"]
    parts = [_INTRO]
    for group in Group:
        parts.append(f"## {group.value.capitalize()}\n")
        for path, method, told in _operations(schema["paths"]):
            if told["tags"] == [group.value]:
                parts += _operation(path.removeprefix(_BASE), method, told, shapes)
    return "\n".join(parts)


def _operations(paths: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in paths.items():
        for method, told in methods.items():
            yield path, method.upper(), told


def _operation(path: str, method: str, told: dict[str, Any], shapes: dict[str, Any]) -> list[str]:
    scope = f"{told['tags'][0]}:{'read' if method == 'GET' else 'act'}"
    lines = [
        f"### {told['operationId']}\n",
        f"`{method} {path}`\n",
        f"{told['summary']}. {_one_line(told.get('description'))}".strip() + "\n",
        f"Use case `{told['x-tipstaff-use-case']}`, scope `{scope}`.\n",
    ]
    taken = [*_parameters(told, shapes), *_body(told, shapes)]
    if taken:
        lines += ["| takes | where | kind | meaning |", "|---|---|---|---|", *taken, ""]
    content = told["responses"][200]["content"]
    if "application/json" not in content:
        return [*lines, f"Tells a file: {', '.join(f'`{kind}`' for kind in content)}.\n"]
    answer = content["application/json"]["schema"]
    return [*lines, f"Tells {_named(answer)}: {_told(answer, shapes)}\n"]


def _named(schema: dict[str, Any]) -> str:
    name = _kind(schema, {})
    of_pages = name.removeprefix("Page_").removesuffix("_")
    return f"a page of `{of_pages}`" if name.startswith("Page_") else f"`{name}`"


def _parameters(told: dict[str, Any], shapes: dict[str, Any]) -> Iterator[str]:
    for one in told["parameters"]:
        if "$ref" not in one:
            needed = "" if one["required"] else ", optional"
            kind = _cell(_kind(one["schema"], shapes))
            meaning = _one_line(one.get("description"))
            yield f"| `{one['name']}` | {one['in']}{needed} | {kind} | {_cell(meaning)} |"


def _body(told: dict[str, Any], shapes: dict[str, Any]) -> Iterator[str]:
    for content in told.get("requestBody", {}).get("content", {}).values():
        shape = _resolved(content["schema"], shapes)
        for name, entry in shape.get("properties", {}).items():
            needed = "" if name in shape.get("required", ()) else ", optional"
            kind, meaning = _cell(_kind(entry, shapes)), _cell(_one_line(entry.get("description")))
            yield f"| `{name}` | body{needed} | {kind} | {meaning} |"


def _told(schema: dict[str, Any], shapes: dict[str, Any]) -> str:
    shape = _resolved(schema, shapes)
    items = shape.get("properties", {}).get("items")
    of = items["items"] if items else schema
    inner = _resolved(of, shapes)
    words = _one_line(inner.get("description"))
    fields = ", ".join(f"`{name}`" for name in inner.get("properties", {}))
    return f"{words} Fields: {fields}." if fields else words


def _resolved(schema: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = shapes[name] if name else schema
    return found


def _kind(schema: dict[str, Any], shapes: dict[str, Any]) -> str:
    """What may stand there, in a word or two; the words of an enumeration."""
    if "$ref" in schema:
        name = str(schema["$ref"].rpartition("/")[2])
        return _kind(shapes[name], shapes) if "enum" in shapes.get(name, {}) else name
    if "anyOf" in schema:
        return " or ".join(_kind(one, shapes) for one in schema["anyOf"])
    if "enum" in schema:
        return "one of " + ", ".join(f"`{one}`" for one in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}), shapes)}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
