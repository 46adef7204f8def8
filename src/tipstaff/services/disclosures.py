"""What was disclosed to a force for a criminal case: frozen apart, with a clock of its own.

Criminal Procedure and Investigations Act 1996 and its Code: what was disclosed is held (candidates,
exclusions, re-runs, parameters, the fixes shown) until the Code's periods end, even where the order
has ended or consent is withdrawn. So all that runs said of the crime is copied into a folder of its
own when the disclosure is recorded; erasure then takes everything else, and the copy is read for
disclosure in court alone. When its clock has run out it goes too.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from tipstaff import settings
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.retention_codes import RetentionCode
from tipstaff.formats import run_files
from tipstaff.formats.run_files import SUFFIXES, UnreadableRun
from tipstaff.records import disclosures
from tipstaff.records.disclosures import DisclosureFact, Said
from tipstaff.services import run_folder
from tipstaff.services.access import Access, admit_to
from tipstaff.services.holds import problem
from tipstaff.services.instance import open_instance
from tipstaff.services.limited_access import hidden_subjects
from tipstaff.services.recording import changing, reading

_KEPT: Final = (
    ("facts", run_files.read_facts, run_files.write_facts),
    ("crimes", run_files.read_crimes, run_files.write_crimes),
)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A disclosure by its id, and its files by name where they were asked for; or what is wrong."""

    disclosure_id: UUID | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()


def record_disclosure(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    force: str,
    crime_force: str,
    crime_reference: str,
    until: datetime,
) -> Disclosed:
    """Record that what runs said of a crime went to `force`, and hold a copy of it up to `until`.

    Everything on record about the crime is held that the actor may see: a run with an answer about
    somebody else is for a cleared reviewer to disclose. Later runs are a disclosure of their own.
    """
    access = admit_to(actor, purpose, authority, "record_disclosure")
    values, now = open_instance(), datetime.now(UTC)
    crime = disclosures.crime_of(crime_force, crime_reference)
    said = [] if crime is None else _shown(access, disclosures.said_of(crime))
    problems = _problems(crime, said, authority, until, now)
    if problems or crime is None:
        with changing(access, extent={"problems": len(problems)}):
            return Disclosed(problems=tuple(problems))
    fact = DisclosureFact(
        disclosures.new_id(), crime, force, authority.strip(), now, access.actor_ref, until
    )
    files = _files(values, said, crime_force, crime_reference)
    run_folder.keep(values.disclosures_folder, fact.disclosure_id, files)
    extent = {"disclosure": str(fact.disclosure_id), "recipient": force, "until": until.isoformat()}
    with changing(access, extent=extent) as looked:
        disclosures.add(fact)
        looked.subjects = {UUID(a["subject_ref"]) for each in said for a in each.answers}
        looked.rows = sum(len(each.answers) for each in said)
    return Disclosed(fact.disclosure_id)


def read_disclosure(
    *, actor: str, purpose: Purpose, authority: str, disclosure_id: UUID
) -> Disclosed:
    """The files of a disclosure: for disclosure in court alone, whoever asks.

    None is to be seen where an answer is about somebody of limited access whom no grant opens.
    """
    access = admit_to(actor, purpose, authority, "read_disclosure")
    folder = open_instance().disclosures_folder / str(disclosure_id)
    with reading(access, extent={"disclosure": str(disclosure_id)}) as looked:
        if purpose is not Purpose.COURT_DISCLOSURE:
            return Disclosed(problems=(problem(RetentionCode.OTHER_PURPOSE, "purpose"),))
        if disclosures.find(disclosure_id) is None:
            return Disclosed(problems=(problem(RetentionCode.DISCLOSURE_NOT_KNOWN, "disclosure"),))
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        looked.subjects = set(_people(files))
        if hidden_subjects(access, map(str, looked.subjects)):
            return Disclosed(problems=(problem(RetentionCode.DISCLOSURE_NOT_KNOWN, "disclosure"),))
        looked.rows = len(looked.subjects)
    return Disclosed(disclosure_id, files)


def erase_ended(values: settings.Settings, now: datetime) -> int:
    """Erase the disclosures whose clock has run out; how many. Folders without a record go too."""
    held = disclosures.all_known()
    ended = [fact for fact in held if fact.until <= now]
    for fact in ended:
        shutil.rmtree(values.disclosures_folder / str(fact.disclosure_id), ignore_errors=True)
        disclosures.drop(fact.disclosure_id)
    known = {fact.disclosure_id for fact in held}
    run_folder.sweep(values.disclosures_folder, lambda _ids: known, now)
    return len(ended)


def _problems(
    crime: UUID | None, said: list[Said], authority: str, until: datetime, now: datetime
) -> list[Problem]:
    found = []
    if not authority.strip():
        found.append(problem(RetentionCode.AUTHORITY_MISSING, "authority"))
    if crime is None:
        found.append(problem(RetentionCode.CRIME_NOT_KNOWN, "crime"))
    elif not said:
        found.append(problem(RetentionCode.NOTHING_TO_DISCLOSE, "crime"))
    if until <= now:
        found.append(problem(RetentionCode.PERIOD, "until"))
    return found


def _shown(access: Access, said: list[Said]) -> list[Said]:
    """Those runs all of whose answers are about people whom the actor may see."""
    people = {answer["subject_ref"] for each in said for answer in each.answers}
    hidden = hidden_subjects(access, people)
    return [
        each for each in said if not any(answer["subject_ref"] in hidden for answer in each.answers)
    ]


def _files(
    values: settings.Settings, said: list[Said], force: str, reference: str
) -> dict[str, bytes]:
    """What is held, by name: each run's manifest, its answers, and what it kept of the crime."""
    files: dict[str, bytes] = {}
    for each in said:
        files[f"{each.run_id}{SUFFIXES['manifest']}"] = each.manifest.encode()
        lines = [json.dumps(a, sort_keys=True, default=_plain) for a in each.answers]
        files[f"{each.run_id}.answers.jsonl"] = ("\n".join(lines) + "\n").encode()
        for kind, read, write in _KEPT:
            table = _table(values.runs_folder / str(each.run_id) / f"run{SUFFIXES[kind]}", read)
            if table is not None:
                of_crime: Any = pc.and_(
                    pc.equal(table["force"], force), pc.equal(table["crime_reference"], reference)
                )
                files[f"{each.run_id}{SUFFIXES[kind]}"] = write(table.filter(of_crime))
    return files


def _people(files: Mapping[str, bytes]) -> list[UUID]:
    answers = (content for name, content in files.items() if name.endswith(".answers.jsonl"))
    return [UUID(json.loads(line)["subject_ref"]) for text in answers for line in text.splitlines()]


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _table(path: Path, read: Any) -> pa.Table | None:
    try:
        found = read(path.read_bytes())
    except OSError:
        return None
    return None if isinstance(found, UnreadableRun) else found
