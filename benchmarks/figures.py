"""Figures of a benchmark: rows of ours beside a peer or floor, as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

PACKAGES: Final = ("tipstaff", "duckdb", "numba", "numpy", "pyarrow")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing; `peer` is what `peer_name` took for the like, None where there is none.

    `ratio` is ours ÷ peer, so below 1 is better where the unit is seconds or bytes.
    """

    what: str
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours in peers."""
        return self.ours / self.peer if self.peer else None


@dataclass(slots=True)
class Result:
    """What a benchmark measured, with what and on what; `counts` are facts, never timings."""

    name: str
    scale: str
    figures: list[Figure]
    counts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0))


def versions() -> Mapping[str, str]:
    """Of Python and the packages whose speed is measured."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def as_text(result: Result) -> str:
    """A small table, then counts and notes."""
    rows = [("what", "ours", "unit", "peer", "ratio", "")]
    for f in result.figures:
        peer = "" if f.peer is None else f"{f.peer:,.2f}"
        ratio = "" if f.ratio is None else f"{f.ratio:,.2f}"
        rows.append((f.what, f"{f.ours:,.2f}", f.unit, peer, ratio, f.peer_name))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    lines = [f"{result.name}, scale {result.scale}, {cores()} cores", ""]
    for row in rows:
        left = [row[0].ljust(widths[0]), row[1].rjust(widths[1]), row[2].ljust(widths[2])]
        right = [row[3].rjust(widths[3]), row[4].rjust(widths[4]), row[5]]
        lines.append("  ".join([*left, *right]).rstrip())
    lines += ["", *(f"{name}: {_plain(value)}" for name, value in result.counts.items())]
    lines += ["", *result.notes] if result.notes else []
    return "\n".join(lines)


def _plain(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def write_json(result: Result, path: Path) -> None:
    """The same for machines."""
    figures = [{**asdict(f), "ratio": f.ratio} for f in result.figures]
    content = {
        "benchmark": result.name,
        "scale": result.scale,
        "cores": cores(),
        "versions": dict(versions()),
        "figures": figures,
        "counts": result.counts,
        "notes": result.notes,
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
