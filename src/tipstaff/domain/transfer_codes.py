"""Why a transfer from another operator is refused."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class TransferCode(StrEnum):
    """Why nothing of a transfer was taken in."""

    DIGEST_DIFFERS = "DIGEST_DIFFERS"
    NOT_OPENED = "NOT_OPENED"
    NOT_WHOLE = "NOT_WHOLE"
    NOT_AS_THE_SCHEMA_SAYS = "NOT_AS_THE_SCHEMA_SAYS"
    COUNTS_DIFFER = "COUNTS_DIFFER"
    WEARERS_DIFFER = "WEARERS_DIFFER"
    FIX_OUTSIDE_ACTIVATIONS = "FIX_OUTSIDE_ACTIVATIONS"
    OTHER_CONTENT_HERE = "OTHER_CONTENT_HERE"
    DEVICE_WORN_BY_ANOTHER = "DEVICE_WORN_BY_ANOTHER"


#: What to do about each.
TRANSFER_ACTIONS: Final[dict[TransferCode, str]] = {
    TransferCode.DIGEST_DIFFERS: "ask the sender for the SHA-256 that 'tipstaff transfer out' "
    "printed, by another way than the file came; if it is another one, ask for the file again",
    TransferCode.NOT_OPENED: "check that this key is the one the sender encrypted to; else the "
    "file is cut short or altered: ask for it again",
    TransferCode.NOT_WHOLE: "the file is no transfer, or its parts are not as its manifest says: "
    "ask for it again",
    TransferCode.NOT_AS_THE_SCHEMA_SAYS: "ask the sender which version wrote it: it must fit "
    "docs/reference/transfer.schema.json",
    TransferCode.COUNTS_DIFFER: "the manifest counts other things than there are: ask for it again",
    TransferCode.WEARERS_DIFFER: "its parts are of different wearers: ask for the file again",
    TransferCode.FIX_OUTSIDE_ACTIVATIONS: "it holds fixes of a time at which the wearer wore no "
    "such device: they may be another person's; ask for the file again",
    TransferCode.OTHER_CONTENT_HERE: "a wearer of that reference is here already, and is not the "
    "beginning of what the file tells: find out whether they are one person; nothing is merged",
    TransferCode.DEVICE_WORN_BY_ANOTHER: "a device is on somebody else here at that time: correct "
    "the activations first",
}
