"""Use cases that serve some purposes alone, whatever the actor's role."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.db import transaction

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.services.access import Access, RefusedError
from tipstaff.services.recording import Looked, write
from tipstaff.services.sealing import seal


def only_for(access: Access, purposes: Collection[Purpose]) -> None:
    """Refuse a use case that was admitted for another purpose; recorded before it is told.

    To show or teach on simulated people is allowed everywhere.
    """
    if access.purpose in {*purposes, Purpose.DEMONSTRATION}:
        return
    extent = {"refused": access.operation.value, "code": "wrong_purpose"}
    with transaction.atomic(durable=True):
        write(replace(access, operation=Operation.REFUSAL), Looked(extent=extent))
    seal()
    raise RefusedError("wrong_purpose")
