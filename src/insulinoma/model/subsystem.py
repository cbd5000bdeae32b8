"""What a subsystem is made of: declarations, and equations in plain arithmetic.

The caller chooses what flows through the equations: floats, arrays, symbols or quantities. So one
text serves simulation, gradients, the unit check, LaTeX and SBML.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeVar

from insulinoma.errors import did_you_mean

Status = Literal["literature", "fit", "derived", "assumption", "covariate"]
Equations = dict[str, Any]


@dataclass(frozen=True)
class State:
    """A quantity that the equations move; `initial` where `basal` does not give its value at rest.

    `analyte` names the entry of the vocabulary under which a laboratory would report it.
    """

    unit: str
    meaning: str
    initial: float | None = field(default=None, kw_only=True)
    analyte: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Input:
    """A quantity that comes from elsewhere: another subsystem, or a regimen where it has a default.

    What a regimen orders lies between `low` and `high`.
    """

    unit: str
    meaning: str
    default: float | None = field(default=None, kw_only=True)
    low: float = field(default=0.0, kw_only=True)
    high: float = field(default=math.inf, kw_only=True)


@dataclass(frozen=True)
class Output:
    """A quantity that follows from states, parameters and inputs at the same moment."""

    unit: str
    meaning: str
    analyte: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Constant:
    """A number that follows from the parameters, such as one that keeps the basal state at rest."""

    unit: str
    meaning: str


@dataclass(frozen=True)
class Parameter:
    """A number of the model: typical value, unit, meaning, spread between people, and source.

    The spread is a coefficient of variation (`cv`) or the standard deviation of the logarithm
    (`sd_log`). `low` and `high` bound what is possible. `status` says what the value rests on;
    a covariate describes the person. A trait that a person has or has not is 1 or 0; `share` is then
    the share of people who have it.
    """

    value: float
    unit: str
    meaning: str
    cv: float | None = field(default=None, kw_only=True)
    sd_log: float | None = field(default=None, kw_only=True)
    low: float = field(default=0.0, kw_only=True)
    high: float = field(default=math.inf, kw_only=True)
    share: float | None = field(default=None, kw_only=True)
    ref: str = field(default="", kw_only=True)
    status: Status = field(default="literature", kw_only=True)
    note: str = field(default="", kw_only=True)

    @property
    def log_spread(self) -> float:
        """The standard deviation of the logarithm between people, 0 where no spread is declared.

        >>> round(Parameter(2.75, "L", "insulin volume", cv=0.2).log_spread, 3)
        0.198
        """
        if self.sd_log is not None:
            return self.sd_log
        return math.sqrt(math.log1p(self.cv**2)) if self.cv else 0.0


@dataclass(frozen=True)
class Event:
    """Something that happens at one moment and changes states by an amount between `low` and `high`."""

    unit: str
    meaning: str
    action: Callable[..., Equations]
    low: float = field(default=0.0, kw_only=True)
    high: float = field(default=math.inf, kw_only=True)


def event(
    unit: str, meaning: str, *, low: float = 0.0, high: float = math.inf
) -> Callable[[Callable[..., Equations]], Event]:
    """Declares a method `(self, y, p, u, amount)` as an event; it returns the states after it."""
    return lambda action: Event(unit, meaning, action, low=low, high=high)


def outside(value: float, declared: Parameter | Input | Event) -> str:
    """The bounds that a value leaves, in words, or nothing where it lies within them.

    >>> outside(2.0, Parameter(0.5, "1", "share", high=1.0)), outside(0.0, Parameter(0.5, "1", "share"))
    ('0 to 1', '')
    """
    if declared.low <= value <= declared.high:
        return ""
    unit = "" if declared.unit == "1" else f" {declared.unit}"
    most = f" to {declared.high:g}" if math.isfinite(declared.high) else " or more"
    return f"{declared.low:g}{most}{unit}"


class Values:
    """Values by local name, as `y.I`, `p.V_I`, `u.S`; an unknown name tells the nearest ones."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            hint = did_you_mean(name, self._values) or f"Expected one of {', '.join(self._values)}."
            raise AttributeError(f"{name!r} is not declared. {hint}") from None


_Declared = TypeVar("_Declared", State, Input, Output, Constant, Parameter, Event)


class Subsystem(ABC):
    """A part of the body or a treatment: its declarations and its equations.

    `time_unit` is the clock of the equations; the composition joins clocks, never the equations.
    """

    time_unit: ClassVar[Literal["min", "d"]] = "min"
    states: ClassVar[dict[str, State]]
    inputs: ClassVar[dict[str, Input]]
    outputs: ClassVar[dict[str, Output]]
    constants: ClassVar[dict[str, Constant]]
    parameters: ClassVar[dict[str, Parameter]]
    events: ClassVar[dict[str, Event]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.states = _declared(cls, State)
        cls.inputs = _declared(cls, Input)
        cls.outputs = _declared(cls, Output)
        cls.constants = _declared(cls, Constant)
        cls.parameters = _declared(cls, Parameter)
        cls.events = _declared(cls, Event)

    @abstractmethod
    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        """Under a state's name its derivative by `time_unit`, under an output's name its value."""

    def basal(self, p: Values, u: Values) -> Equations:
        """Under a state's name its value at rest, under a constant's name its value."""
        return {}


def _declared(cls: type[Subsystem], kind: type[_Declared]) -> dict[str, _Declared]:
    found: dict[str, _Declared] = {}
    for ancestor in reversed(cls.__mro__):
        found.update({name: value for name, value in vars(ancestor).items() if isinstance(value, kind)})
    return found
