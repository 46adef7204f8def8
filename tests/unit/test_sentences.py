"""The sentence of every kind of answer, and what none of them may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tipstaff.matching.outcomes import DecidedBy, Outcome
from tipstaff.matching.sentences import PROVISO, Grounds, chance_words, ratio_words, sentence


def at(hour: int, minute: int) -> datetime:
    """An instant of a summer's day: UK time is an hour ahead."""
    return datetime(2024, 6, 3, hour, minute, tzinfo=UTC)


FULL = Grounds(
    searched_wearers=312,
    log10_lr=2.48,
    log10_lr_low=1.95,
    log10_lr_high=2.9,
    nearest_m=38.2,
    nearest_at=at(13, 9),
    near_from=at(13, 5),
    near_to=at(13, 31),
    fixes_near=23,
    expected_chance_matches=0.21,
    chance_windows=8,
    before_at=at(13, 5),
    after_at=at(13, 11),
    needed_mps=52.8,
    visit_bound=3e-4,
)
BARE = Grounds(searched_wearers=1)
OUTCOME_OF = {
    DecidedBy.STRENGTH: Outcome.CANDIDATE,
    DecidedBy.REACH: Outcome.EXCLUDED,
    DecidedBy.TRAIL: Outcome.EXCLUDED,
    DecidedBy.NO_FIX: Outcome.NOT_MONITORABLE,
    DecidedBy.GAP: Outcome.NOT_MONITORABLE,
    DecidedBy.ACTIVATION: Outcome.NOT_MONITORABLE,
    DecidedBy.CLOCK: Outcome.NOT_MONITORABLE,
    DecidedBy.CONTRADICTION: Outcome.NOT_MONITORABLE,
    DecidedBy.NETWORK_ONLY: Outcome.CANNOT_EXCLUDE,
    DecidedBy.FRAGILE: Outcome.CANNOT_EXCLUDE,
    DecidedBy.NEAR: Outcome.CANNOT_EXCLUDE,
}


def say(decided_by: DecidedBy, grounds: Grounds) -> str:
    return sentence(OUTCOME_OF[decided_by], decided_by, grounds)


@pytest.mark.parametrize(
    ("decided_by", "parts"),
    [
        (
            DecidedBy.STRENGTH,
            (
                "near the scene from 14:05 to 14:31 on 3 June 2024 (UK time)",
                "by 23 independent fixes",
                "within about 40 m",
                "about 300 times more likely if the wearer was where the offender was than if "
                "living as usual (interval 90 to 800): moderate support for presence",
                "Found by searching 312 wearers; about 0.2 others would score as high by chance",
                "never guilt",
            ),
        ),
        (DecidedBy.REACH, ("about 190 km/h between the fixes at 14:05 and 14:11",)),
        (DecidedBy.TRAIL, ("below 1 in 3,000", "after leaving out any one fix")),
        (DecidedBy.NO_FIX, ("No position was received", "not a sign of being elsewhere")),
        (DecidedBy.GAP, ("only in a gap of 6 minutes between the fixes at 14:05",)),
        (DecidedBy.ACTIVATION, ("only part of the window",)),
        (DecidedBy.CLOCK, ("clock disagrees", "rule nobody out")),
        (DecidedBy.CONTRADICTION, ("No journey joins", "rule nobody out")),
        (DecidedBy.NETWORK_ONLY, ("phone network or Wi-Fi, or doubtful", "rule nobody out")),
        (DecidedBy.FRAGILE, ("one stretch of five minutes", "a visit stays possible")),
        (DecidedBy.NEAR, ("leaves a visit possible", "about 300 times more likely")),
    ],
)
def test_says_what_decided(decided_by: DecidedBy, parts: tuple[str, ...]) -> None:
    said = say(decided_by, FULL)
    for part in parts:
        assert part in said


