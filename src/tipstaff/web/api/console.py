"""The whole API: its groups, mounted together, and its OpenAPI."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from tipstaff import __version__
from tipstaff.domain.purposes import AUTHORITY_LENGTH, Purpose
from tipstaff.services.access import RefusedError
from tipstaff.web.api import (
    administration,
    alerts,
    approvals,
    casework,
    crimes,
    fleet,
    matches,
    oversight,
    people,
    positions,
)
from tipstaff.web.api import alert_acts as _alert_acts  # noqa: F401 (declares operations)
from tipstaff.web.api import consent_acts as _consent_acts  # noqa: F401 (declares operations)
from tipstaff.web.api import fitting_acts as _fitting_acts  # noqa: F401 (declares operations)
from tipstaff.web.api import order_acts as _order_acts  # noqa: F401 (declares operations)
from tipstaff.web.api import plan_acts as _plan_acts  # noqa: F401 (declares operations)
from tipstaff.web.api import protocols as _protocols  # noqa: F401 (declares operations)
from tipstaff.web.api import release_acts as _release_acts  # noqa: F401 (declares operations)
from tipstaff.web.api.asking import AUTHORITY, PURPOSE, unauthorized
from tipstaff.web.api.problems import MEDIA_TYPE, ApiError, answer, of_exception

NAMESPACE: Final = "api"
_DESCRIPTION: Final = (
    "What the console does, for programs. Each operation is one use case: it is allowed, refused "
    "and recorded as on a page. docs/api.md says how to begin."
)
_PARTS: Final = (
    alerts.PART, people.PART, positions.PART, fleet.PART, crimes.PART, matches.PART,
    casework.PART, approvals.PART, administration.PART, oversight.PART,
)  # fmt: skip
_HEADERS: Final[list[dict[str, Any]]] = [
    {
        "in": "header",
        "name": PURPOSE,
        "required": True,
        "description": "Why the data are used",
        "schema": {"type": "string", "enum": [one.value for one in Purpose]},
    },
    {
        "in": "header",
        "name": AUTHORITY,
        "required": False,
        "description": "The warrant, request or case number; some purposes are refused without",
        "schema": {"type": "string", "maxLength": AUTHORITY_LENGTH, "pattern": "^[ -~]*$"},
    },
]
_REFERENCES: Final = [{"$ref": f"#/components/parameters/{one['name']}"} for one in _HEADERS]


class Encoder(NinjaJSONEncoder):
    """Django's, but for instants, of which it keeps milliseconds."""

    def default(self, o: Any) -> Any:
        """What JSON has no form for."""
        if isinstance(o, datetime):
            return o.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return super().default(o)


class ConsoleApi(NinjaAPI):
    """django-ninja's API, whose schema says of problems and headers what is so."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._made: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The OpenAPI, with the headers of purpose, and problems as problem+json; made once."""
        prefix = path_prefix or self.get_root_path(path_params or {})
        if prefix not in self._made:
            self._made[prefix] = self._make(prefix)
        return self._made[prefix]

    def _make(self, path_prefix: str) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix)
        schema["components"]["parameters"] = {one["name"]: one for one in _HEADERS}
        for methods in schema["paths"].values():
            for operation in methods.values():
                _finish(operation)
        return schema

    def set_default_exception_handlers(self) -> None:
        """What is expected as a problem; what is a fault of ours goes on to Django."""
        for kind in (RefusedError, ApiError, ValidationError, Http404, HttpError):
            self.add_exception_handler(kind, of_exception)
        self.add_exception_handler(AuthenticationError, lambda _request, _e: answer(unauthorized()))


def _finish(operation: dict[str, Any]) -> None:
    operation["parameters"] = [*operation.get("parameters", ()), *_REFERENCES]
    for status, told in operation["responses"].items():
        content = told.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            content[MEDIA_TYPE] = content.pop("application/json")


class Lossless(JSONRenderer):
    """JSON with instants to the microsecond; a number that is none is a fault of ours."""

    encoder_class = Encoder
    json_dumps_params = MappingProxyType({"allow_nan": False, "ensure_ascii": False})


def _made() -> ConsoleApi:
    api = ConsoleApi(
        title="Tipstaff",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,
        urls_namespace=NAMESPACE,
        renderer=Lossless(),
    )
    for part in _PARTS:
        api.add_router("", part.router)
    return api


API: Final = _made()
