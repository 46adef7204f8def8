"""Crimes and matches in the console: sending files; the reviewer's own reading before strength."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from made_accounts import train
from searched_instance import crime, fill, matched, tagged
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
GOOD = b"Durham,BIAD,,DUR20260101,a,20260101220000,20260102060000,427000,542000,,,OSGB36,\r\n"
BAD = b"Durham,XX,,DUR20260101,b,20260101220000,20260102060000,427000,542000,,,OSGB36,\r\n"


def reviewer(pages: Pages, name: str) -> Any:
    """A browser of a trained reviewer."""
    browser = signed_in(pages, Role.HUB_CASEWORKER, name)
    train(name)
    return browser


def a_match(folder: Path) -> str:
    """Two candidates of one crime; where the run is."""
    fill(folder, [tagged("S1"), tagged("S2")], [crime("26-0001")])
    return f"/matches/{matched().run_id}"


def test_strength_is_shown_once_the_reviewer_has_read_the_trail(
    pages: Pages, tmp_path: Path
) -> None:
    run = a_match(tmp_path)
    rita = reviewer(pages, "rita")
    assert re.search(r"\d\d:\d\d 1 To read \S+ strength-1", text(rita.get("/matches")))
    page = f"{run}/crimes/1/candidates/S1"
    for address in (f"{run}/crimes/1", page, f"{run}/crimes/1/compare?a=S1&b=S2"):
        shown = text(rita.get(address))
        assert "times more likely" not in shown, address
        assert re.search(r"Read th\w+ trail first|Your own reading first", shown), address
    wordless = rita.post(page, {"reading": "could_have_been", "words": " "})
    assert wordless.status_code == 422
    assert "Say in a sentence what in the trail tells you so" in text(wordless)
    assert rita.post(page, {"words": "x"}).status_code == 422
    done = rita.post(page, {"reading": "was_there", "words": "half an hour at the door"})
    assert done.status_code == 302
    shown = text(rita.get(page))
    assert "times more likely" in shown
    assert "half an hour at the door" in shown
    assert "times more likely" not in text(rita.get(f"{run}/crimes/1/candidates/S2"))
    again = rita.post(page, {"reading": "was_elsewhere", "words": "changed my mind"})
    assert again.status_code == 422
    sue = reviewer(pages, "sue")
    hidden = text(sue.get(page))
    assert "times more likely" not in hidden
    assert "half an hour at the door" not in hidden, "another's reading sways too"
    sue.post(page, {"reading": "cannot_tell", "words": "one fix"})
    assert "half an hour at the door" in text(sue.get(page))


def test_the_map_of_a_crime_has_the_scene_and_the_trails(pages: Pages, tmp_path: Path) -> None:
    run = a_match(tmp_path)
    rita = reviewer(pages, "rita")
    features = rita.get(f"{run}/crimes/1/data").json()["features"]
    kinds = {one["properties"]["kind"] for one in features}
    assert {"scene", "trail", "fix"} <= kinds
    own = rita.get(f"{run}/crimes/1/data?wearer=S1").json()["features"]
    assert {w["properties"]["words"][:2] for w in own if w["properties"]["kind"] == "fix"} == {"S1"}


def test_a_series_and_what_changed(pages: Pages, tmp_path: Path) -> None:
    run = a_match(tmp_path)
    rita = reviewer(pages, "rita")
    assert "26-0001" in text(rita.get(f"{run}/wearers/S1"))
    assert rita.get(f"{run}/wearers/nobody").status_code == 404
    assert "Nothing: it is a first match" in text(rita.get(f"{run}/changes"))
    assert rita.get(f"{run}/crimes/2").status_code == 404
    assert "2 to read" in text(rita.get(run))


@pytest.mark.parametrize("role", [Role.CRIME_ANALYST, Role.INVESTIGATING_OFFICER])
def test_a_force_sees_its_batches_and_no_answer(pages: Pages, tmp_path: Path, role: Role) -> None:
    run = a_match(tmp_path)
    browser = signed_in(pages, role)
    assert browser.get("/matches").status_code == 403
    assert browser.get(f"{run}/crimes/1").status_code == 403
    page = browser.get("/crimes")
    assert "DBY20260115" in text(page)
    batch = text(browser.get(page.content.decode().split('href="/crimes/batches/')[1]
                             .join(["/crimes/batches/", ""]).split('"')[0]))  # fmt: skip
    assert "26-0001" in batch
    assert "candidate" not in batch.lower()


def test_a_file_is_sent_and_each_fault_said_beside_its_row(pages: Pages) -> None:
    browser = signed_in(pages, Role.HUB_CASEWORKER)
    nothing = browser.post("/crimes/send", {})
    assert nothing.status_code == 422
    assert "Choose a file" in text(nothing)
    sent = SimpleUploadedFile("crimes.csv", GOOD + BAD)
    shown = browser.post("/crimes/send", {"file": sent})
    assert shown.status_code == 200
    assert "Taken in, but for some rows" in text(shown)
    assert "1 of 2 rows" in text(shown)
    report = shown.content.decode().split('name="report" value="')[1].split('"')[0]
    answer = browser.post("/crimes/errors", {"report": report})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "DUR20260101" in text(browser.get("/crimes"))
    again = browser.post("/crimes/send", {"file": SimpleUploadedFile("c.csv", GOOD + BAD)})
    assert "taken in before" in text(again)


def test_an_urgent_crime_is_answered_at_once(pages: Pages, tmp_path: Path) -> None:
    a_match(tmp_path)
    rita = reviewer(pages, "rita")
    wrong = rita.post("/crimes/urgent", {"force": "Derbyshire"})
    assert wrong.status_code == 422
    assert "Enter easting and northing" in text(wrong)
    told = {"force": "Derbyshire", "reference": "26-0099", "type": "BIAD",
            "from": "2026-01-14T22:00", "to": "2026-01-14T22:30", "latitude": "52.9226",
            "longitude": "-1.4746"}  # fmt: skip
    done = rita.post("/crimes/urgent", told)
    assert done.status_code == 302
    assert "2 of the 2 wearers searched are candidates" in text(rita.get(done.headers["Location"]))


def test_each_urgent_crime_of_a_day_is_a_batch_of_its_own(pages: Pages, tmp_path: Path) -> None:
    a_match(tmp_path)
    rita = reviewer(pages, "rita")
    told = {"force": "Derbyshire", "type": "BIAD", "from": "2026-01-14T22:00",
            "to": "2026-01-14T22:30", "latitude": "52.9226", "longitude": "-1.4746"}  # fmt: skip
    shown = []
    for reference in ("26-0101", "26-0102"):
        done = rita.post("/crimes/urgent", told | {"reference": reference})
        shown.append(text(rita.get(done.headers["Location"])))
        run = done.headers["Location"].partition("/crimes/")[0]
        assert "A match of 1 crime" in text(rita.get(run))
    assert "26-0102" in shown[1]
    assert "26-0101" not in shown[1]
    batches = set(re.findall(r"[A-Za-z]+[0-9]{8}-[0-9]-A", text(rita.get("/crimes"))))
    assert len(batches) == 2


def test_whoever_may_not_match_hears_that_it_was_taken_in(pages: Pages, tmp_path: Path) -> None:
    a_match(tmp_path)
    browser = signed_in(pages, Role.CRIME_ANALYST)
    told = {"force": "Derbyshire", "reference": "26-0099", "type": "BIAD",
            "from": "2026-01-14T22:00", "to": "2026-01-14T22:30", "easting": "435400",
            "northing": "336000"}  # fmt: skip
    assert browser.post("/crimes/urgent", told).headers["Location"] == "/crimes"
    assert "The hub is told when it is matched" in text(browser.get("/crimes"))


def test_who_lacks_the_training_is_told_which_and_who_records_it(
    pages: Pages, tmp_path: Path
) -> None:
    run = a_match(tmp_path)
    ursula = signed_in(pages, Role.HUB_MANAGER, "ursula")
    page = ursula.get("/matches")
    shown = text(page)
    assert page.status_code == 200
    assert "you need training in reading and reviewing crime matches" in shown
    assert "an administrator records it" in shown
    assert "strength-1" in shown, "that there are matches is hers to know"
    assert f'href="{run}"' not in page.content.decode(), "a link that is refused is none"
    assert ursula.get(run).status_code == 403
    refused = [one for one in entries("list_reserved") if one.phase == "requested"]
    assert refused == [], "opening the page asks for nothing that is refused"
    train("ursula")
    page = ursula.get("/matches")
    assert "you need training" not in text(page)
    assert f'href="{run}"' in page.content.decode()
