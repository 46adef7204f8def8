"""The report of a run: one HTML page that needs nothing else, the same bytes for the same run.

Style and script are inside the page and named by their hashes in its content security policy;
everything else is forbidden, so that not even a hostile reference could fetch or run anything.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from tipstaff import __version__
from tipstaff.documents import searched_words
from tipstaff.documents.crime_page import MOST_ANSWERS, CrimePage, anchors, crime_page
from tipstaff.documents.run_view import RunView
from tipstaff.documents.streets import Streets

_STYLE: Final = "report.css"
_SCRIPT: Final = "report.js"


class StyleNotBuilt(Exception):  # noqa: N818 (it names the state, as ImportError would)
    """The stylesheet is made at set-up (`./run`), and was not."""


def render(run: RunView, streets: Streets | None = None) -> str:
    """The whole page. StyleNotBuilt where set-up was not finished."""
    style, script = _asset(_STYLE), _asset(_SCRIPT)
    names = anchors(run.crimes)
    crimes = [
        crime_page(crime, streets or Streets(), name, caps_of(run.manifest))
        for crime, name in zip(run.crimes, names, strict=True)
    ]
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            run=run,
            crimes=crimes,
            summary=summary(run),
            searched_by=searched_words.rule(run.manifest),
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704 (our own file)
            script=Markup(script),  # noqa: S704 (our own file)
            tracks=_tracks(crimes),
            made=_made(run.manifest),
            version=run.manifest.get("software_version") or __version__,
            most_answers=MOST_ANSWERS,
        )
    )


def summary(run: RunView) -> dict[str, int]:
    """The counts at the top of the page."""
    return {
        "crimes": len(run.crimes),
        "located": sum(crime.located for crime in run.crimes),
        "searched": max((crime.count("searched_wearers") for crime in run.crimes), default=0),
        "with_candidates": sum(bool(crime.candidates) for crime in run.crimes),
        "legacy_with": sum(crime.count("legacy_candidates") > 0 for crime in run.crimes),
        **{
            name: run.total(name)
            for name in (
                "candidates",
                "excluded",
                "not_monitorable",
                "cannot_exclude",
                "legacy_candidates",
            )
        },
    }


def caps_of(manifest: dict[str, Any]) -> tuple[float, ...]:
    """The largest log10 ratios that the run's model states; none where the manifest has none."""
    model = manifest.get("parameters", {}).get("strength", {})
    return tuple(model[name] for name in ("cap_log10", "unknown_cap_log10") if name in model)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tipstaff.documents"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=4)
def _asset(name: str) -> str:
    asset = files("tipstaff.documents").joinpath("assets", name)
    if not asset.is_file():
        raise StyleNotBuilt(name)
    return asset.read_text(encoding="utf-8").strip()


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _tracks(crimes: list[CrimePage]) -> Markup:
    """Letters, colours, numbers and times for the script: nothing a person typed is in it."""
    values = {
        c.anchor: {
            "clock": c.clock,
            "seconds": round((c.crime.end - c.crime.start).total_seconds()),
            "tracks": c.tracks,
        }
        for c in crimes
        if c.tracks
    }
    return Markup(json.dumps(values, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704


def _made(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """The manifest, flat, for the section on how this was made; its own order within each part."""
    found: list[tuple[str, str]] = []
    _flatten("", manifest, found)
    return found


def _flatten(name: str, value: Any, found: list[tuple[str, str]]) -> None:
    if isinstance(value, dict):
        for key in value:
            _flatten(f"{name} › {key}" if name else str(key), value[key], found)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for i, item in enumerate(value, 1):
            _flatten(f"{name} {i}", item, found)
    else:
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        found.append((name.replace("_", " "), text))
