"""The message of a publication's commit, by which later runs know what it was."""

import re
from dataclasses import dataclass
from typing import Final

_FIELD: Final = re.compile(r"\bPostkeep-(Archive|Tag|Manifest|Form|Pending): (\S+)")
_PENDING: Final = "takedown"
_TEXT: Final = "text"
_WITHOUT_TEXT: Final = "without-text"


@dataclass(frozen=True, slots=True)
class Note:
    """What a publication says of itself in its commit.

    ``archive`` names the archive it came from without telling anything about it, ``tag`` is the name it gets,
    ``manifest`` the SHA-256 of its manifest.json as hex. ``takedown_pending``: earlier commits and tags still hold
    what this one took down.
    """

    archive: str
    tag: str
    manifest: str
    with_text: bool
    takedown_pending: bool = False

    def text(self) -> str:
        """The lines for the commit's description."""
        form = _TEXT if self.with_text else _WITHOUT_TEXT
        fields = {"Archive": self.archive, "Tag": self.tag, "Manifest": self.manifest, "Form": form}
        if self.takedown_pending:
            fields["Pending"] = _PENDING
        return "\n".join(f"Postkeep-{name}: {value}" for name, value in fields.items())

    @classmethod
    def parse(cls, description: str) -> "Note | None":
        """The note in a commit's description; None where it is no publication's."""
        fields = dict(_FIELD.findall(description))
        if not fields.keys() >= {"Archive", "Tag", "Manifest", "Form"}:
            return None
        pending = fields.get("Pending") == _PENDING
        return cls(fields["Archive"], fields["Tag"], fields["Manifest"], fields["Form"] == _TEXT, pending)
