"""RECIST 1.1 on sums of diameters at points of time [Eisenhauer2009].

Lengths are decimals in mm, so that exactly 30 % and exactly 20 % fall where the rule puts them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Response = Literal["CR", "PR", "SD", "PD", "NE"]
NonTarget = Literal["CR", "non-CR/non-PD", "PD", "NE", "none"]

MEASURABLE = Decimal(10)
MEASURABLE_NODE = Decimal(15)
NORMAL_NODE = Decimal(10)
MOST_TARGETS = 5
MOST_TARGETS_AN_ORGAN = 2


@dataclass(frozen=True)
class Target:
    """A target lesion: its name, whether it is a lymph node, and the organ that it counts for."""

    name: str
    node: bool
    organ: str


@dataclass(frozen=True)
class Imaging:
    """One imaging time: the size of each target in mm (None when not evaluable), the rest in words.

    Sizes are longest diameters, of nodes short axes; an absent lesion is 0.
    """

    when: str
    sizes: Mapping[str, Decimal | None]
    new_lesion: bool = False
    non_target: NonTarget = "none"


@dataclass(frozen=True)
class TimeResponse:
    """The response at one imaging time; changes in percent, against the baseline and the nadir."""

    when: str
    total: Decimal | None
    from_baseline: Decimal | None
    from_nadir: Decimal | None
    target: Response
    non_target: NonTarget
    overall: Response

    def to_json(self) -> dict[str, Any]:
        """The response as plain data."""
        return {
            "when": self.when,
            "sum_mm": _number(self.total),
            "change_from_baseline_percent": _number(self.from_baseline),
            "change_from_nadir_percent": _number(self.from_nadir),
            "target": self.target,
            "non_target": self.non_target,
            "overall": self.overall,
        }


def recist_series(targets: Sequence[Target], baseline: Imaging, later: Sequence[Imaging]) -> list[TimeResponse]:
    """The response at each later imaging, in order; the nadir includes the baseline.

    >>> liver = [Target("a", node=False, organ="liver")]
    >>> first = Imaging("day 0", {"a": Decimal(100)})
    >>> [item.overall for item in recist_series(liver, first, [Imaging("day 40", {"a": Decimal(70)})])]
    ['PR']
    """
    start = _total(baseline, targets)
    if start is None:
        return [_not_evaluable(imaging) for imaging in later]
    nadir, responses = start, []
    for imaging in later:
        found = _respond(targets, start, nadir, imaging)
        responses.append(found)
        nadir = nadir if found.total is None else min(nadir, found.total)
    return responses


def target_response(baseline: Decimal, nadir: Decimal, total: Decimal, *, gone: bool = False) -> Response:
    """The response of the target lesions from three sums in mm.

    Progression needs 20 % and 5 mm above the nadir; after a nadir of zero any regrowth is progression.

    >>> target_response(Decimal(20), Decimal(20), Decimal(24))
    'SD'
    """
    if gone:
        return "CR"
    rise = total - nadir
    if (nadir == 0 and total > 0) or (total * 100 >= nadir * 120 and rise >= 5):
        return "PD"
    return "PR" if total * 100 <= baseline * 70 else "SD"


def overall_response(target: Response, non_target: NonTarget, *, new_lesion: bool) -> Response:
    """The overall response from target, non-target and new lesions.

    >>> overall_response("CR", "non-CR/non-PD", new_lesion=False)
    'PR'
    """
    if new_lesion or target == "PD" or non_target == "PD":
        return "PD"
    if target == "CR":
        return "CR" if non_target in ("CR", "none") else "PR"
    return target


def best_response(responses: Sequence[TimeResponse]) -> Response:
    """The best overall response before progression, unconfirmed."""
    order: tuple[Response, ...] = ("CR", "PR", "SD", "PD", "NE")
    seen: list[Response] = []
    for item in responses:
        seen.append(item.overall)
        if item.overall == "PD":
            break
    return next((response for response in order if response in seen), "NE")


def measurable(target: Target, size: Decimal) -> bool:
    """Whether a lesion is large enough at baseline: 10 mm (CT slices of at most 5 mm), a node 15 mm."""
    return size >= (MEASURABLE_NODE if target.node else MEASURABLE)


def _respond(targets: Sequence[Target], start: Decimal, nadir: Decimal, imaging: Imaging) -> TimeResponse:
    total = _total(imaging, targets)
    if total is None:
        known = sum((size for size in imaging.sizes.values() if size is not None), Decimal(0))
        certain = target_response(start, nadir, known) == "PD" and known > 0
        target: Response = "PD" if certain else "NE"
    else:
        target = target_response(start, nadir, total, gone=_gone(targets, imaging))
    overall = overall_response(target, imaging.non_target, new_lesion=imaging.new_lesion)
    return TimeResponse(
        imaging.when, total, _percent(total, start), _percent(total, nadir), target, imaging.non_target, overall
    )


def _gone(targets: Sequence[Target], imaging: Imaging) -> bool:
    """Whether every target is absent, and every node below 10 mm in its short axis."""
    for target in targets:
        size = imaging.sizes[target.name]
        if size is None or (size >= NORMAL_NODE if target.node else size > 0):
            return False
    return True


def _total(imaging: Imaging, targets: Sequence[Target]) -> Decimal | None:
    sizes = [imaging.sizes.get(target.name) for target in targets]
    known = [size for size in sizes if size is not None]
    return sum(known, Decimal(0)) if sizes and len(known) == len(sizes) else None


def _not_evaluable(imaging: Imaging) -> TimeResponse:
    overall = overall_response("NE", imaging.non_target, new_lesion=imaging.new_lesion)
    return TimeResponse(imaging.when, None, None, None, "NE", imaging.non_target, overall)


def _percent(total: Decimal | None, reference: Decimal) -> Decimal | None:
    return None if total is None or reference == 0 else (total - reference) * 100 / reference


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 4))
