"""References by key: every number in the program names one, and one file holds them all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from insulinoma.data import read_text
from insulinoma.errors import UnknownNameError, did_you_mean

_ENTRY = re.compile(r"@(?P<kind>\w+)\{(?P<key>[^,]+),(?P<body>.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"\n\s*(?P<name>\w+)\s*=\s*\{(?P<value>.*?)\},?(?=\n|$)", re.DOTALL)


@dataclass(frozen=True)
class Reference:
    """One entry of `references.bib`."""

    key: str
    kind: str
    fields: dict[str, str]

    @property
    def text(self) -> str:
        """The reference as a line of text: authors, title, where, year, identifier.

        >>> reference("Cryer2009").text.startswith("Cryer PE")
        True
        """
        where = " ".join(
            part
            for part in (
                self.fields.get("journal") or self.fields.get("publisher", ""),
                self.fields.get("year", ""),
                self._volume_and_pages(),
            )
            if part
        )
        parts = [self.fields.get("author", ""), self.fields.get("title", ""), where, self.identifier]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    @property
    def identifier(self) -> str:
        """DOI, PMID or PMCID, whichever is known, or nothing."""
        for name in ("doi", "pmid", "pmcid"):
            if name in self.fields:
                return f"{name}:{self.fields[name]}"
        return ""

    def _volume_and_pages(self) -> str:
        volume, pages = self.fields.get("volume", ""), self.fields.get("pages", "")
        return f"{volume}:{pages}" if volume and pages else volume or pages


@cache
def references() -> dict[str, Reference]:
    """All references by key."""
    found = {}
    for match in _ENTRY.finditer(read_text("references.bib")):
        fields = {field["name"].lower(): " ".join(field["value"].split()) for field in _FIELD.finditer(match["body"])}
        found[match["key"].strip()] = Reference(match["key"].strip(), match["kind"].lower(), fields)
    return found


def reference(key: str) -> Reference:
    """The reference of a key; UnknownNameError with the nearest keys if there is none."""
    found = references().get(key)
    if found is None:
        problem = f"{key!r} is not a key of references.bib"
        raise UnknownNameError(problem, "the key of an entry", did_you_mean(key, references()))
    return found
