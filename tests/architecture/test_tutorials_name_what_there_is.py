"""What the tutorials say is there: labels, commands, accounts, menus, addresses, pages linked.

In a tutorial that begins with the demonstration **bold** is for the console's own words. Whether
its commands work, `tests/functional/test_tutorials.py` finds out by running them.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

import tipstaff.services  # noqa: F401 (makes Django ready)
from tipstaff.cli.app import app
from tipstaff.cli.county.cast import ROLES, SECOND_OPERATOR
from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.roles import Role
from tipstaff.web.desks import ACTS, DESKS, LISTINGS
from tipstaff.web.sections import SECTIONS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WEB = ROOT / "src" / "tipstaff" / "web"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in DOCS.glob("tutorials/*.md")}
CONSOLE = sorted(name for name, text in PAGES.items() if "`./run demo`" in text)
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
JINJA = re.compile(r"\{[%{#].*?[%}#]\}", re.DOTALL)


def prose(text: str) -> str:
    return BLOCK.sub("", text)


def plain(words: str) -> str:
    """Words as they are compared: one kind of apostrophe, one space, no stop at the end."""
    return " ".join(words.replace("’", "'").split()).rstrip(".:,( ")


def said_by(path: Path) -> Iterator[str]:
    """What a module or template of the console may put on a page, piece by piece."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
        return
    yield from re.findall(r'"text": "([^"]+)"', text)
    for block in JINJA.findall(text):
        yield from re.findall(r'"([^"]+)"', block)
    yield from re.split(r"<[^>]*>|\0", JINJA.sub("\0", text))


@cache
def pieces() -> frozenset[str]:
    paths = [*WEB.rglob("*.py"), *WEB.rglob("*.jinja")]
    return frozenset(piece for path in paths for piece in said_by(path))


@cache
def labels() -> frozenset[str]:
    return frozenset(plain(piece) for piece in pieces())


@cache
def own_labels() -> frozenset[str]:
    texts = ROOT / "src" / "tipstaff" / "formats" / "own_texts" / "en.toml"
    told: dict[str, Any] = tomllib.loads(texts.read_text(encoding="utf-8"))
    return frozenset(plain(str(words)) for words in told["words"].values())


def is_label(words: str) -> bool:
    """A piece, or a piece with an ending that some roles get, as in "Take it in and match it"."""
    known, told = labels(), plain(words)
    tails = (plain(piece) for piece in pieces() if piece.startswith(" "))
    return told in known or any(
        tail and told.endswith(f" {tail}") and told.removesuffix(f" {tail}") in known
        for tail in tails
    )


def may(role: Role, use_case: str) -> bool:
    return ROWS[use_case].reach_of(role) is not None


def accounts(text: str) -> list[str]:
    return re.findall(r"[Ss]ign\s+in\s+as\s+`(\w+)`", text)


def test_the_tutorials_are_read() -> None:
    assert len(CONSOLE) >= 8
    assert sum(len(BOLD.findall(PAGES[name])) for name in CONSOLE) > 200


def test_the_words_are_those_of_the_console_and_no_others() -> None:
    assert is_label("Record my reading")
    assert is_label("Take it in and match it")
    assert not is_label("Record your reading")
    assert not is_label("my reading")


@pytest.mark.parametrize("name", CONSOLE)
def test_what_is_bold_is_a_label_of_the_console(name: str) -> None:
    wrong = [words for words in BOLD.findall(prose(PAGES[name])) if not is_label(words)]
    assert wrong == []


def test_what_is_bold_is_a_label_of_the_wearers_own_page() -> None:
    wrong = [words for words in BOLD.findall(PAGES["wearer"]) if plain(words) not in own_labels()]
    assert wrong == []


@pytest.mark.parametrize("name", CONSOLE)
def test_whom_it_signs_in_the_demonstration_has(name: str) -> None:
    players = {SECOND_OPERATOR, *(role.value for role in ROLES)}
    named = accounts(PAGES[name])
    assert named
    assert set(named) <= players


