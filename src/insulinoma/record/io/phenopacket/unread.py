"""What of a packet is not in the record that was read from it."""

from __future__ import annotations

import json
from typing import Any

from insulinoma.record.io.compare import left_over
from insulinoma.record.io.fhir.elements import inner, items
from insulinoma.record.io.phenopacket.export import LISTS, export_phenopacket
from insulinoma.record.io.phenopacket.names import SIDECAR, Json
from insulinoma.record.schema import CaseRecord
from insulinoma.record.tree import NotRead, Place, Tree, dotted

_ELSEWHERE = (*LISTS, "interpretations", "files", "id")
_MOST_NAMES = 12


def unread_in_packet(tree: Tree, record: CaseRecord) -> list[NotRead]:
    """Whole elements and single fields that did not reach the record, in the order of the file."""
    written = export_phenopacket(record).data
    against = _written_for(tree, written)
    found, whole = list(tree.unread), {part.place for part in tree.unread}
    for name in LISTS:
        for index, element in enumerate(items(tree.raw, name)):
            if dotted((name, index)) not in whole:
                same = against.get((name, index), inner(written, name, index))
                found += _told(dotted((name, index)), name, left_over(element, same))
    rest = {name: part for name, part in tree.raw.items() if name not in _ELSEWHERE}
    missing = left_over(rest, {name: written.get(name) for name in rest}, ignored=("created",))
    for name in dict.fromkeys(path.split(".")[0] for path in missing):
        found += _told(name, name, [path for path in missing if path.split(".")[0] == name])
    for index, file in enumerate(items(tree.raw, "files")):
        if inner(file, "fileAttributes", "fileFormat") != SIDECAR:
            found.append(NotRead(f"files[{index}]", "files", "a record has no place for it"))
    return sorted(found, key=lambda part: part.order)


def _written_for(tree: Tree, written: Json) -> dict[Place, Any]:
    """The element written for each place of the file whose item was read."""
    sections = json.loads(written["files"][0]["fileAttributes"]["content"])["sections"]
    elements: dict[Place, Any] = {}
    for (section, index), place in tree.origins.items():
        name, _, number = str(inner(sections, str(section), index, "at")).rstrip("]").partition("[")
        elements[place] = inner(written, name, int(number)) if number.isdecimal() else None
    return elements


def _told(place: str, what: str, missing: list[str]) -> list[NotRead]:
    if not missing:
        return []
    more = f" and {len(missing) - _MOST_NAMES} more" if len(missing) > _MOST_NAMES else ""
    return [NotRead(place, what, f"not read: {', '.join(missing[:_MOST_NAMES])}{more}")]
