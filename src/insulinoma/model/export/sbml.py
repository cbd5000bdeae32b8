"""A model, its parameters and what is given to it, as SBML Level 3 with full units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.printing.str import StrPrinter

from insulinoma.errors import ComputationError, UsageError
from insulinoma.model.compose import Model
from insulinoma.model.export.change import Change
from insulinoma.model.export.symbols import Symbols

try:
    import libsbml
except ModuleNotFoundError as error:
    raise UsageError("SBML needs libSBML, which is not installed: pip install 'insulinoma[formats]'.") from error

from insulinoma.model.export.sbml_units import unit_id


def sbml(
    model: Model,
    *,
    parameters: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
    changes: Iterable[Change] = (),
) -> str:
    """The SBML text. `changes` become events.

    The initial state follows from the parameters by initial assignments; where `start` replaces
    initial states or constants, all of them are written as numbers.

    ComputationError when libSBML finds an error or a unit warning in the result.
    """
    document = libsbml.SBMLDocument(3, 1)
    writer = _Writer(model, Symbols(model), document.createModel())
    values = model.parameter_values(parameters)
    writer.declare(values)
    writer.equate({**model.at_rest(values), **start} if start else {})
    for change in changes:
        writer.change(change)
    _check(document)
    return str(libsbml.writeSBMLToString(document))


class _Printer(StrPrinter):  # type: ignore[misc]
    def _print_Float(self, number: Any) -> str:
        return repr(float(number))

    def _print_Pow(self, power: Any, rational: bool = False) -> str:
        return str(super()._print_Pow(power, rational=rational)).replace("**", "^")


@dataclass(frozen=True)
class _Writer:
    model: Model
    symbols: Symbols
    sbml: Any

    def declare(self, parameters: Mapping[str, float]) -> None:
        self.sbml.setId(self.model.name)
        self.sbml.setTimeUnits(unit_id(self.sbml, "min"))
        defaults = self.model.input_values()
        for name, parameter in self.model.parameters.items():
            self._parameter(name, parameter.unit, parameter.meaning, parameters[name], constant=True)
        for name, constant in self.model.constants.items():
            self._parameter(name, constant.unit, constant.meaning, None, constant=True)
        for name, declared in self.model.inputs.items():
            self._parameter(name, declared.unit, declared.meaning, defaults[name])
        for table in (self.model.states, self.model.outputs):
            for name, quantity in table.items():
                self._parameter(name, quantity.unit, quantity.meaning, None)
        if any(part.time_unit == "d" for part in self.model.parts.values()):
            found = self.sbml.createParameter()
            found.setId("minutes_per_day")
            found.setValue(1440.0)
            found.setUnits(unit_id(self.sbml, "min/d"))
            found.setConstant(True)

    def equate(self, start: dict[str, float]) -> None:
        for part in self.model.parts:
            for name, value in {**self.symbols.at_rest(part), **_own(start, part)}.items():
                assignment = self.sbml.createInitialAssignment()
                assignment.setSymbol(self.symbols.names[name])
                assignment.setMath(self._math(value, self._unit(name)))
            for name, value in self.symbols.outputs(part).items():
                rule = self.sbml.createAssignmentRule()
                rule.setVariable(self.symbols.names[name])
                rule.setMath(self._math(value, self._unit(name)))
            for name, value in self.symbols.rates(part).items():
                rule = self.sbml.createRateRule()
                rule.setVariable(self.symbols.names[name])
                rule.setMath(self._math(value, f"{self._unit(name)}/min"))

    def change(self, change: Change) -> None:
        assigned = {name: (sympy.Float(value), self._unit(name)) for name, value in change.inputs.items()}
        if assigned:
            self._event(change.minutes, assigned)
        for event, amount in change.events.items():
            given = sympy.Symbol(f"amount_{self.sbml.getNumParameters()}", real=True)
            found = self.sbml.createParameter()
            found.setId(given.name)
            found.setName(self.model.events[event].meaning)
            found.setValue(amount)
            found.setUnits(unit_id(self.sbml, self.model.events[event].unit))
            found.setConstant(True)
            after = self.symbols.happen(event, given)
            self._event(change.minutes, {name: (value, self._unit(name)) for name, value in after.items()})

    def _event(self, minutes: float, assigned: Mapping[str, tuple[Any, str]]) -> None:
        event = self.sbml.createEvent()
        event.setId(f"event_{self.sbml.getNumEvents()}")
        event.setUseValuesFromTriggerTime(False)
        trigger = event.createTrigger()
        trigger.setInitialValue(False)
        trigger.setPersistent(True)
        trigger.setMath(self._math(sympy.Symbol("time") >= sympy.Float(minutes), "min"))
        priority = event.createPriority()
        priority.setMath(self._math(sympy.Integer(-self.sbml.getNumEvents()), "1"))
        for name, (value, unit) in assigned.items():
            assignment = event.createEventAssignment()
            assignment.setVariable(self.symbols.names[name])
            assignment.setMath(self._math(value, unit))

    def _parameter(self, name: str, unit: str, meaning: str, value: float | None, *, constant: bool = False) -> None:
        found = self.sbml.createParameter()
        found.setId(self.symbols.names[name])
        found.setName(meaning)
        found.setUnits(unit_id(self.sbml, unit))
        found.setConstant(constant)
        if value is not None:
            found.setValue(float(value))

    def _unit(self, name: str) -> str:
        model = self.model
        for table in (model.states, model.outputs, model.constants, model.inputs):
            if name in table:
                return str(table[name].unit)
        raise KeyError(name)

    def _math(self, value: Any, unit: str) -> Any:
        """The expression as MathML; a number that stands alone has the unit of what it is given to."""
        expression = sympy.sympify(value)
        settings = libsbml.L3ParserSettings()
        settings.setParseLog(libsbml.L3P_PARSE_LOG_AS_LN)
        node = libsbml.parseL3FormulaWithSettings(_Printer().doprint(expression), settings)
        alone = expression.is_number or expression.is_Relational
        _number_units(node, unit_id(self.sbml, unit) if alone else "dimensionless")
        return node


def _own(start: Mapping[str, float], part: str) -> dict[str, float]:
    return {name: value for name, value in start.items() if name.startswith(f"{part}.")}


def _number_units(node: Any, unit: str) -> None:
    if node.isNumber():
        node.setUnits(unit)
    for index in range(node.getNumChildren()):
        _number_units(node.getChild(index), unit)


def _check(document: Any) -> None:
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
    if document.checkConsistency():
        faults = [document.getError(index) for index in range(document.getNumErrors())]
        lines = [f"{fault.getShortMessage()}: {' '.join(fault.getMessage().split())}" for fault in faults]
        raise ComputationError("libSBML finds faults in the export:\n" + "\n".join(lines))
