"""People of a scheme and what they do, for stories; days are counted back from today.

Everybody here is made up. Each acts through the use cases alone, with an account of their role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from made_accounts import account

from tipstaff.cli.county.cast import Player
from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.domain.devices import Description, DeviceKind, DeviceName
from tipstaff.domain.fittings import Fitted, Fitting, StrapCheck
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role
from tipstaff.positions.mappings import mapping_digest, shipped_mapping

TODAY: Final = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
#: What an account of a role mostly does it for.
_MOSTLY: Final = {
    Role.CRIME_ANALYST: Purpose.CRIME_MATCHING,
    Role.HUB_CASEWORKER: Purpose.CRIME_MATCHING,
    Role.HUB_MANAGER: Purpose.CRIME_MATCHING,
    Role.ADMINISTRATOR: Purpose.SYSTEM_ADMINISTRATION,
    Role.TAG_SUPPLIER: Purpose.OFFENDER_MANAGEMENT,
    Role.WEARER: Purpose.SUBJECT_ACCESS,
    Role.DATA_PROTECTION_OFFICER: Purpose.SUBJECT_ACCESS,
    Role.AUDITOR: Purpose.AUDIT,
}
HEADER: Final = "device_id,fix_time,latitude,longitude,precision_m,mechanism\n"
Place = tuple[float, float]


def ago(days: float, clock: str = "00:00") -> datetime:
    """So many days before today, at that time of the clock, in UTC."""
    hours, minutes = clock.split(":")
    return TODAY - timedelta(days=days) + timedelta(hours=int(hours), minutes=int(minutes))


@dataclass(frozen=True)
class Person(Player):
    """Somebody with an account."""

    def records(self, path: str, /, **what: Any) -> Any:
        """Carry out what has to be recorded without a fault."""
        done = self.does(path, **what)
        assert not done.problems, [p.where for p in done.problems] + codes(done)
        return done

    def refusal(self, path: str, /, **what: Any) -> str:
        """The code with which the use case is refused; a story goes on by it being refused."""
        from tipstaff.services.access import RefusedError

        try:
            self.does(path, **what)
        except RefusedError as refused:
            return refused.code
        raise AssertionError(f"{self.name} was not refused {path}")


def joins(name: str, role: Role, **other: Any) -> Person:
    """An account of that role is made by the administrator."""
    account(name, role, **other)
    return Person(name, _MOSTLY.get(role, Purpose.OFFENDER_MANAGEMENT))


def owner() -> Person:
    """The owner of the installation, who sets it up."""
    return Person("tester", Purpose.SYSTEM_ADMINISTRATION)


def codes(done: Any) -> list[str]:
    """The codes of what is wrong."""
    return [str(problem.code) for problem in done.problems]


def fits(
    who: Person, wearer: str, number: str, at: datetime, *, order: str | None = None, **other: Any
) -> None:
    """A tag comes into the inventory and is put on a wearer."""
    tag = DeviceName(other.pop("supplier", "tipstaff"), number)
    described = Description(**{"kind": DeviceKind.TAG, "model": "M1"} | other)
    who.records("device_inventory.register_device", device=tag, description=described)
    fitted = Fitted(at, "A Fitter", "at home", StrapCheck.PASSED)
    made = Fitting("", wearer, tag.supplier, tag.device_id, order, fitted)
    who.records("fittings.fit_device", fitting=made)


def stays(device: str, place: Place, start: datetime, minutes: int) -> list[str]:
    """A fix a minute about a place, never twice at the same: a receiver at rest repeats itself."""
    return [
        f"{device},{(start + timedelta(minutes=n)).isoformat()},"
        f"{place[0] + n % 7 * 1e-5:.5f},{place[1] + n % 5 * 1e-5:.5f},5,GPS\n"
        for n in range(minutes)
    ]


def sends(who: Person, folder: Path, lines: Iterable[str], supplier: str = "tipstaff") -> Any:
    """A supplier's file of fixes is taken in."""
    path = folder / f"fixes-{sum(1 for _ in folder.glob('fixes-*'))}.csv"
    path.write_text(HEADER + "".join(lines))
    mapping = replace(shipped_mapping("tipstaff"), supplier=supplier)
    return who.does(
        "positions.import_positions", path=path, mapping=mapping, reading=mapping_digest(mapping)
    )


def crime_row(batch: str, reference: str, kind: str, start: datetime, place: Place) -> str:
    """A line of the national crime file: half an hour from `start`. The force is by its code."""
    force = {"DBY": "Derbyshire", "DUR": "Durham", "HRT": "Hertfordshire"}[batch[:3]]
    end = start + timedelta(minutes=30)
    times = f"{start:%Y%m%d%H%M%S},{end:%Y%m%d%H%M%S}"
    return f"{force},{kind},,{batch},{reference},{times},,,{place[0]},{place[1]},WGS84,\r\n"


def matches(who: Person, batch: str) -> tuple[dict[tuple[str, str], str], Any]:
    """The match of a batch: outcomes by crime and wearer, and its crimes' rows by reference."""
    from tipstaff.formats.run_files import SUFFIXES, read_crimes

    done = who.does("matching.match_batch", batch=batch, every=True, error=ERROR_MODEL_SIMULATED)
    told = who.does("runs.read_run", run_id=done.run_id)
    crimes = read_crimes(done.files[SUFFIXES["crimes"]]).to_pylist()
    outcomes = {(r["crime_reference"], r["wearer_id"]): "candidate" for r in told.candidates}
    outcomes |= {(r["crime_reference"], r["wearer_id"]): r["outcome"] for r in told.exclusions}
    return outcomes, {row["crime_reference"]: row for row in crimes}