@pytest.mark.parametrize("name", CONSOLE)
def test_the_menu_is_the_roles(name: str) -> None:
    text = PAGES[name]
    told = re.search(r"Your menu has (.+?\*\*)\.", text, re.DOTALL)
    assert told
    role = Role(accounts(text[: told.start()])[-1])
    menu = ["Home", *(one.words for one in SECTIONS if may(role, one.use_case))]
    for desk in DESKS.values():
        needs = [one.use_case for one in desk.listings] + [one[2] for one in desk.pages]
        menu += [desk.title] if any(may(role, one) for one in needs) else []
    assert BOLD.findall(told[1]) == menu


@pytest.mark.parametrize("name", CONSOLE)
def test_nobody_is_sent_to_a_list_or_form_that_is_closed_to_them(name: str) -> None:
    """Of labels that no template has: those might be another thing of the same name."""
    roles = [Role(one) for one in accounts(PAGES[name]) if one != SECOND_OPERATOR]
    needs: dict[str, set[str]] = {}
    for title, use_case in (
        *((listing.title, listing.use_case) for _desk, listing in LISTINGS.values()),
        *((act.title, act.use_case) for act in ACTS.values()),
    ):
        needs.setdefault(plain(title), set()).add(use_case)
    elsewhere = {
        plain(piece) for path in WEB.rglob("*.jinja") for piece in said_by(path) if piece.strip()
    }
    closed = [
        words
        for words in map(plain, BOLD.findall(PAGES[name]))
        if words in needs.keys() - elsewhere
        and not any(may(role, one) for role in roles for one in needs[words])
    ]
    assert closed == []


def lines_of_commands(text: str) -> Iterator[str]:
    """Commands in the running text, and in blocks that are not run by the tests."""
    yield from SPAN.findall(prose(text))
    for kind, block in BLOCK.findall(text):
        if kind != "sh":
            yield from block.splitlines()


@cache
def known_commands() -> dict[str, set[str]]:
    """Every command and group by its whole name, with its options."""

    def below(name: str, command: Any) -> Iterator[tuple[str, set[str]]]:
        yield name, {one for parameter in command.params for one in parameter.opts}
        if hasattr(command, "list_commands"):
            context = typer.Context(command)
            for child in command.list_commands(context):
                yield from below(f"{name} {child}", command.get_command(context, child))

    return dict(below("tipstaff", typer.main.get_command(app)))


def unknown_in(line: str) -> list[str]:
    """What of a command line there is not: the command, or an option of it."""
    known, words = known_commands(), line.split()
    name = words.pop(0)
    while words and f"{name} {words[0]}" in known:
        name = f"{name} {words.pop(0)}"
    groups = {one.rpartition(" ")[0] for one in known}
    if name in groups and words and not words[0].startswith("-"):
        return [f"{name} {words[0]}"]
    options = {word for word in words if word.startswith("--")}
    return sorted(f"{name} {option}" for option in options - known[name])


def test_a_command_that_is_not_there_is_found() -> None:
    assert unknown_in("tipstaff alerts show W1/1 --purpose audit") == []
    assert unknown_in("tipstaff alerts shown W1/1") == ["tipstaff alerts shown"]
    assert unknown_in("tipstaff audit verify --deep") == ["tipstaff audit verify --deep"]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_command_in_the_text_exists(name: str) -> None:
    lines = list(lines_of_commands(PAGES[name]))
    wrong = [one for line in lines if line.split()[:1] == ["tipstaff"] for one in unknown_in(line)]
    usage = (ROOT / "run").read_text(encoding="utf-8")
    wrong += [
        line for line in lines
        if line.startswith("./run ") and f"\n  {line.split()[1]} " not in usage
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("name", [*CONSOLE, "wearer"])
def test_every_address_in_the_text_exists(name: str) -> None:
    from django.urls import Resolver404, resolve

    for address in SPAN.findall(prose(PAGES[name])):
        if address.startswith("/"):
            try:
                resolve(address, "tipstaff.web.urls")
            except Resolver404:
                pytest.fail(f"no page at {address}")


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_linked_exists(name: str) -> None:
    links = [link for link in LINK.findall(PAGES[name]) if "://" not in link]
    assert [link for link in links if not (DOCS / "tutorials" / link).exists()] == []


def test_every_tutorial_is_found_from_the_front_pages() -> None:
    docs = (DOCS / "README.md").read_text(encoding="utf-8")
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in PAGES if f"(tutorials/{name}.md)" not in docs] == []
    assert [name for name in CONSOLE if f"(docs/tutorials/{name}.md)" not in front] == []
