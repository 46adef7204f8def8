"""Who may see the records of limited access: nobody yet, since nobody can be granted it.

Every use case that shows something of a case asks here. It fails closed: until grants by name are
built, such a record can be written and is shown to no one, as if there were none.
"""

from __future__ import annotations

from tipstaff.services.access import Access


def cleared(access: Access) -> bool:  # noqa: ARG001 (grants will be looked up by it)
    """Whether the actor holds a grant for records of limited access."""
    return False
