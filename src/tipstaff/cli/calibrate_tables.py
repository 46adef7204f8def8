"""Tables that `tipstaff calibrate errors` prints."""

from __future__ import annotations

from typing import Final

from rich.table import Table

from tipstaff.documents.coverage_plot import CLASS_WORDS
from tipstaff.matching.error_coverage import CoverageRow
from tipstaff.matching.error_fit import ClassFit, ErrorFit

_PARAMETERS: Final = {
    "k": "k",
    "r_min_m": "r_min, m",
    "shape": "γ, shape",
    "stated_none_m": "radius where none is stated, m",
    "gross_share": "ε, share of gross errors",
    "gross_sigma_m": "σ_w of gross errors, m",
}


def parameters_table(fit: ErrorFit) -> Table:
    """The fitted parameters by class, with what they rest on."""
    table = Table(title=f"{fit.model.version}: ν = {fit.model.nu}")
    table.add_column("fixes")
    table.add_column("parameter")
    table.add_column("value", justify="right")
    table.add_column("95% interval", justify="right")
    for c in fit.classes:
        label = CLASS_WORDS[c.fix_class]
        for name in (n for n in _PARAMETERS if n in c.intervals):
            low, high = c.intervals[name]
            value = f"{getattr(c.error, name):.3g}"
            table.add_row(label, _PARAMETERS[name], value, f"{low:.3g}–{high:.3g}")
            label = ""
        table.add_row("", "τ, s", f"{c.error.tau_s:.0f}", "")
        table.add_row("", "positions of tracks", f"{c.fixes:,}", f"of {c.groups:,}")
        table.add_row("", "independent ones", f"{c.independent:,}", _drawn(c), end_section=True)
    return table


def _drawn(c: ClassFit) -> str:
    return "" if c.by_group else "too few tracks to compare"


def coverage_before_after(before: tuple[CoverageRow, ...], after: tuple[CoverageRow, ...]) -> Table:
    """Coverage by class and level, before and after calibration."""
    table = Table(title="How often the truth lay in the region (after: devices not fitted)")
    table.add_column("fixes")
    for heading in ("to hold", "before", "after", "95% interval"):
        table.add_column(heading, justify="right")
    found = {(row.fix_class, row.level): row for row in after}
    label = ""
    for row in before:
        new = found[(row.fix_class, row.level)]
        words = CLASS_WORDS[row.fix_class]
        observed = (f"{row.observed:.1%}", f"{new.observed:.1%}", f"{new.low:.0%}–{new.high:.0%}")
        table.add_row("" if words == label else words, f"{row.level:.0%}", *observed)
        label = words
    return table
