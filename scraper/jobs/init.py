"""``postkeep init``: an archive folder with its settings file."""

import json
import re
from pathlib import Path
from typing import Final

from scraper.archive.archive import Archive
from scraper.archive.disk import Disk
from scraper.archive.files import is_archive
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.jobs.shared_key import share_key
from scraper.model.outcome import Item, Report
from scraper.settings import SETTINGS_FILE
from scraper.settings_file import load_settings, read_contact
from scraper.settings_table import HOST, PUBLISH, REFRESH, TOP

_CONTACT_NEXT: Final = "Before any site can be visited it must be able to reach you: postkeep init {folder} --contact you@example.org"
_SHARES_KEY: Final = (
    "It shares the pseudonym key of {other}, so the two can be merged into one dataset, if what shapes rows agrees in their "
    "settings: names, scrub, license, keep_deleted_text and zones."
)
_CONTACT: Final = re.compile(r"""^[ \t]*(?:contact|"contact"|'contact')[ \t]*=.*$""", re.MULTILINE)
_CONTACT_COMMENT: Final = re.compile(r"^#[ \t]*contact[ \t]*=.*$", re.MULTILINE)
_TABLE: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)
_HEAD: Final = (
    "# The settings of this archive. POSTKEEP_<NAME> variables win over this file, flags over both."
)
# Those that are written as settings, and not as comments: what they stand for is said without being looked up.
_WRITTEN: Final = frozenset({"names", "scrub"})
# The tables, each with the line that opens it and what is said of it.
_TABLES: Final = (
    ("[refresh]", "How often `postkeep refresh` looks at a post again, and what one run may cost.", REFRESH),
    ("[publish]", "When and how far a publication may go without anyone looking.", PUBLISH),
    ('[host."example.org"]', "What you know about one host.", HOST),
)
_FIRST: Final = "There is no archive yet, so one is made at {folder}."


def init(folder: Path, contact: str | None, key_of: Path | None = None) -> Report:
    """Make ``folder`` an archive: the folder and its postkeep.toml; where that is there, set its ``contact``.

    With ``key_of`` it shares the pseudonym key of another archive, and has it before anything else.

    Raises:
        UsageError: there is a postkeep.toml and nothing to set, it cannot be written, the contact is no contact, or the key cannot be shared.
        ArchiveDamagedError, StopError: as ``share_key``.
    """
    path = folder / SETTINGS_FILE
    address = read_contact(contact or "", "--contact")
    line = f"contact = {json.dumps(address)}" if address else '# contact = "you@example.org"'
    try:
        if key_of is not None:
            share_key(folder, key_of)
        is_new = not path.exists()
        if not is_new and address is None and key_of is None:
            message = f"{path} is there already, so nothing was changed. Edit it, or set who can be reached: postkeep init {folder} --contact you@example.org"
            raise UsageError(message)
        folder.mkdir(parents=True, exist_ok=True)
        if is_new:
            _write(path, _template(line))
        elif address:
            _write(path, _with_contact(path, line))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}. Choose another folder, or make this one yours to write."
        ) from error
    remarks = [
        *([] if key_of is None else [_SHARES_KEY.format(other=key_of)]),
        *([] if address or not is_new else [_CONTACT_NEXT.format(folder=folder)]),
    ]
    return Report(
        items=(Item(str(folder), "done", reason=" ".join(remarks) or None),),
        outputs=(str(path),),
    )


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _template(contact: str) -> str:
    """A new postkeep.toml: every setting with what it means, as a comment where its default holds."""
    parts = [_HEAD]
    for key, setting in TOP.items():
        sign = "" if key in _WRITTEN else "# "
        line = contact if key == "contact" else f"{sign}{key} = {setting.example}"
        parts.append(f"# {setting.meaning}\n{line}")
    for opening, meaning, settings in _TABLES:
        lines = (f"# {key} = {setting.example}  # {setting.meaning}" for key, setting in settings.items())
        parts.append("\n".join((f"# {meaning}", f"# {opening}", *lines)))
    return "\n\n".join(parts) + "\n"


def make_place(folder: Path, disk: Disk, progress: Progress) -> None:
    """Make a folder an archive without settings, and say where; nothing changes where it is one.

    Raises:
        UsageError: the folder holds other things.
        StopError: the folder cannot be written.
    """
    is_new = not is_archive(folder)
    Archive.create(folder, disk)
    if is_new:
        progress.announce(_FIRST.format(folder=folder.absolute()))


def make_first(folder: Path, contact: str | None, progress: Progress, *, is_named: bool) -> tuple[str, ...]:
    """Make the archive at its default place where there is none, if a contact was given for it; gives the files that were made.

    Where the place ``is_named``, by a flag or a variable, none is made, nor where anything lies there: a disk that is not
    mounted must not give birth to a second archive, with a second key.

    Raises:
        UsageError: there is no archive, and none is made; or it cannot be written.
    """
    if is_archive(folder):
        return ()
    if contact is None:
        message = f"{folder} is no archive. To make one there and go on, say how the sites you visit can reach you: --contact you@example.org"
        raise UsageError(
            message if not is_named else f"{folder} is no archive. Make one with `postkeep init {folder}`."
        )
    if is_named:
        message = (
            f"{folder} is no archive, and where a folder is named none is made by itself: a disk that is missing must not "
            f"get a second archive. Make one with `postkeep init {folder} --contact {contact}`."
        )
        raise UsageError(message)
    if folder.is_symlink() or folder.exists():
        message = (
            f"{folder} is there and is no archive. If a disk belongs there, mount it. To make it an archive, run: "
            f"postkeep init {folder} --contact {contact}"
        )
        raise UsageError(message)
    progress.announce(_FIRST.format(folder=folder.absolute()))
    return init(folder, contact).outputs


def _with_contact(path: Path, line: str) -> str:
    """The settings with ``line`` in place of their contact, or of the comment that stands for one; else before all others."""
    load_settings(path.parent, {})
    text = path.read_text(encoding="utf-8-sig")
    head, bracket, tables = _before_tables(text)
    for place in (_CONTACT, _CONTACT_COMMENT):
        changed, count = place.subn(lambda _: line, head, count=1)
        if count:
            return changed + bracket + tables
    return f"{line}\n{text}"


def _before_tables(text: str) -> tuple[str, str, str]:
    """The settings before the first table, the bracket that opens it, and the rest."""
    table = _TABLE.search(text)
    return (text, "", "") if table is None else (text[: table.start()], table[0], text[table.end() :])