@pytest.mark.parametrize("decided_by", list(DecidedBy))
@pytest.mark.parametrize("grounds", [FULL, BARE, replace(FULL, log10_lr=-1.2)])
def test_every_sentence_ends_with_what_it_hangs_on(decided_by: DecidedBy, grounds: Grounds) -> None:
    said = say(decided_by, grounds)
    assert said.endswith(PROVISO)
    assert "None" not in said
    assert "  " not in said
    assert " ." not in said


@pytest.mark.parametrize("log10_lr", [0.0, 0.2, -0.29])
@pytest.mark.parametrize("decided_by", [d for d, o in OUTCOME_OF.items() if o != Outcome.EXCLUDED])
def test_a_ratio_near_one_cannot_tell(decided_by: DecidedBy, log10_lr: float) -> None:
    near_one = replace(FULL, log10_lr=log10_lr, log10_lr_low=-0.5, log10_lr_high=0.5)
    said = say(decided_by, near_one).lower()
    assert "not there" not in said
    assert "more likely" not in said
    if decided_by not in {DecidedBy.CLOCK, DecidedBy.CONTRADICTION}:
        assert "the trail cannot tell" in said


def test_support_against_turns_the_ratio_round() -> None:
    against = replace(FULL, log10_lr=-2.0, log10_lr_low=-3.0, log10_lr_high=-1.2)
    assert ratio_words(against) == (
        "what the tag recorded is about 100 times more likely if the wearer was living as usual "
        "than if being where the offender was (interval 15 to 1,000): moderate support against "
        "presence"
    )


def test_an_interval_over_one_says_so() -> None:
    wide = replace(FULL, log10_lr=0.5, log10_lr_low=-0.3, log10_lr_high=1.0)
    assert "(interval from 2 times less to 10 times more)" in ratio_words(wide)
    assert ratio_words(wide).endswith("so the trail cannot tell")


def test_a_capped_ratio_is_said_as_a_bound() -> None:
    capped = replace(FULL, log10_lr=1.0, log10_lr_low=1.0, log10_lr_high=1.0, cap_log10=1.0)
    assert "is at least 10 times more likely" in ratio_words(capped)
    assert "(capped at 10, the most that is stated here): weak support" in ratio_words(capped)
    against = replace(capped, log10_lr=-1.0, log10_lr_low=-1.0, log10_lr_high=-1.0)
    assert "at least 10 times more likely if the wearer was living as usual" in ratio_words(against)


def test_an_interval_whose_far_end_is_capped_says_or_more() -> None:
    high = replace(FULL, log10_lr=0.9, log10_lr_low=0.5, log10_lr_high=1.0, cap_log10=1.0)
    assert "about 8 times more likely" in ratio_words(high)
    assert "(interval 3 to 10 or more)" in ratio_words(high)
    both = replace(high, log10_lr=0.5, log10_lr_low=-1.0)
    assert "(interval from 10 or more times less to 10 or more times more)" in ratio_words(both)


def test_an_answer_of_no_width_below_its_cap_is_no_bound() -> None:
    exact = replace(FULL, log10_lr=-2.0, log10_lr_low=-2.0, log10_lr_high=-2.0, cap_log10=4.0)
    assert "about 100 times more likely" in ratio_words(exact)
    assert "(interval 100 to 100)" in ratio_words(exact)


def test_none_seen_is_a_bound_not_nought() -> None:
    none_seen = replace(FULL, expected_chance_matches=0.0, chance_windows=8)
    assert "fewer than 0.4 others" in chance_words(none_seen)
    assert "none did in 8 comparison windows" in chance_words(none_seen)
    unknown = replace(FULL, expected_chance_matches=0.0, chance_windows=None)
    assert chance_words(unknown) == "no other wearer scored as high in the comparison windows"
    assert chance_words(replace(FULL, expected_chance_matches=None)) == ""


def test_an_outcome_cannot_be_decided_by_something_else() -> None:
    with pytest.raises(ValueError, match="REACH decides excluded"):
        sentence(Outcome.CANDIDATE, DecidedBy.REACH, FULL)
