"""One pass over the rows of a trial, piece by piece: everything that its tables need, in memory that does not grow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from insulinoma.cohort.analysis.contrast import Contrast, TimeContrast, number_contrast, time_contrast
from insulinoma.cohort.analysis.frame import endpoint_named, is_time, needed, paired, sample
from insulinoma.cohort.analysis.subgroups import EVERYONE, Level, levels
from insulinoma.cohort.analysis.tally import Moments, Tally
from insulinoma.cohort.design import Endpoint, Trial

if TYPE_CHECKING:
    import polars

    from insulinoma.cohort.analysis.frame import Frames

SHOWN = 100_000
_Group = tuple[str, str]
_Pair = tuple[str, str, Level]


@dataclass
class _Arms:
    """The tallies of an endpoint in the first arm and in another, and of the differences of pairs."""

    first: Tally = field(default_factory=Tally)
    second: Tally = field(default_factory=Tally)
    difference: Moments = field(default_factory=Moments)


@dataclass
class Collected:
    """Tallies of every endpoint and arm, contrasts to the first arm, how it ended for whom, and the first patients.

    `absent` counts the numbers that gave no patient, by the reason.
    """

    trial: Trial
    tallies: defaultdict[_Group, Tally] = field(default_factory=lambda: defaultdict(Tally))
    arms: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    absent: Counter[str] = field(default_factory=Counter)
    pairs: defaultdict[_Pair, _Arms] = field(default_factory=lambda: defaultdict(_Arms))
    first: list[polars.DataFrame] = field(default_factory=list)

    def contrast(self, endpoint: Endpoint, arm: str, level: Level = EVERYONE) -> Contrast | None:
        """An arm against the first; None where one of them has fewer than two patients."""
        found = self.pairs[endpoint.name, arm, level]
        if min(found.first.moments.count, found.second.moments.count) < 2:
            return None
        difference = found.difference if self.trial.allocation == "paired" else None
        if is_time(endpoint):
            return self.times(endpoint, found).made(difference)
        return number_contrast(found.first.moments, found.second.moments, difference)

    def times(self, endpoint: Endpoint, found: _Arms) -> TimeContrast:
        """The contrast of two arms of times before its pairs are known."""
        return time_contrast(endpoint, found.first.grid, found.second.grid, self.trial.follow_up)

    def levels(self) -> list[Level]:
        """The levels of all subgroups that any patient has, in the order of the file."""
        order = [item.name for item in self.trial.subgroups]
        known = {level for _, _, level in self.pairs if level != EVERYONE}
        return sorted(known, key=lambda level: (order.index(level[0]), level[1:]))


def collected(trial: Trial, frames: Frames) -> Collected:
    """Everything from the rows of a trial; pairs of times take a second pass, as they need the curves first."""
    found = Collected(trial)
    for frame in frames(needed(trial)):
        _count(found, frame)
        if not found.first or found.first[-1]["patient"].max() < SHOWN:  # type: ignore[operator]
            found.first.append(frame)
        for endpoint, arm, level, part in _compared(trial, frame):
            _add(found, endpoint, arm, level, part)
    if trial.allocation == "paired" and any(map(is_time, trial.endpoints)):
        _second_pass(found, frames)
    return found


def _count(found: Collected, frame: polars.DataFrame) -> None:
    import polars

    found.absent.update(frame.filter(polars.col("arm") == "")["failure"].to_list())
    for arm in found.trial.arms:
        own = frame.filter(polars.col("arm") == arm.name)
        fine = own.filter(polars.col("failure") == "")
        counts = found.arms[arm.name]
        counts.update(fine["end"].to_list())
        counts.update({"patients": len(own), "failed": len(own) - len(fine), "screened": int(own["candidates"].sum())})
        for endpoint in found.trial.endpoints:
            found.tallies[endpoint.name, arm.name] += sample(own, arm.name, endpoint).tally


def _compared(trial: Trial, frame: polars.DataFrame) -> Iterator[tuple[Endpoint, str, Level, polars.DataFrame]]:
    """Every comparison with the first arm: of all endpoints in everyone, of the primary one in each subgroup."""
    primary = endpoint_named(trial, trial.primary)
    for arm in trial.arms[1:]:
        for endpoint in trial.endpoints:
            yield endpoint, arm.name, EVERYONE, frame
        for level, part in levels(trial, frame):
            yield primary, arm.name, level, part


def _add(found: Collected, endpoint: Endpoint, arm: str, level: Level, frame: polars.DataFrame) -> None:
    trial, into = found.trial, found.pairs[endpoint.name, arm, level]
    first, second = (sample(frame, name, endpoint) for name in (trial.arms[0].name, arm))
    if trial.allocation == "paired":
        first, second = paired(first, second)
        if not is_time(endpoint):
            into.difference += Moments.of(second.value - first.value)
    into.first += first.tally
    into.second += second.tally


def _second_pass(found: Collected, frames: Frames) -> None:
    trial = found.trial
    ready = {
        key: found.times(endpoint_named(trial, key[0]), both)
        for key, both in found.pairs.items()
        if is_time(endpoint_named(trial, key[0])) and both.first.moments.count
    }
    for frame in frames(needed(trial)):
        for endpoint, arm, level, part in _compared(trial, frame):
            if (endpoint.name, arm, level) in ready:
                pairs = paired(*(sample(part, name, endpoint) for name in (trial.arms[0].name, arm)))
                moved = ready[endpoint.name, arm, level].moved(*pairs)
                found.pairs[endpoint.name, arm, level].difference += moved
