"""The sentence behind each answer, rendered from coded numbers when it is read.

Results are stored as codes and numbers; words are made here, in one place, so that a file, a page
and a later document say the same. Every sentence ends with what the answer hangs on. A ratio near
1 reads "the trail cannot tell", never "not there".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipstaff.matching import uk_times, wording
from tipstaff.matching.bands import MEANINGFUL_RATIO, NO_MEANINGFUL_SUPPORT, band
from tipstaff.matching.outcomes import OUTCOME_OF, DecidedBy, Outcome
from tipstaff.matching.ratio_wording import interval_words, size_words

#: What every answer hangs on.
PROVISO: Final = "if the tag was worn and the stated time and place are right."


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """The numbers behind one answer; None where unknown or not of its kind.

    `cap_log10`: the largest size of `log10_lr` that is stated. `near_from`, `near_to`: first and
    last instant near the scene. `before_at`, `after_at`: the trusted fixes, or the ends of the gap,
    that decide. `needed_mps`: the speed a visit would have needed between them. `visit_bound`: the
    upper bound of the probability of a visit in the window. `chance_windows`: comparison windows
    behind `expected_chance_matches`.
    """

    searched_wearers: int
    log10_lr: float | None = None
    log10_lr_low: float | None = None
    log10_lr_high: float | None = None
    cap_log10: float | None = None
    nearest_m: float | None = None
    nearest_at: datetime | None = None
    near_from: datetime | None = None
    near_to: datetime | None = None
    fixes_near: int = 0
    expected_chance_matches: float | None = None
    chance_windows: int | None = None
    before_at: datetime | None = None
    after_at: datetime | None = None
    needed_mps: float | None = None
    visit_bound: float | None = None
    routine_unknown: bool = False


def sentence(outcome: Outcome, decided_by: DecidedBy, grounds: Grounds) -> str:
    """The explanation of one answer; ValueError where the outcome cannot be so decided."""
    expected = OUTCOME_OF[decided_by]
    if outcome != expected:
        raise ValueError(f"{decided_by.name} decides {expected.value}, not {outcome.value}")
    return _WRITERS[decided_by](grounds)


def ratio_words(grounds: Grounds) -> str:
    """The likelihood ratio with its interval, as a clause without a full stop; empty if none."""
    if grounds.log10_lr is None:
        return ""
    low = grounds.log10_lr if grounds.log10_lr_low is None else grounds.log10_lr_low
    high = grounds.log10_lr if grounds.log10_lr_high is None else grounds.log10_lr_high
    said = (grounds.log10_lr, low, high, grounds.cap_log10)
    words = band(grounds.log10_lr, low, high)
    # The rounding of a ratio of exactly 2 must not turn it into one that says nothing.
    if 10.0 ** abs(grounds.log10_lr) < MEANINGFUL_RATIO - 1e-9:
        return f"the trail cannot tell ({NO_MEANINGFUL_SUPPORT} either way)"
    towards, otherwise = (
        ("the wearer was where the offender was", "living as usual")
        if grounds.log10_lr > 0
        else ("the wearer was living as usual", "being where the offender was")
    )
    clause = (
        f"what the tag recorded is {size_words(*said)} times more likely if "
        f"{towards} than if {otherwise} ({interval_words(*said)}): {words}"
    )
    return clause + (", so the trail cannot tell" if words == NO_MEANINGFUL_SUPPORT else "")


def chance_words(grounds: Grounds) -> str:
    """How many other wearers would score as high without a crime; empty if not known."""
    expected = grounds.expected_chance_matches
    if expected is None:
        return ""
    if expected > 0:
        return f"about {wording.count(expected)} others would score as high by chance"
    if grounds.chance_windows:
        bound = wording.count(3 / grounds.chance_windows)
        few = bound if bound.startswith("fewer") else f"fewer than {bound}"
        return (
            f"{few} others would score as high by chance (none did in "
            f"{wording.plural(grounds.chance_windows, 'comparison window')})"
        )
    return "no other wearer scored as high in the comparison windows"


_OFFENDERS_STAY: Final = (
    "This counts how long the tag stayed: offenders are taken to stay minutes, about 20 on average."
)


def _candidate(g: Grounds) -> str:
    found = f"Found by searching {wording.plural(g.searched_wearers, 'wearer')}"
    chance = chance_words(g)
    unknown = " The wearer's routine is not known well enough to say more." * g.routine_unknown
    return (
        f"{_nearness(g)} {_sentence_case(ratio_words(g) or 'the trail cannot tell')}.{unknown} "
        f"{_OFFENDERS_STAY} "
        f"{found}{'; ' if chance else ''}{chance}. "
        f"This is support about a place and a time, never guilt, and holds only {PROVISO}"
    )


def _nearness(g: Grounds) -> str:
    by = f" by {_independent(g.fixes_near)}" if g.fixes_near else ""
    if g.nearest_m is None:
        return "No position shows how near the tag came to the scene."
    where = f"within about {wording.distance(g.nearest_m)} of the scene"
    if g.near_from is not None and g.near_to is not None and g.near_from < g.near_to:
        when = uk_times.span(g.near_from, g.near_to)
        return f"The tag was near the scene from {when} (UK time){by}, at its nearest {where}."
    at = g.nearest_at or g.near_from
    when = f" at {uk_times.span(at, at)} (UK time)" if at is not None else ""
    return f"The tag came {where}{when}{by}."


def _independent(fixes: int) -> str:
    return "1 independent fix" if fixes == 1 else f"{fixes:,} independent fixes"


def _between(g: Grounds) -> str:
    if g.before_at is None or g.after_at is None:
        return "between the fixes around the window"
    return f"between the fixes at {uk_times.both(g.before_at, g.after_at)} (UK time)"


_STANDS: Final = (
    "This stands after leaving out any one fix, any repeated position and any stretch of five "
    "minutes, and holds"
)


def _reach(g: Grounds) -> str:
    needed = (
        "more speed than there was time for"
        if g.needed_mps is None
        else f"about {wording.speed(g.needed_mps)}"
    )
    return (
        f"Going to the scene and back would have needed {needed} {_between(g)}."
        f"{_nearest_was(g)} {_STANDS} {PROVISO}"
    )


def _trail(g: Grounds) -> str:
    bound = wording.rarity(0.001 if g.visit_bound is None else g.visit_bound)
    return (
        f"The trail covers the window and stays away: the chance of a visit to the scene unseen "
        f"between its fixes is below {bound}.{_nearest_was(g)} {_STANDS} {PROVISO}"
    )


def _nearest_was(g: Grounds) -> str:
    if g.nearest_m is None:
        return ""
    at = f" at {uk_times.clock(g.nearest_at)}" if g.nearest_at is not None else ""
    return f" The nearest it came was about {wording.distance(g.nearest_m)}{at}."


def _no_fix(_g: Grounds) -> str:
    return (
        "No position was received around the window. That is not a sign of being elsewhere: the "
        f"trail cannot tell where the wearer was, even {PROVISO}"
    )


def _gap(g: Grounds) -> str:
    length = (
        f"a gap of {wording.duration((g.after_at - g.before_at).total_seconds())} "
        if g.before_at is not None and g.after_at is not None
        else "a gap of over five minutes "
    )
    return (
        f"The scene could have been reached only in {length}{_between(g)}, in which nothing was "
        f"seen. {_tail(g)}"
    )


def _tail(g: Grounds) -> str:
    """What the ratio says, or that it says nothing, then the proviso."""
    clause = ratio_words(g)
    if not clause or "cannot tell" in clause:
        return f"The trail cannot tell, even {PROVISO}"
    return f"{_sentence_case(clause)}, {PROVISO}"


def _activation(_g: Grounds) -> str:
    return (
        "The tag was to be worn for only part of the window. For the rest nothing is known: the "
        f"trail cannot tell, even {PROVISO}"
    )


def _clock(_g: Grounds) -> str:
    return (
        "The tag's clock disagrees with the supplier's at about this time, so its positions may "
        f"belong to another time: they rule nobody out, even {PROVISO}"
    )


def _contradiction(g: Grounds) -> str:
    return (
        f"No journey joins the positions {_between(g)}: some of them are wrong, and which is not "
        f"known. They rule nobody out, even {PROVISO}"
    )


def _network_only(g: Grounds) -> str:
    return (
        "A visit stays possible where only positions of the phone network or Wi-Fi, or doubtful "
        "ones, speak against it. Such can name a wrong place entirely and rule nobody out."
        f"{_nearest_was(g)} {_tail(g)}"
    )


def _fragile(g: Grounds) -> str:
    return (
        "The trail would rule out a visit, but only through one fix, one repeated position or one "
        f"stretch of five minutes, which could be wrong.{_nearest_was(g)} "
        f"So a visit stays possible. {_tail(g)}"
    )


def _near(g: Grounds) -> str:
    return f"The trail leaves a visit possible.{_nearest_was(g)} {_tail(g)}"


def _sentence_case(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


_WRITERS: Final[dict[DecidedBy, Callable[[Grounds], str]]] = {
    DecidedBy.STRENGTH: _candidate,
    DecidedBy.REACH: _reach,
    DecidedBy.TRAIL: _trail,
    DecidedBy.NO_FIX: _no_fix,
    DecidedBy.GAP: _gap,
    DecidedBy.ACTIVATION: _activation,
    DecidedBy.CLOCK: _clock,
    DecidedBy.CONTRADICTION: _contradiction,
    DecidedBy.NETWORK_ONLY: _network_only,
    DecidedBy.FRAGILE: _fragile,
    DecidedBy.NEAR: _near,
}
