"""The protocols themselves, as the papers describe them."""

from __future__ import annotations

from insulinoma.simulate.protocol import Protocol
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.stopping import HYPOGLYCEMIA, SYMPTOMS
from insulinoma.simulate.subject import Subject, daily_meals


def _last_dinner(who: Subject) -> Regimen:
    if not who.meals:
        return Regimen()
    return give("meal", f"{who.meals[-1][1] * who.carbohydrate * who.weight} g", at="0 min")


def _stepped_clamp(who: Subject) -> Regimen:
    regimen = give("insulin_infusion", "2 mU/kg/min", start="0 min", stop="200 min")
    for step, target in enumerate((90, 80, 70, 60, 50)):
        regimen += give("target", f"{target} mg/dL", start=f"{40 * step} min", stop=f"{40 * step + 40} min")
    return regimen


def _order(what: str, amount: str, *, start: str = "", stop: str = "") -> Regimen:
    return give(what, amount, start=start, stop=stop) if stop else give(what, amount, at="0 min")


def _diazoxide(who: Subject) -> Regimen:
    return daily_meals(who, days=7) + give("diazoxide", "100 mg", at="8 h", every="8 h", times=20)


_ALL = (
    Protocol(
        name="fast-72h",
        meaning="fast of 72 hours after the last dinner",
        ref="Cryer2009",
        minutes=4320.0,
        regimen=_last_dinner,
        hours_fasted=0.0,
        every=15.0,
        rules=(HYPOGLYCEMIA, SYMPTOMS),
    ),
    Protocol(
        name="ogtt-75g",
        meaning="75 g of glucose by mouth, prolonged to 5 hours",
        ref="Cryer2009",
        minutes=300.0,
        regimen=lambda who: _order("drink", "75 g"),
    ),
    Protocol(
        name="mixed-meal",
        meaning="a meal with 1 g of carbohydrate by kg of body weight",
        ref="DallaMan2007",
        minutes=420.0,
        regimen=lambda who: _order("meal", f"{who.weight} g"),
    ),
    Protocol(
        name="ivgtt",
        meaning="0.3 g of glucose by kg of body weight into a vein, frequent samples",
        ref="Pacini1986",
        minutes=180.0,
        every=1.0,
        regimen=lambda who: _order("dextrose", "300 mg/kg/min", start="0 min", stop="1 min"),
    ),
    Protocol(
        name="euglycemic-clamp",
        meaning="insulin at 1 mU/kg/min for two hours, glucose held at 90 mg/dL",
        ref="DeFronzo1979",
        minutes=120.0,
        clamped=True,
        regimen=lambda who: (
            _order("insulin_infusion", "1 mU/kg/min", start="0 min", stop="120 min")
            + _order("target", "90 mg/dL", start="0 min", stop="120 min")
        ),
    ),
    Protocol(
        name="hypoglycemic-clamp",
        meaning="insulin at 2 mU/kg/min, glucose lowered in steps of 40 minutes from 90 to 50 mg/dL",
        ref="Mitrakou1991",
        minutes=200.0,
        clamped=True,
        regimen=_stepped_clamp,
    ),
    Protocol(
        name="dextrose-25g-iv",
        meaning="25 g of glucose into a vein at once",
        ref="Balentine1998",
        minutes=120.0,
        regimen=lambda who: _order("dextrose_bolus", "25 g"),
    ),
    Protocol(
        name="glucagon-1mg-iv",
        meaning="1 mg of glucagon into a vein",
        ref="OBrien1993",
        minutes=60.0,
        regimen=lambda who: _order("glucagon_bolus", "1 mg"),
    ),
    Protocol(
        name="glucagon-1mg-im",
        meaning="1 mg of glucagon into a muscle",
        ref="OBrien1993",
        minutes=120.0,
        regimen=lambda who: _order("glucagon_im", "1 mg"),
    ),
    Protocol(
        name="c-peptide-suppression",
        meaning="0.125 U of insulin by kg over one hour, C-peptide for two",
        ref="Saddig2002",
        minutes=120.0,
        regimen=lambda who: _order("insulin_infusion", f"{125 / 60} mU/kg/min", start="0 min", stop="60 min"),
    ),
    Protocol(
        name="octreotide-test",
        meaning="100 ug of octreotide under the skin, glucose and insulin for six hours",
        ref="ECE2008P274",
        minutes=360.0,
        needs="octreotide",
        regimen=lambda who: _order("octreotide", "100 ug"),
    ),
    Protocol(
        name="diazoxide-trial",
        meaning="100 mg of diazoxide every eight hours for a week of daily life",
        ref="Gill1997",
        minutes=7 * 1440.0,
        hours_fasted=None,
        every=15.0,
        needs="diazoxide",
        regimen=_diazoxide,
    ),
    Protocol(
        name="resection",
        meaning="the primary removed at 08:00 of the first day, three days of daily life",
        ref="Hirshberg2000",
        minutes=3 * 1440.0,
        hours_fasted=None,
        every=15.0,
        needs="primary",
        regimen=lambda who: daily_meals(who, days=3) + give("primary.resect", "1", at="day 0 08:00"),
    ),
    Protocol(
        name="embolization",
        meaning="the right lobe of the liver embolized at 08:00 of the second day, two weeks of daily life",
        ref="Muro2014",
        minutes=14 * 1440.0,
        hours_fasted=None,
        every=15.0,
        needs="right_lobe",
        regimen=lambda who: daily_meals(who, days=14) + give("right_lobe.embolize", "1", at="day 1 08:00"),
    ),
    Protocol(
        name="cgm-14d",
        meaning="14 days of daily life",
        ref="IHSG2017",
        minutes=14 * 1440.0,
        hours_fasted=None,
        regimen=lambda who: daily_meals(who, days=14),
    ),
    Protocol(
        name="inpatient-day",
        meaning="one day of daily life, from midnight to midnight",
        ref="Polonsky1988",
        minutes=1440.0,
        hours_fasted=None,
        regimen=lambda who: daily_meals(who, days=1),
    ),
)
PROTOCOLS = {item.name: item for item in _ALL}
