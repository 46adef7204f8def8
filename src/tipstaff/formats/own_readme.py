"""The page that comes with a wearer's own export: what is in it and what not, in plain English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.looked_at import NOTICE

#: Said in every export, whatever there is, so that it tells nothing.
INVESTIGATIONS: Final = (
    "Comparisons of your movements with crimes are left out of every copy, because some of them "
    "belong to investigations that are going on. That this sentence is here does not mean that "
    "there was one."
)
OTHERS: Final = (
    "What is about other people is left out: who is protected by a condition, where they live, "
    "what they said to us, and how to reach people who work with you."
)
#: The same: whether there is an open alert is not told by it.
UNDECIDED: Final = (
    "Alerts that nobody has decided yet, and what staff wrote about alerts in their own words, are "
    "left out of every copy: ask the service for them."
)


@dataclass(frozen=True, slots=True)
class OwnCounts:
    """What an export holds, in numbers."""

    subjects: int
    versions: int
    activations: int
    fixes: int
    answers: int
    alerts: int
    left_out: tuple[Kind, ...]


def own_readme(counts: OwnCounts) -> bytes:
    """The page; it names nobody and holds no time, so that it is the same for the same counts."""
    return "\n\n".join(_paragraphs(counts)).encode() + b"\n"


def _paragraphs(counts: OwnCounts) -> list[str]:
    return [
        "YOUR OWN RECORD",
        "This is a copy of what is held about you by the service that monitors your tag. You may "
        "keep it and show it to anybody you like. It says where you have been: look after it.",
        "record.json holds your record: your details, your orders and what they demand, plans, "
        f"reviews, tasks and contacts. There are {counts.subjects} things in {counts.versions} "
        "versions. Each version says from when to when it was so (valid_from, valid_to) and when "
        "it was written down (recorded_at). Nothing is ever rubbed out: if something was wrong "
        "and put right, you see both.",
        f"worn.json lists the devices you wore: {counts.activations}.",
        f"trail.csv and trail.geojson hold the {counts.fixes} positions that your devices reported "
        "while you wore them. A position is only as good as its precision_m says, and may be "
        "wrong. A spreadsheet opens the first, a map program the second. No position for a time "
        "means that none was reported, not that you were or were not somewhere.",
        f"alerts.csv lists the {counts.alerts} alerts about you that somebody decided, or that "
        "later data took back, with what each turned out to be; times are in UTC. An alert is a "
        "question and not a finding against you. hours.csv says what the hours came to in which "
        "you had to be somewhere.",
        _answers(counts),
        "looks.csv says who looked at your record, why, and when. " + NOTICE,
        "manifest.json lists these files with their sizes and digests, and when the copy was made.",
        "WHAT IS NOT HERE",
        INVESTIGATIONS,
        OTHERS,
        UNDECIDED,
        *_kinds(counts),
        "Where something was taken out of a file it says 'left out' in its place.",
        "IF SOMETHING IS WRONG",
        "Ask the service to put it right, or to tell you what else was left out and why. You may "
        "complain to the Information Commissioner: ico.org.uk.",
    ]


def _answers(counts: OwnCounts) -> str:
    if not counts.answers:
        return "You have given no answers to the equality questions, or took them back."
    return (
        f"characteristics.json holds your {counts.answers} answers to the equality questions. They "
        "are kept apart and only ever counted; nobody who deals with you sees them."
    )


def _kinds(counts: OwnCounts) -> list[str]:
    if not counts.left_out:
        return []
    return [f"Records of these kinds are left out whole: {', '.join(counts.left_out)}."]
