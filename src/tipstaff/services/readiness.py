"""Whether what a process works on can be reached: the records and the inbox. About nobody."""

from __future__ import annotations

import sqlite3

import psycopg
from django.db import DatabaseError

from tipstaff.records import chore_runs
from tipstaff.records.connections import close_own
from tipstaff.services.inbox import inbox_reader


def what_is_away() -> str:
    """What cannot be reached, and by what kind of error; empty where all can.

    An inbox that nothing came into yet is no fault.
    """
    try:
        chore_runs.known()
    except (DatabaseError, OSError) as error:
        return f"the records: {type(error).__name__}"
    finally:
        close_own()
    try:
        reader = inbox_reader()
        if reader.exists():
            reader.state()
    except (sqlite3.Error, psycopg.Error, OSError) as error:
        return f"the inbox: {type(error).__name__}"
    return ""
