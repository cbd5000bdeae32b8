"""What of a FHIR file is not in the record that was read from it."""

from __future__ import annotations

from insulinoma.record.io.compare import left_over
from insulinoma.record.io.fhir.elements import Json, inner, items
from insulinoma.record.io.fhir.export import export_bundle
from insulinoma.record.schema import CaseRecord
from insulinoma.record.tree import NotRead, Place, Tree, dotted

_STRUCTURE = ("resourceType", "subject", "patient", "id")
_MOST_NAMES = 12


def unread_in_bundle(tree: Tree, record: CaseRecord) -> list[NotRead]:
    """Whole resources and single elements that did not reach the record, in the order of the file."""
    written = {entry["fullUrl"]: entry["resource"] for entry in export_bundle(record).data["entry"]}
    in_order = list(written.values())
    by_place = _written_for(tree, in_order)
    found = list(tree.unread)
    listed = items(tree.raw, "entry") if inner(tree.raw, "resourceType") == "Bundle" else [{"resource": tree.raw}]
    taken = {part.place for part in found}
    for index, entry in enumerate(listed):
        place: Place = ("entry", index, "resource") if inner(tree.raw, "resourceType") == "Bundle" else ()
        resource, same = entry.get("resource"), written.get(str(entry.get("fullUrl")))
        against = same if same is not None else by_place.get(place)
        if against is None or not isinstance(resource, dict) or dotted(place) in taken:
            continue
        missing = left_over(resource, against, ignored=("recorded",) if same is not None else _STRUCTURE)
        if missing:
            found.append(NotRead(dotted(place), _kind(resource), f"not read: {_shortened(missing)}"))
    return sorted(found, key=lambda part: part.order)


def _written_for(tree: Tree, written: list[Json]) -> dict[Place, Json]:
    """The resource written for each place of the file whose item was read."""
    from insulinoma.record.io.fhir.elements import fact_of

    by_item = {}
    for resource in written:
        fact = fact_of(resource)
        if fact is not None:
            by_item[fact.get("section"), fact.get("index")] = resource
        elif resource["resourceType"] == "Patient":
            by_item.setdefault(("patient", 0), resource)
    return {place: by_item[item] for item, place in tree.origins.items() if item in by_item}


def _kind(resource: Json) -> str:
    return str(resource.get("resourceType"))[:40]


def _shortened(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
