"""Find a wearer by a number of theirs: audited, and out of reach as if there were nobody."""

from __future__ import annotations

from tipstaff.domain.identifiers import Identifier
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records import case_lists
from tipstaff.services.access import admit
from tipstaff.services.limited_access import may_see
from tipstaff.services.recording import reading


def find_wearer(
    *, actor: str, purpose: Purpose, authority: str, identifier: Identifier
) -> tuple[str, ...]:
    """The references of wearers within reach whose record shows this identifier at any time.

    The audit holds whom it concerned, those who were not told of among them, and the kind of the
    number: never the number.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="find_wearer",
    )
    with reading(access, extent={"kind": identifier.kind.value}) as looked:
        found = case_lists.known_as(identifier)
        seen = may_see(access, [one.wearer for one in found])
        shown = [one for one in found if one.wearer in seen]
        looked.subjects = {one.subject_ref for one in found}
        looked.rows = len(shown)
    return tuple(one.wearer for one in shown)
