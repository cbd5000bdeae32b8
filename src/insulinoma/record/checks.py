"""Checks of meaning across a record: names that lead nowhere, times that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from insulinoma.errors import Fault, did_you_mean
from insulinoma.record.checks_values import check_measurements, check_treatments
from insulinoma.record.draft import Draft
from insulinoma.record.schema import CaseRecord, Claim, Conflict, Fact, Finding, Measurement, Timed, Treatment
from insulinoma.record.timeline import When
from insulinoma.record.tree import Place


def problems(draft: Draft) -> list[Fault]:
    """Every fault of meaning in the valid parts of a draft."""
    checks = (
        check_measurements,
        check_treatments,
        _check_names,
        _check_sources,
        _check_references,
        _check_conflicts,
        _check_times,
        _check_samples,
        _check_death,
        _check_claims,
    )
    return [fault for check in checks for fault in check(draft)]


def _check_names(draft: Draft) -> Iterator[Fault]:
    for name, places in draft.named.items():
        for place in places[1:]:
            first = draft.tree.line(places[0])
            yield draft.fault(
                place,
                "duplicate id",
                f"the id {name!r} is used twice",
                "a name of its own for each fact",
                f"The first is on line {first}.",
            )


def _check_sources(draft: Draft) -> Iterator[Fault]:
    for place, fact in draft.facts():
        for source in fact.source:
            if source.document not in draft.documents:
                known = sorted(draft.documents)
                yield draft.fault(
                    (*place, "source"),
                    "unknown document",
                    f"there is no document {source.document!r}",
                    f"a name under 'documents' ({', '.join(known)})",
                    did_you_mean(source.document, known),
                )


def _check_references(draft: Draft) -> Iterator[Fault]:
    lesions = {item.id for _, item in draft.items["lesions"]} | {
        name for name, places in draft.named.items() if places[0][0] == "lesions"
    }
    for place, fact in draft.facts():
        lesion = getattr(fact, "lesion", None)
        if lesion is not None and lesion not in lesions:
            names = [name for name in lesions if name]
            yield draft.fault(
                (*place, "lesion"),
                "unknown lesion",
                f"there is no lesion {lesion!r}",
                "the id of an item under 'lesions'",
                did_you_mean(lesion, names),
            )
        if isinstance(fact, Finding) and fact.related_to and fact.related_to not in draft.named:
            yield _unknown_fact(draft, (*place, "related_to"), fact.related_to)
        for field, when in _times(fact):
            for name in when.events():
                if name not in draft.named:
                    yield _unknown_fact(draft, (*place, field), name)


def _unknown_fact(draft: Draft, place: Place, name: str) -> Fault:
    return draft.fault(
        place,
        "unknown fact",
        f"there is no fact {name!r}",
        "the id of another fact of this record",
        did_you_mean(name, draft.named),
    )


def _times(fact: Fact) -> Iterator[tuple[str, When]]:
    return fact.times() if isinstance(fact, Timed) else iter(())


def _check_conflicts(draft: Draft) -> Iterator[Fault]:
    for place, item in draft.items["conflicts"]:
        yield from _check_conflict(draft, place, item)


def _check_conflict(draft: Draft, place: Place, item: Conflict) -> Iterator[Fault]:
    for index, reading in enumerate(item.readings):
        for name in reading.facts:
            if name not in draft.named:
                yield _unknown_fact(draft, (*place, "readings", index, "facts"), name)
    read = {name for reading in item.readings for name in reading.facts}
    if item.decision is not None and item.decision not in read:
        yield draft.fault(
            (*place, "decision"),
            "decision outside the conflict",
            f"{item.decision!r} is none of the facts in conflict",
            f"one of {', '.join(sorted(read))}",
        )
    if item.decision is not None and item.rule is None:
        yield draft.fault(
            (*place, "decision"),
            "decision without a rule",
            "the conflict is decided without saying how",
            "a sentence under 'rule'",
        )


def _check_times(draft: Draft) -> Iterator[Fault]:
    record = draft.record()
    for place, fact in draft.facts():
        for field, when in _times(fact):
            yield from _check_when(draft, record, (*place, field), when)
        if isinstance(fact, Timed) and fact.id and _depends_on_itself(record, fact):
            yield draft.fault(
                (*place, "when"),
                "circular time",
                f"the time of {fact.id!r} depends on itself",
                "a chain of times that ends at a day, a date or 'unknown'",
            )
        if isinstance(fact, Treatment):
            yield from _check_course(draft, record, place, fact)


def _check_when(draft: Draft, record: CaseRecord, place: Place, when: When) -> Iterator[Fault]:
    if (
        record.clock.day_zero_date is None
        and any(point is not None and point.date for point in when.points)
        and _uses_days(draft)
    ):
        yield draft.fault(
            place,
            "date beside days",
            f"{when.text!r} is a date, other facts have day numbers, and day 0 has no date",
            "days or dates, or 'clock.day_zero_date'",
        )
    span = record.span(when)
    if span.earliest > span.latest:
        yield draft.fault(place, "reversed time", f"{when.text!r} ends before it begins", "the earlier time first")


def _uses_days(draft: Draft) -> bool:
    return any(
        point is not None and point.day is not None
        for _, fact in draft.facts()
        for _, when in _times(fact)
        for point in when.points
    )


def _depends_on_itself(record: CaseRecord, fact: Timed) -> bool:
    seen: set[str] = set()
    names = {name for _, when in _times(fact) for name in when.events()}
    while names:
        if fact.id in names:
            return True
        seen |= names
        others = (record.by_id[name] for name in names if name in record.by_id)
        names = {name for other in others for _, when in _times(other) for name in when.events()} - seen
    return False


def _check_course(draft: Draft, record: CaseRecord, place: Place, item: Treatment) -> Iterator[Fault]:
    if item.start is not None and item.when.known:
        yield draft.fault(
            (*place, "start"),
            "two times",
            "'when' and 'start' are both set",
            "'when' for a window, or 'start' and 'stop'",
        )
    if item.start is None or item.stop is None:
        return
    start, stop = record.span(item.start), record.span(item.stop)
    if stop.latest <= start.earliest:
        yield draft.fault(
            (*place, "stop"),
            "stop before start",
            f"{item.treatment} stops ({item.stop.text}) before it starts ({item.start.text})",
            "a stop after the start",
        )


def _check_samples(draft: Draft) -> Iterator[Fault]:
    times: dict[str, tuple[str, Measurement]] = {}
    for place, item in draft.items["measurements"]:
        if item.sample is None:
            continue
        first, _ = times.setdefault(item.sample, (item.when.text, item))
        if item.when.text != first:
            yield draft.fault(
                (*place, "when"),
                "sample at two times",
                f"the sample {item.sample!r} was drawn at {first!r}, here it is {item.when.text!r}",
                "one time for one sample",
                "Give this measurement another sample name.",
            )


def _check_death(draft: Draft) -> Iterator[Fault]:
    record = draft.record()
    deaths = [(place, item) for place, item in draft.items["events"] if item.event == "death"]
    for place, _ in deaths[1:]:
        yield draft.fault(
            place,
            "second death",
            "the patient dies twice",
            "one event 'death'",
            "If sources disagree, record the conflict.",
        )
    if not deaths:
        return
    end = record.span(deaths[0][1].when).latest
    if end == inf:
        return
    for place, fact in draft.facts():
        for field, when in _times(fact):
            span = record.span(when)
            if end <= span.earliest < inf:
                yield draft.fault(
                    (*place, field),
                    "after death",
                    f"{when.text!r} is after the death of the patient ({deaths[0][1].when.text})",
                    "a time before death",
                    "Look at both days in the source.",
                )


def _check_claims(draft: Draft) -> Iterator[Fault]:
    for place, item in draft.items["claims"]:
        if isinstance(item, Claim) and (item.value is None) != (item.unit is None):
            missing = "unit" if item.unit is None else "value"
            yield draft.fault(
                place,
                "missing unit" if missing == "unit" else "no value",
                f"the claim has no {missing}",
                "a value with its unit, or neither",
            )
