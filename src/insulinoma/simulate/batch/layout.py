"""Where the kernel finds what: the rows of its tables, and the codes of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from insulinoma.simulate.batch.expression import MOVING, PATIENT, Expression, in_order
from insulinoma.simulate.batch.trace import Trace

BELOW, ABOVE = (54.0, 70.0), (180.0,)
DAY, MOMENT, END = 1, 2, 4
EVENT, RESET, SET, ADD = range(4)


@dataclass(frozen=True)
class Layout:
    """Which quantity is in which row of the kernel's tables."""

    states: list[str]
    inputs: list[str]
    patient: list[Expression]
    measures: list[str]
    observed: list[str]

    @property
    def day(self) -> list[str]:
        """The columns of a day: the minimum, minutes beyond a limit, integrals over time."""
        limits = [f"below_{limit:g}" for limit in BELOW] + [f"above_{limit:g}" for limit in ABOVE]
        return (["minimum", *limits] if "glucose" in self.measures else []) + self.measures

    @property
    def carried(self) -> dict[str, int]:
        """The tables that go with a patient from one call to the next, with their rows."""
        return {"gap": 1, "wanted": 1, "lost": len(self.states), "sums": len(self.day)}

    @property
    def work(self) -> dict[str, int]:
        """The tables that a block needs while it runs, with their rows."""
        states, measures = len(self.states), len(self.measures)
        return {
            "slope": states, "error": states, "saved": states, "weight": states, "measured": measures,
            "saved_measured": measures, "new": measures, "observed": len(self.observed), "round": len(self.day),
            "worst": 1,
        }  # fmt: skip


def layout(traced: Trace) -> Layout:
    """The tables of a trace: all that the kernel reads of a patient is a row of one of them."""
    everything = [*traced.rates.values(), *traced.measures.values(), *traced.observed.values()]
    everything += [value for changed in traced.events.values() for value in changed.values()]
    moving = [item for item in in_order(everything) if item.level == MOVING]
    read = [arg for item in moving for arg in item.args if arg.level == PATIENT]
    read += [item for item in everything if item.level == PATIENT]
    patient = list({item.number: item for item in read}.values())
    return Layout(traced.states, list(traced.inputs), patient, list(traced.measures), list(traced.observed))


def computed(wanted: Iterable[Expression]) -> list[Expression]:
    """What the kernel itself computes, arguments first: nothing below what belongs to the patient."""
    return list(in_order(wanted, level=MOVING))
