"""Texts of consent: one TOML file a version. No code.

Keys at the top: `id`, `version`, `kind`, `source`, `from` (the first day on which it is put to
people), `until` (the first day on which it no longer is; left out while it is). Then a table for
each language (`en`, `cy`): `title`; `notice`, which stands above it, may be left out;
`[[en.section]]` for each of `domain.consent_texts.SECTIONS` with `name`, `heading`, `always`, and
where it matters `if_matching` and `if_not_matching`; `[en.words]` for what stands in the gaps.

The gaps are {given}, {ends}, {agencies}, {crimes}, {forces}.
"""

from __future__ import annotations

from string import Formatter
from typing import Any, Final

from tipstaff.domain.consent_texts import SECTIONS, ConsentText, Language, Section, Wording
from tipstaff.domain.consents import ConsentKind
from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values

GAPS: Final = ("given", "ends", "agencies", "crimes", "forces")
_NEEDED: Final = ("no_end", "end", "nobody", "any")
_KEYS: Final = ("id", "version", "kind", "source", "from", "until", *Language)
_SECTION: Final = ("name", "heading", "always", "if_matching", "if_not_matching")


def parse_text(source: bytes) -> ConsentText | tuple[TomlFault, ...]:
    """Read one version of a text; every fault at once where it is not a good one."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return (values,)
    reader = Checker(values)
    reader.known_fields("", values, _KEYS)
    kinds = [kind.value for kind in ConsentKind]
    text = ConsentText(
        text_id=reader.text("id", values.get("id")),
        version=reader.count("version", values.get("version")),
        kind=ConsentKind(reader.choice("kind", values.get("kind"), kinds)),
        source=reader.text("source", values.get("source")),
        start=reader.day("from", values.get("from")),
        end=reader.day("until", values["until"]) if "until" in values else None,
        wordings={language: _wording(reader, language) for language in Language},
    )
    return tuple(reader.faults) or text


def _wording(reader: Checker, language: Language) -> Wording:
    table = reader.table(language)
    reader.known_fields(language, table, ("title", "notice", "section", "words"))
    sections = table.get("section")
    listed = sections if isinstance(sections, list) else []
    found = tuple(_section(reader, f"{language}.section[{n}]", s) for n, s in enumerate(listed))
    if tuple(section.name for section in found) != SECTIONS:
        reader.fault(
            f"{language}.section", "are not the ones needed", f"write {', '.join(SECTIONS)}"
        )
    notice = table.get("notice")
    return Wording(
        title=reader.text(f"{language}.title", table.get("title")),
        sections=found,
        words=_words(reader, language, table.get("words")),
        notice="" if notice is None else reader.text(f"{language}.notice", notice),
    )


def _words(reader: Checker, language: str, table: Any) -> dict[str, str]:
    words = table if isinstance(table, dict) else {}
    for name in _NEEDED:
        reader.text(f"{language}.words.{name}", words.get(name))
    return {name: reader.text(f"{language}.words.{name}", x) for name, x in words.items()}


def _section(reader: Checker, where: str, values: Any) -> Section:
    table = values if isinstance(values, dict) else {}
    reader.known_fields(where, table, _SECTION)
    told = {
        name: reader.texts(f"{where}.{name}", table[name]) if name in table else ()
        for name in ("always", "if_matching", "if_not_matching")
    }
    for name, paragraphs in told.items():
        for paragraph in paragraphs:
            reader.test(f"{where}.{name}", paragraph, _gaps_action)
    return Section(
        name=reader.text(f"{where}.name", table.get("name")),
        heading=reader.text(f"{where}.heading", table.get("heading")),
        **told,
    )


def _gaps_action(paragraph: str) -> str | None:
    action = f"use no gaps but {', '.join(GAPS)}, each in curly brackets"
    try:
        gaps = {
            name for _text, name, _form, _how in Formatter().parse(paragraph) if name is not None
        }
    except ValueError:
        return action
    return action if gaps - set(GAPS) else None
