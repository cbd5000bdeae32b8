"""What a record says was given and done, as a regimen. What it leaves open comes from declared assumptions.

Assumptions stand in one table a case under `data/regimens`: whole orders, each with the treatment of the
record that it carries out. A treatment with neither enough in the record nor an assumption is left out,
and said to be.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from insulinoma.data import read_text, resource
from insulinoma.errors import UsageError
from insulinoma.model.treatments.registry import TREATMENTS
from insulinoma.model.tumor import SITES
from insulinoma.record.schema import CaseRecord, Treatment
from insulinoma.record.timeline import Span, When
from insulinoma.simulate.protocol import Protocol
from insulinoma.simulate.regimen import Order, Regimen, UnknownDay, Unsure, minutes, order

_ACTIONS = {
    "embolization": "embolize",
    "chemoembolization": "chemoembolize",
    "ablation": "ablate",
    "resection": "resect",
}
_PLACES = {
    "right_liver_lobe": ("right_lobe",),
    "left_liver_lobe": ("left_lobe",),
    "liver": ("right_lobe", "left_lobe"),
    **dict.fromkeys(("pancreas", "pancreatic_head", "pancreatic_body", "pancreatic_tail"), ("primary",)),
}
# Days between courses, as the papers give the regimen.
_CYCLE = {"etoposide_cisplatin": 21, "irinotecan_cisplatin": 28, "streptozocin_doxorubicin": 42}
_HOUR = "10:00"


@dataclass(frozen=True)
class CaseRegimen:
    """The orders of a case; what was assumed and what was left out, a sentence each; the last day of the record."""

    regimen: Regimen
    assumed: tuple[str, ...]
    left_out: tuple[str, ...]
    days: float


def case_regimen(case: CaseRecord) -> CaseRegimen:
    """The regimen of a record from its day 0 to its last day.

    A procedure of a stated day is done at 10:00; chemotherapy is given in full dose at the interval of its
    paper. UsageError where the record states no day, InputError for faults of the table of assumptions.

    >>> from insulinoma.record.load import load_case
    >>> [item.what for item in case_regimen(load_case()).regimen.orders if item.fact.startswith("tae")]
    ['right_lobe.embolize', 'left_lobe.embolize']
    """
    rows = _assumptions(case.id)
    orders = [item for every in rows.values() for item, _ in every]
    assumed = [f"{item.fact or item.what}: {why}" for every in rows.values() for item, why in every if why]
    left_out = []
    for treatment in case.treatments:
        name = treatment.id or treatment.treatment
        if name in rows:
            continue
        try:
            orders += list(_stated(case, treatment, name))
        except UsageError as error:
            left_out.append(f"{name}: {error}")
    return CaseRegimen(Regimen(tuple(orders)), tuple(assumed), tuple(left_out), _last_day(case))


def course(case: CaseRecord) -> Protocol:
    """The whole course of a case as a protocol, from midnight of day 0 after days of daily life."""
    found = case_regimen(case)
    return Protocol(
        name="course",
        meaning=f"the course of {case.id} by its record, from day 0 to day {found.days:g}",
        ref=next((item.citation for item in case.documents.values() if item.citation), ""),
        minutes=1440.0 * found.days,
        regimen=lambda who: found.regimen,
        hours_fasted=None,
        every=60.0,
        notes=(*(f"assumed, {text}" for text in found.assumed), *(f"left out, {text}" for text in found.left_out)),
    )


def _stated(case: CaseRecord, treatment: Treatment, name: str) -> Iterator[Order]:
    """The orders that follow from the record alone; UsageError says what it lacks."""
    kind = treatment.treatment
    if kind in _ACTIONS:
        day = _day(case, treatment)
        for place in _PLACES.get(treatment.site or "", ()):
            yield order({"give": f"{place}.{_ACTIONS[kind]}", "amount": "1", "at": f"{day} {_HOUR}"}, fact=name)
        if treatment.site not in _PLACES:
            raise UsageError(f"its place is not one of the model's ({', '.join(SITES)})")
    elif kind in _CYCLE:
        times, every = treatment.courses or 1, f"{_CYCLE[kind]} d"
        entry = {"give": kind, "amount": "1", "at": f"{_day(case, treatment)} {_HOUR}", "every": every}
        yield order({**entry, "times": str(times)}, fact=name)
    elif kind in TREATMENTS:
        raise UsageError("its doses and times are not stated, and none are assumed")
    else:
        raise UsageError(f"the model has no {kind}")


def _day(case: CaseRecord, treatment: Treatment) -> str:
    when: When = treatment.start or treatment.when
    span: Span = case.span(when)
    if not span.bounded or span.latest - span.earliest > 1:
        raise UsageError(f"its day is not stated ({when.text!r})")
    return f"day {math.floor(span.earliest)}"


def _last_day(case: CaseRecord) -> float:
    """The last day that the record states; windows are half-open."""
    spans = [case.span_of(fact) for fact in (*case.events, *case.treatments)]
    days = [span.earliest for span in spans] + [span.latest - 1 for span in spans]
    stated = [day for day in days if math.isfinite(day)]
    if not stated:
        raise UsageError(f"The record of {case.id!r} states no day, so that it has no course.")
    return float(math.ceil(max(stated)))


def _assumptions(name: str) -> dict[str, list[tuple[Order, str]]]:
    """The declared orders by treatment of the record, with the reason of each."""
    found: dict[str, list[tuple[Order, str]]] = defaultdict(list)
    file = f"{name}.csv"
    if not resource("regimens", file).is_file():
        return found
    numbered = enumerate(read_text("regimens", file).splitlines(), 1)
    kept = [(number, line) for number, line in numbered if line and not line.startswith("#")]
    rows = csv.DictReader(line for _, line in kept)
    for (number, _), row in zip(kept[1:], rows, strict=True):
        entry = {key: text.strip() for key, text in row.items() if text}
        fact, why = entry.pop("treatment", ""), entry.pop("why", "")
        about = {key: entry.pop(key, "") for key in ("sd_log", "earliest", "latest", "stop_stays")}
        one = order(entry, fact=fact)
        repeats = sum(bool(item.unsure.start) for item, _ in found[fact])
        unsure = _unsure(about, fact or one.what, one.start / 1440, f"-{repeats + 1}" if repeats else "")
        found[fact].append((replace(one, unsure=unsure, place=(file, number)), why))
    return found


def _unsure(about: dict[str, str], name: str, day: float, number: str) -> Unsure:
    """What of an order is assumed, by the columns of the table; a later start of the same treatment has a number."""
    start = None
    if about["earliest"]:
        start = UnknownDay(name + number, day, *(minutes(about[key]) / 1440 for key in ("earliest", "latest")))
    sd_log = float(about["sd_log"] or 0.0)
    return Unsure(name if sd_log else "", sd_log, start, bool(about["stop_stays"]))
