"""A person's copy of their consent as plain text, or as one page of HTML that fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import fill
from typing import Final

from tipstaff.domain.consent_texts import Copy

_WIDTH: Final = 78
_STYLE: Final = "body{font:1.2rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}"


def plain_copy(copy: Copy) -> str:
    """The copy in lines of at most 78 characters."""
    return "\n".join([*_lines(copy), ""])


def html_copy(copy: Copy) -> str:
    """The copy as a page; what was entered stands in it as text, whatever it is."""
    parts = [f"<h1>{escape(copy.title)}</h1>"]
    if copy.notice:
        parts.append(f"<p><strong>{escape(copy.notice)}</strong></p>")
    for heading, paragraphs in copy.sections:
        parts.append(f"<h2>{escape(heading)}</h2>")
        parts += [f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs]
    parts.append(f"<p><small>{escape(copy.footer)}</small></p>")
    head = f'<meta charset="utf-8"><title>{escape(copy.title)}</title><style>{_STYLE}</style>'
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{copy.language}">\n<head>{head}</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _lines(copy: Copy) -> Iterator[str]:
    yield copy.title.upper()
    if copy.notice:
        yield from ("", fill(copy.notice, _WIDTH))
    for heading, paragraphs in copy.sections:
        yield from ("", heading)
        for paragraph in paragraphs:
            yield fill(paragraph, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield from ("", copy.footer)
