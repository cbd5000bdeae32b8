"""A model as expressions: what moves, what is measured, and what an event changes.

What no order of the regimen can move is left out: a state that starts at a declared value and whose
rate is exactly zero there keeps it, such as a drug that is never given. So is what nothing asked for
depends on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from insulinoma.model.compose import Model
from insulinoma.model.subsystem import Output, State
from insulinoma.simulate.batch.expression import Expression, Graph, in_order

ANALYTES = ("glucose", "insulin", "c_peptide")
_MILLIGRAMS = 1000.0


@dataclass(frozen=True, eq=False)
class Trace:
    """The equations of one model under regimens with the same kinds of orders.

    `rates` by state that moves; `measures` are integrated over each day; `observed` is what moments and
    day ends keep; `events` gives by name the states that it changes, `amount` being a symbol. `inputs`
    are those that an order sets, with their default. `slow` are states on the clock of days. Symbols of
    the patient are parameters, constants and the states that do not move.
    """

    rates: dict[str, Expression]
    measures: dict[str, Expression]
    observed: dict[str, Expression]
    events: dict[str, dict[str, Expression]]
    inputs: dict[str, float]
    slow: frozenset[str]

    @property
    def states(self) -> list[str]:
        """The states that move, in the order of the kernel."""
        return list(self.rates)

    def text(self) -> str:
        """All that a kernel is made from, the same for the same equations."""
        groups = [self.rates, self.measures, self.observed, *self.events.values()]
        wanted = [item for group in groups for item in group.values()]
        rows = {item.number: row for row, item in enumerate(in_order(wanted))}
        lines = [f"{item.op} {item.value!r} {[rows[arg.number] for arg in item.args]}" for item in in_order(wanted)]
        names = [{name: rows[item.number] for name, item in group.items()} for group in groups]
        return "\n".join([*lines, str(names), str(list(self.events)), str(self.inputs), str(sorted(self.slow))])


def trace(
    model: Model, *, orders: Iterable[str], observed: Iterable[str], whole: Mapping[str, float], moved: Iterable[str]
) -> Trace:
    """The equations under orders of these events and inputs.

    `whole` are parameters that every patient shares and that are folded where they are exponents; `moved`
    are states that start elsewhere than declared.
    """
    return _Tracer(model, frozenset(orders), dict(whole)).run(list(observed), frozenset(moved))


def declared(model: Model) -> dict[str, State | Output]:
    """All that can be followed: states and outputs."""
    return {**model.states, **model.outputs}


def measured(model: Model) -> dict[str, str]:
    """The quantities of the daily summary: analyte to qualified name."""
    found = {item.analyte: name for name, item in declared(model).items() if item.analyte in ANALYTES}
    return {analyte: found[analyte] for analyte in ANALYTES if analyte in found}


@dataclass
class _Tracer:
    model: Model
    orders: frozenset[str]
    whole: dict[str, float]

    def run(self, observed: list[str], moved: frozenset[str]) -> Trace:
        still = self._still(moved)
        graph = Graph()
        known = self._known(graph, still)
        rates, outputs = self.model.evaluate(known)
        everything = {**known, **outputs}
        measures = {analyte: graph.of(everything[name]) for analyte, name in measured(self.model).items()}
        dextrose = graph.of(self._dextrose(everything))
        if dextrose.value != 0.0:
            measures["dextrose"] = dextrose
        kept = {name: graph.of(everything[name]) for name in observed}
        changes = self._changes(graph, everything, still)
        moving = {name: graph.of(rate) for name, rate in rates.items() if name not in still}
        needed = _needed({**measures, **kept}.values(), moving, changes)
        events = {
            event: {state: value for state, value in changed.items() if state in needed}
            for event, changed in changes.items()
        }
        inputs = {name: value for name, value in self.model.input_values().items() if name in self.orders}
        return Trace(
            {name: rate for name, rate in moving.items() if name in needed},
            measures,
            kept,
            events,
            inputs,
            self._slow(),
        )

    def _slow(self) -> frozenset[str]:
        parts = {name for name, part in self.model.parts.items() if part.time_unit == "d"}
        return frozenset(name for name in self.model.states if name.partition(".")[0] in parts)

    def _known(self, graph: Graph, still: Mapping[str, float]) -> dict[str, Any]:
        model = self.model
        known: dict[str, Any] = {
            name: graph.symbol(name, moving=False) for name in (*model.parameters, *model.constants)
        }
        known |= {name: graph.constant(value) for name, value in self.whole.items()}
        defaults = model.input_values()
        for name in model.inputs:
            known[name] = graph.symbol(name, moving=True) if name in self.orders else graph.constant(defaults[name])
        for name in model.states:
            known[name] = graph.constant(still[name]) if name in still else graph.symbol(name, moving=True)
        return known

    def _still(self, moved: frozenset[str]) -> dict[str, float]:
        """The states that keep their declared start, with it."""
        still = {
            name: float(state.initial)
            for name, state in self.model.states.items()
            if state.initial is not None and name not in moved
        }
        while still:
            graph = Graph()
            known = self._known(graph, still)
            rates, outputs = self.model.evaluate(known)
            everything = {**known, **outputs}
            changes = self._changes(graph, everything, {})
            touched = {
                state
                for changed in changes.values()
                for state, value in changed.items()
                if state in still and value is not everything[state]
            }
            left = {
                name: value
                for name, value in still.items()
                if name not in touched and graph.of(rates[name]) is graph.constant(0.0)
            }
            if len(left) == len(still):
                break
            still = left
        return still

    def _changes(
        self, graph: Graph, everything: Mapping[str, Any], still: Mapping[str, float]
    ) -> dict[str, dict[str, Expression]]:
        amount = graph.symbol("amount", moving=True)
        return {
            event: {
                state: graph.of(value)
                for state, value in self.model.happen(event, everything, amount).items()
                if state not in still
            }
            for event in self.model.events
            if event in self.orders
        }

    def _dextrose(self, known: Mapping[str, Any]) -> Any:
        """Glucose given intravenously, in g/min."""
        if "glucose" not in self.model.parts or "dextrose" not in self.model.parts["glucose"].inputs:
            return 0.0
        _, _, inputs = self.model.views("glucose", known)
        return (inputs.dextrose + inputs.clamp) * inputs.weight / _MILLIGRAMS


def _needed(
    wanted: Iterable[Expression], rates: Mapping[str, Expression], changes: Mapping[str, Mapping[str, Expression]]
) -> set[str]:
    """The states on which what is wanted depends, through rates and events."""
    needed: set[str] = set()
    fresh = _symbols(wanted) & rates.keys()
    while fresh:
        needed |= fresh
        found = [rates[name] for name in fresh]
        found += [changed[name] for changed in changes.values() for name in fresh if name in changed]
        fresh = (_symbols(found) & rates.keys()) - needed
    return needed


def _symbols(wanted: Iterable[Expression]) -> set[str]:
    return {item.value for item in in_order(wanted) if item.op == "symbol"}
