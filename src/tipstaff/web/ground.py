"""The ground under the maps: vector tiles of a configured file, else the streets of the instance.

Nothing is fetched from elsewhere: the tiles are one PMTiles file on this machine, of which browsers
ask for pieces.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tipstaff.services.instance import open_instance

_PAPER: Final = "#eef1f3"
_MOST: Final = 4_000_000


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """The style that the map is drawn with: MapLibre's own format."""
    values = open_instance()
    sources: dict[str, Any] = {}
    layers: list[dict[str, Any]] = [_layer("paper", "background", "background-color", _PAPER)]
    if values.basemap:
        address = request.build_absolute_uri(reverse("basemap"))
        sources["base"] = {"type": "vector", "url": f"pmtiles://{address}",
                           "attribution": values.basemap_attribution}  # fmt: skip
        layers += _TILES
    elif _streets(values.data).is_file():
        sources["streets"] = {"type": "geojson", "data": reverse("streets"),
                              "attribution": "A made-up town"}  # fmt: skip
        layers += _STREETS
    return JsonResponse({"version": 8, "sources": sources, "layers": layers})


@require_safe
def streets(_request: HttpRequest) -> FileResponse:
    """The streets of a made-up town, as the demonstration has them."""
    path = _streets(open_instance().data)
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="application/geo+json")


@require_safe
def basemap(request: HttpRequest) -> HttpResponse:
    """A piece of the file of tiles: the bytes that were asked for, as RFC 9110 has ranges."""
    path = Path(open_instance().basemap)
    if not path.is_file():
        raise Http404
    size = path.stat().st_size
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
    if asked is None:
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    first = int(asked[1])
    last = min(int(asked[2] or size - 1), size - 1, first + _MOST - 1)
    if first > last:
        return HttpResponse(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            headers={"Content-Range": f"bytes */{size}"},
        )
    with path.open("rb") as file:
        file.seek(first)
        piece = file.read(last - first + 1)
    return HttpResponse(
        piece,
        status=HTTPStatus.PARTIAL_CONTENT,
        content_type="application/vnd.pmtiles",
        headers={"Content-Range": f"bytes {first}-{last}/{size}", "ETag": f'"{size}"'},
    )


def _streets(data: Path) -> Path:
    return data / "streets.geojson"


def _layer(name: str, kind: str, paint: str, colour: str, **other: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, "paint": {paint: colour}, **other}


def _line(name: str, layer: str, colour: str, width: float, **other: Any) -> dict[str, Any]:
    paint = {"line-color": colour, "line-width": width}
    return {"id": name, "type": "line", "source": "base", "source-layer": layer,
            "paint": paint, **other}  # fmt: skip


#: Ground, water, buildings and roads of the OpenMapTiles schema, pale: what matters lies on top.
_TILES: Final = [
    _layer("green", "fill", "fill-color", "#dfe9dc", source="base",
           **{"source-layer": "landcover"}),
    _layer("use", "fill", "fill-color", "#e8e8e4", source="base", **{"source-layer": "landuse"}),
    _layer("water", "fill", "fill-color", "#c6dbe8", source="base", **{"source-layer": "water"}),
    _line("streams", "waterway", "#c6dbe8", 1),
    _layer("houses", "fill", "fill-color", "#d9d6d2", source="base",
           **{"source-layer": "building"}),
    _line("roads", "transportation", "#ffffff", 2),
    _line("edges", "boundary", "#a8a8a8", 1),
]  # fmt: skip
_STREETS: Final[list[dict[str, Any]]] = [
    {"id": "streets", "type": "line", "source": "streets",
     "paint": {"line-color": "#ffffff", "line-width": 2}},
]  # fmt: skip
