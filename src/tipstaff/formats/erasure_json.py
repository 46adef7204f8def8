"""Erasures as JSON: a line of the journal, the work that a crash must not lose, and the proof.

A device's key is written as text: whole numbers of 63 bits are not safe in all JSON.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipstaff.domain.erasures import Erasure, Piece, Proof
from tipstaff.domain.periods import Period

PROOF_FORMAT: Final = "tipstaff-erasure-proof-1"


def write_erasure(erasure: Erasure) -> str:
    """One line."""
    return _text(
        {
            "erasure": str(erasure.erasure_id),
            "at": erasure.at.isoformat(),
            "policy": erasure.policy,
            "pieces": [_piece(piece) for piece in erasure.pieces],
            "again": [str(earlier) for earlier in erasure.again],
        }
    )


def read_erasure(line: str) -> Erasure:
    """What `write_erasure` wrote; ValueError, KeyError or TypeError where it is none."""
    values = json.loads(line)
    return Erasure(
        UUID(values["erasure"]),
        datetime.fromisoformat(values["at"]),
        str(values["policy"]),
        tuple(_read_piece(piece) for piece in values["pieces"]),
        tuple(UUID(earlier) for earlier in values["again"]),
    )


def write_proof(proof: Proof) -> bytes:
    """The proof as a file."""
    values = {
        "format": PROOF_FORMAT,
        "erasure": str(proof.erasure_id),
        "decided_at": proof.decided_at.isoformat(),
        "finished_at": proof.finished_at.isoformat(),
        "policy": proof.policy,
        "people_erased_whole": proof.whole,
        "people_erased_in_part": proof.parts,
        "counts": {store: dict(counts) for store, counts in proof.counts.items()},
        "audit_sequence": proof.sequence,
        "audit_hash": proof.hash,
    }
    return (json.dumps(values, indent=1, sort_keys=True) + "\n").encode("ascii")


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "subject": str(piece.subject_ref),
        "whole": piece.whole,
        "worn": [[str(key), *_ends(period)] for key, period in piece.worn],
        "answers": [_ends(period) for period in piece.answers],
        "records": [str(record) for record in piece.records],
    }


def _read_piece(values: Any) -> Piece:
    return Piece(
        UUID(values["subject"]),
        values["whole"] is True,
        tuple((int(key), _period(start, end)) for key, start, end in values["worn"]),
        tuple(_period(start, end) for start, end in values["answers"]),
        tuple(UUID(record) for record in values["records"]),
    )


def _ends(period: Period) -> list[str]:
    return [period.start.isoformat(), period.end.isoformat()]


def _period(start: str, end: str) -> Period:
    return Period(datetime.fromisoformat(start), datetime.fromisoformat(end))


def _text(values: Any) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
