from insulinoma.model.compose import compose
from insulinoma.model.subsystem import Parameter, State, Subsystem, event
from insulinoma.model.units_check import check_units


class Hourly(Subsystem):
    """A constant by the hour beside a clock in minutes."""

    A = State("mg", "amount", initial=10.0)
    k = Parameter(8.4, "1/h", "elimination")
    inflow = Parameter(1.0, "mg/min", "inflow")

    def equations(self, y, p, u):
        return {"A": p.inflow - p.k * y.A}


class NoVolume(Subsystem):
    """An amount added to a concentration, and an event that forgets the volume."""

    C = State("mg/L", "concentration", initial=10.0)
    k = Parameter(0.1, "1/min", "elimination")
    dose = Parameter(3.0, "mg/min", "input")

    def equations(self, y, p, u):
        return {"C": p.dose - p.k * y.C}

    @event("mg", "a dose")
    def bolus(self, y, p, u, amount):
        return {"C": amount}


def test_a_hidden_conversion_is_found() -> None:
    (fault,) = check_units(compose("hourly", {"it": Hourly()}))
    assert fault.kind == "hidden-conversion"
    assert "as written" in fault.problem
    assert fault.path == "equations.A"


def test_a_missing_volume_is_found_with_its_line_and_so_is_that_of_the_event() -> None:
    first, second = check_units(compose("no_volume", {"it": NoVolume()}))
    assert (first.kind, second.kind) == ("dimension", "dimension")
    assert first.line > 0
    assert second.path == "bolus.C"
