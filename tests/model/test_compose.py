import pytest

from insulinoma.errors import InputError, UsageError
from insulinoma.model.compose import compose, extend
from insulinoma.model.subsystem import Constant, Input, Output, Parameter, State, Subsystem


class Tank(Subsystem):
    """A tank that empties."""

    A = State("mg", "amount", initial=10.0)
    inflow = Input("mg/min", "inflow", default=0.0)
    outflow = Output("mg/min", "outflow")
    k = Parameter(0.1, "1/min", "emptying", cv=0.2)

    def equations(self, y, p, u):
        return {"A": u.inflow - p.k * y.A, "outflow": p.k * y.A}


class Basin(Subsystem):
    """A basin that a tank fills, on a slower clock."""

    time_unit = "d"
    B = State("mg", "amount")
    rest = Constant("mg", "amount at which nothing changes")
    outflow = Input("mg/d", "what the tank gives")
    loss = Parameter(2.0, "1/d", "loss")

    def equations(self, y, p, u):
        return {"B": u.outflow - p.loss * y.B}

    def basal(self, p, u):
        return {"rest": u.outflow / p.loss, "B": u.outflow / p.loss}


def test_the_composition_joins_minutes_and_days() -> None:
    model = compose("tanks", {"tank": Tank(), "basin": Basin()})
    values = model.parameter_values()
    rest = model.at_rest(values)
    assert rest["basin.B"] == pytest.approx(1440 / 2)
    rates, outputs = model.evaluate({**values, **rest, **model.input_values(), "basin.B": 0.0})
    assert rates == {"tank.A": -1.0, "basin.B": pytest.approx(1.0)}
    assert outputs == {"tank.outflow": 1.0}


def test_only_inputs_without_a_source_are_free() -> None:
    assert list(compose("tanks", {"tank": Tank(), "basin": Basin()}).inputs) == ["tank.inflow"]


class Lonely(Subsystem):
    """Nothing feeds it."""

    A = State("mg", "amount", initial=0.0)
    outflw = Input("mg/min", "a name that nothing has")
    temperature = Input("K", "something in another unit")

    def equations(self, y, p, u):
        return {"A": u.outflw * u.temperature}


class Stove(Subsystem):
    """Gives a temperature in degrees of a kind that the other side does not take."""

    T = State("min", "a time, by mistake", initial=1.0)

    def equations(self, y, p, u):
        return {"T": 0 * y.T}


def test_all_faults_of_the_wiring_at_once_with_both_ends() -> None:
    parts = {"one": Tank(), "two": Tank(), "basin": Basin(), "lonely": Lonely(), "stove": Stove()}
    with pytest.raises(InputError) as caught:
        compose("bad", parts, connect={"lonely.temperature": "stove.T", "lonely.temprature": "stove.T"})
    text = str(caught.value)
    assert [fault.kind for fault in caught.value.faults] == [
        "doubled",
        "missing",
        "unit-mismatch",
        "unknown-input",
    ]
    assert "'basin.outflow' could come from 'one.outflow' and from 'two.outflow'" in text
    assert "'lonely.outflw'" in text
    assert "'one.outflow'" in text
    assert "'stove.T' gives min, 'lonely.temperature' takes K" in text
    assert "Did you mean 'lonely.temperature'" in text


def test_connect_chooses_between_two_sources() -> None:
    model = compose("two", {"one": Tank(), "two": Tank(), "basin": Basin()}, connect={"basin.outflow": "two.outflow"})
    assert model.wires["basin.outflow"].source == "two.outflow"
    joined = extend(model, "three", {"three": Tank()}, connect={"three.inflow": "one.outflow"})
    assert joined.wires["three.inflow"].source == "one.outflow"


class Loop(Subsystem):
    """An output that needs its own neighbor's at the same moment."""

    A = State("1", "a state", initial=0.0)
    there = Input("1", "from the neighbor")
    here = Output("1", "to the neighbor")

    def equations(self, y, p, u):
        return {"A": 0 * y.A, "here": u.there + 1}


def test_an_algebraic_loop_is_told() -> None:
    with pytest.raises(InputError, match=r"'one\.here' and 'two\.here' wait for one another"):
        compose("loop", {"one": Loop(), "two": Loop()}, connect={"one.there": "two.here", "two.there": "one.here"})


class Forgetful(Subsystem):
    """Declares more and other than it computes."""

    A = State("mg", "no initial value")
    B = Output("mg", "no equation")
    k = Parameter(1.0, "1/min", "rate")

    def equations(self, y, p, u):
        return {"A": -p.k * y.A, "C": y.A}


def test_declared_and_computed_names_must_be_the_same() -> None:
    with pytest.raises(InputError) as caught:
        compose("forgetful", {"it": Forgetful()})
    assert [fault.path for fault in caught.value.faults] == ["it.A", "it.B", "it.C"]


def test_a_name_that_is_not_declared_tells_the_nearest() -> None:
    model = compose("tanks", {"tank": Tank()})
    with pytest.raises(UsageError, match=r"Did you mean 'tank\.k'"):
        model.parameter_values({"tank.kk": 1.0})
    y, _, _ = model.views("tank", {**model.parameter_values(), **model.input_values()})
    with pytest.raises(AttributeError, match="Did you mean 'A'"):
        _ = y.a1
