"""Use cases that serve some purposes alone, whatever the actor's role."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import NoReturn

from django.db import transaction

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.services.access import Access, RefusedError
from tipstaff.services.recording import Looked, write
from tipstaff.services.sealing import seal


def only_for(access: Access, purposes: Collection[Purpose], *, authority: bool = False) -> None:
    """Refuse a use case that was admitted for another purpose; recorded before it is told.

    To show or teach on simulated people is allowed everywhere; where `authority` is asked for, not
    without one either: the people might be real.
    """
    if access.purpose not in {*purposes, Purpose.DEMONSTRATION}:
        _refuse(access, "wrong_purpose")
    if authority and not access.authority:
        _refuse(access, "authority_missing")


def _refuse(access: Access, code: str) -> NoReturn:
    extent = {"refused": access.operation.value, "code": code}
    with transaction.atomic(durable=True):
        write(replace(access, operation=Operation.REFUSAL), Looked(extent=extent))
    seal()
    raise RefusedError(code)
