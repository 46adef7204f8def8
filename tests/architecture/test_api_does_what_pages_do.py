"""What pages do, programs can: each use case of a page is an operation, or says why not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tipstaff.services  # noqa: F401 (makes Django ready)
from tipstaff.domain.access_rules import ROWS
from tipstaff.web.api import shapes
from tipstaff.web.api.console import API
from tipstaff.web.api.parts import OPERATIONS
from tipstaff.web.desks import ACTS, LISTINGS
from tipstaff.web.sections import SECTIONS

WEB = Path(__file__).resolve().parents[2] / "src" / "tipstaff" / "web"
#: Use cases of pages that are no operation: why.
NO_OPERATION = {
    "add_token": "a token that makes another would never end: people make them, signed in",
    "own_page": "a wearer's own page opens by a code, in a browser: no token is a wearer's",
    "own_tables": "a wearer's own page opens by a code, in a browser: no token is a wearer's",
    "show_board": "a page to print: each of its lists is an operation",
    "replay": "no page has it yet: pages only know how they would ask for its purpose",
}


def named_in(path: Path) -> Iterator[str]:
    """Use cases that a module names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and node.value in ROWS:
            yield str(node.value)


def test_every_use_case_of_a_page_is_an_operation_or_says_why_not() -> None:
    modules = [path for path in WEB.rglob("*.py") if "api" not in path.relative_to(WEB).parts]
    used = {name for path in modules for name in named_in(path)}
    used |= {one.use_case for one in (*SECTIONS, *ACTS.values())}
    used |= {listing.use_case for _desk, listing in LISTINGS.values()}
    assert len(used) > 50
    done = {one.use_case for one in OPERATIONS.values()}
    assert used - done == set(NO_OPERATION), "an operation in web/api, or a reason here"


def test_every_operation_is_of_a_use_case_with_its_own_words() -> None:
    assert {one.use_case for one in OPERATIONS.values()} <= set(ROWS)
    described = [
        told["operationId"]
        for methods in API.get_openapi_schema(path_prefix="/api/v1/")["paths"].values()
        for told in methods.values()
        if told["summary"]
    ]
    assert sorted(described) == sorted(OPERATIONS)


def test_no_two_shapes_have_one_name() -> None:
    """In the OpenAPI the second of a name would silently take the place of the first."""

    def below(kind: Any) -> Iterator[str]:
        for one in kind.__subclasses__():
            if "[" not in one.__name__:
                yield one.__name__
            yield from below(one)

    names = [*below(shapes.Told), *below(shapes.Asked)]
    assert len(names) == len(set(names))
