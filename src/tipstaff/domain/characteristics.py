"""Protected characteristics: the questions, and the answers that one may give. Data, not code.

They are asked for equality monitoring alone, voluntarily, and answered by the person themselves.
The questions follow the characteristics of the Equality Act 2010, section 4, and their answers the
harmonised standards of the Government Statistical Service for England and Wales†. Age is not asked:
it follows from the date of birth. A list that has been used is never changed; add the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem

#: Which list of questions this is.
QUESTIONS_VERSION: Final = "harmonised-1"
#: An answer to every question, and not the same as none.
PREFER_NOT_TO_SAY: Final = "prefer_not_to_say"
#: Nobody else may answer for a person.
SELF_DECLARED: Final = "self_declared"


class CharacteristicCode(StrEnum):
    """Why answers are refused."""

    WEARER_NOT_KNOWN = "WEARER_NOT_KNOWN"
    QUESTION_NOT_KNOWN = "QUESTION_NOT_KNOWN"
    ANSWER_NOT_KNOWN = "ANSWER_NOT_KNOWN"


@dataclass(frozen=True, slots=True)
class Question:
    """A question: which characteristic of the Act it is about, its words, its answers by code."""

    code: str
    characteristic: str
    words: str
    answers: Mapping[str, str]


def _question(code: str, characteristic: str, words: str, answers: Mapping[str, str]) -> Question:
    return Question(
        code, characteristic, words, {**answers, PREFER_NOT_TO_SAY: "I prefer not to say"}
    )


_ETHNIC_GROUPS: Final = {
    "white_british": "White: English, Welsh, Scottish, Northern Irish or British",
    "white_irish": "White: Irish",
    "white_gypsy_or_irish_traveller": "White: Gypsy or Irish Traveller",
    "white_roma": "White: Roma",
    "white_other": "White: any other White background",
    "mixed_white_and_black_caribbean": "Mixed: White and Black Caribbean",
    "mixed_white_and_black_african": "Mixed: White and Black African",
    "mixed_white_and_asian": "Mixed: White and Asian",
    "mixed_other": "Mixed: any other Mixed or multiple background",
    "asian_indian": "Asian or Asian British: Indian",
    "asian_pakistani": "Asian or Asian British: Pakistani",
    "asian_bangladeshi": "Asian or Asian British: Bangladeshi",
    "asian_chinese": "Asian or Asian British: Chinese",
    "asian_other": "Asian or Asian British: any other Asian background",
    "black_caribbean": "Black, Black British: Caribbean",
    "black_african": "Black, Black British: African",
    "black_other": "Black, Black British: any other Black background",
    "other_arab": "Other: Arab",
    "other": "Other: any other ethnic group",
}
_RELIGIONS: Final = {
    "none": "No religion",
    "christian": "Christian (all denominations)",
    "buddhist": "Buddhist",
    "hindu": "Hindu",
    "jewish": "Jewish",
    "muslim": "Muslim",
    "sikh": "Sikh",
    "other": "Any other religion",
}
_UNIONS: Final = {
    "never": "Never married and never in a civil partnership",
    "married": "Married",
    "civil_partnership": "In a registered civil partnership",
    "separated": "Separated, but still married or in a civil partnership",
    "divorced": "Divorced, or a civil partnership dissolved",
    "widowed": "Widowed, or the surviving partner of a civil partnership",
}
_DISABILITY: Final = {
    "no_condition": "No condition or illness that lasts, or is expected to last, 12 months or more",
    "not_limited": "Such a condition, which does not reduce what I can do day to day",
    "limited_a_little": "Such a condition, which reduces it a little",
    "limited_a_lot": "Such a condition, which reduces it a lot",
}

QUESTIONS: Final = (
    _question("ethnic_group", "race", "What is your ethnic group?", _ETHNIC_GROUPS),
    _question("religion", "religion or belief", "What is your religion?", _RELIGIONS),
    _question("sex", "sex", "What is your sex?", {"female": "Female", "male": "Male"}),
    _question(
        "gender_identity",
        "gender reassignment",
        "Is the gender you identify with the same as your sex registered at birth?",
        {"same": "Yes", "different": "No"},
    ),
    _question(
        "sexual_orientation",
        "sexual orientation",
        "Which of these best describes your sexual orientation?",
        {
            "straight": "Straight or heterosexual",
            "gay_or_lesbian": "Gay or lesbian",
            "bisexual": "Bisexual",
            "other": "Another sexual orientation",
        },
    ),
    _question(
        "disability",
        "disability",
        "Do you have a physical or mental health condition, and does it reduce what you can do?",
        _DISABILITY,
    ),
    _question(
        "union",
        "marriage and civil partnership",
        "What is your legal marital or civil partnership status?",
        _UNIONS,
    ),
    _question(
        "pregnancy",
        "pregnancy and maternity",
        "Are you pregnant, or have you given birth in the last 26 weeks?",
        {"yes": "Yes", "no": "No"},
    ),
)
_BY_CODE: Final = {question.code: question for question in QUESTIONS}


def question(code: str) -> Question | None:
    """The question of that code; None where there is none."""
    return _BY_CODE.get(code)


def answer_problems(answers: Mapping[str, str]) -> tuple[Problem, ...]:
    """What is wrong with answers by the codes of their questions; no answer is repeated."""
    found: list[Problem] = []
    for place, (code, answer) in enumerate(answers.items()):
        asked = question(code)
        if asked is None:
            action = f"use one of {', '.join(_BY_CODE)}"
            found.append(Problem(CharacteristicCode.QUESTION_NOT_KNOWN, f"[{place}]", action))
        elif answer not in asked.answers:
            action = f"use one of {', '.join(asked.answers)}"
            found.append(Problem(CharacteristicCode.ANSWER_NOT_KNOWN, f"[{place}]", action))
    return tuple(found)
