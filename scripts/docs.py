"""Writes the pages of docs/reference that are taken from the code: `./run docs`.

With --check nothing is written; the exit code is 1 where a page is missing or stale.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer

from scripts.api_page import api_reference
from scripts.law_pages import law_reference
from scripts.monitoring_pages import monitoring_reference
from scripts.permission_pages import permission_reference
from tipstaff.cli.app import app
from tipstaff.cli.exit_codes import MEANINGS
from tipstaff.feeds import openapi
from tipstaff.formats.case_json import case_schema
from tipstaff.formats.device_json import device_schema
from tipstaff.formats.json_documents import schema_of
from tipstaff.formats.own_manifest import OWN_ANSWERS, OWN_EXPORT
from tipstaff.formats.plan_documents import plan_schema
from tipstaff.formats.transfer_files import TRANSFER
from tipstaff.formats.whole_record_json import WHOLE_RECORD, WORN_RECORD
from tipstaff.settings import CONFIG_VARIABLE, Settings

REFERENCE: Final = Path(__file__).resolve().parents[1] / "docs" / "reference"
_NOTICE: Final = "<!-- Taken from the code by ./run docs. Do not edit. -->\n"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command and group with its whole name, parents before children."""
    yield from _below("tipstaff", typer.main.get_command(app))


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield name, command
    if hasattr(command, "list_commands"):
        context = typer.Context(command)
        for child in command.list_commands(context):
            yield from _below(f"{name} {child}", command.get_command(context, child))


def parameters(command: Any) -> list[Any]:
    """The arguments and options that a command shows."""
    return [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]


def cli_reference() -> str:
    """The commands, from the very text that --help shows."""
    parts = [_NOTICE, "# Commands\n", "Each is also shown by `--help`.\n", _exit_codes()]
    for name, command in commands():
        parts.append(f"## {name}\n")
        parts.append(f"{_plain(command.help)}\n")
        shown = [p for p in parameters(command) if p.opts != ["--version"]]
        if shown:
            parts.append("| argument or option | default | meaning |\n|---|---|---|")
            parts += [_parameter_row(p) for p in shown]
            parts.append("")
    return "\n".join(parts)


def _exit_codes() -> str:
    rows = [f"| {code} | {_cell(meaning)} |" for code, meaning in MEANINGS.items()]
    return "\n".join(["## Exit codes\n", "| code | meaning |\n|---|---|", *rows, ""])


def settings_reference() -> str:
    """Every setting with its default and its help."""
    prefix = str(Settings.model_config.get("env_prefix", ""))
    parts = [
        _NOTICE,
        "# Settings\n",
        "From the environment, or from the settings file under the name in lower case, "
        f"`{prefix}` left off; the environment wins. `{CONFIG_VARIABLE}`, an environment variable "
        "only, names the file; without it the file is `tipstaff.toml` in the data folder.\n",
        "| variable | default | meaning |\n|---|---|---|",
    ]
    fields = Settings.model_fields
    for name in sorted(fields, key=lambda name: name not in Settings.__annotations__):
        field = fields[name]
        default = "required" if field.is_required() else _default(field.default)
        parts.append(f"| `{prefix}{name.upper()}` | {default} | {_cell(field.description)} |")
    return "\n".join([*parts, ""])


def pages() -> dict[Path, str]:
    """Each generated page's path and text."""
    return {
        REFERENCE / "cli.md": cli_reference(),
        REFERENCE / "settings.md": settings_reference(),
        REFERENCE / "law.md": f"{_NOTICE}\n{law_reference()}",
        REFERENCE / "permissions.md": f"{_NOTICE}\n{permission_reference()}",
        REFERENCE / "monitoring.md": f"{_NOTICE}\n{monitoring_reference()}",
        REFERENCE / "api.md": f"{_NOTICE}\n{api_reference()}",
        REFERENCE / "case.schema.json": json.dumps(case_schema(), indent=2) + "\n",
        REFERENCE / "plan.schema.json": json.dumps(plan_schema(), indent=2) + "\n",
        REFERENCE / "transfer.schema.json": json.dumps(transfer_schema(), indent=2) + "\n",
        REFERENCE / "own-export.schema.json": json.dumps(own_schema(), indent=2) + "\n",
        REFERENCE / "intake.openapi.json": openapi.text().decode(),
        REFERENCE / "devices.schema.json": json.dumps(device_schema(), indent=2) + "\n",
    }


def transfer_schema() -> dict[str, Any]:
    """The schema of the documents within a transfer; the first two are in an own export too."""
    return schema_of("The documents of a transfer", WHOLE_RECORD, WORN_RECORD, TRANSFER)


def own_schema() -> dict[str, Any]:
    """The schema of the documents that only a wearer's own export has."""
    return schema_of("The documents of a wearer's own export", OWN_EXPORT, OWN_ANSWERS)


def _parameter_row(parameter: Any) -> str:
    names = ", ".join(f"`{n}`" for n in (*parameter.opts, *parameter.secondary_opts))
    default = "required" if parameter.required else _default(parameter.default)
    return f"| {names} | {default} | {_cell(getattr(parameter, 'help', ''))} |"


def _default(value: Any) -> str:
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    if value is None or value in ("", [], ()) or callable(value):
        return ""
    return f"`{getattr(value, 'value', value)}`"


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _plain(text: str | None) -> str:
    """Help as written, without Typer's paragraph mark."""
    return (text or "").replace("\b", "").strip()


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check compare them."""
    stale = [
        path
        for path, text in pages().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        sys.stdout.write(f"{'stale' if '--check' in arguments else 'written'}: {path.name}\n")
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages()[path], encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tipstaff.settings_django")
    raise SystemExit(main(sys.argv[1:]))
