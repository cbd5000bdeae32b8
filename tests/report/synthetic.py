"""Made-up records of many shapes, to draw and to look at; no patient stands behind any of them."""

from __future__ import annotations

from math import sin
from typing import Any

from insulinoma.record.schema import CaseRecord


def record(name: str, **sections: Any) -> CaseRecord:
    whole = {
        "schema": "insulinoma-case/1",
        "id": name,
        "title": f"Made-up course: {name.replace('-', ' ')}",
        "documents": {"chart": {"kind": "made up"}},
    }
    for section, items in sections.items():
        whole[section] = [{"source": "chart:1", **item} for item in items] if isinstance(items, list) else items
    return CaseRecord.model_validate(whole)


def glucose(value: float, when: str, **more: Any) -> dict[str, Any]:
    return {"analyte": "glucose", "value": value, "unit": "mg/dL", "when": when, **more}


def value(analyte: str, number: float, unit: str, when: str, **more: Any) -> dict[str, Any]:
    return {"analyte": analyte, "value": number, "unit": unit, "when": when, **more}


def inpatient() -> CaseRecord:
    """Four glucose values a day for sixty days from a negative day, with hormones, markers and treatments."""
    measured = [
        glucose(round(62 + 0.9 * (day + 5) + 28 * sin(1.7 * day + hour), 1), f"day {day} {hour:02d}:00")
        for day in range(-5, 55)
        for hour in (6, 12, 18, 22)
    ]
    measured += [value("insulin", 60 - 0.8 * day, "uU/mL", f"day {day}") for day in range(0, 56, 7)]
    measured += [value("c_peptide", 6 - 0.08 * day, "ng/mL", f"day {day}") for day in (0, 14, 28)]
    for day in range(0, 56, 9):
        measured.append(value("nse", 170 * 0.95**day, "ng/mL", f"day {day}"))
        measured.append(value("ca19_9", 60 * 1.01**day, "U/mL", f"day {day}"))
        measured.append(value("chromogranin_a", 300 * 0.97**day, "ng/mL", f"day {day}", reference={"upper": 100}))
    measured.append(glucose(31, "day 3 04:10", condition="seizure, hypoglycemic coma"))
    measured.append({"analyte": "glucose", "below": 20, "unit": "mg/dL", "when": "day 9"})
    measured.append({"analyte": "glucose", "between": [40, 60], "unit": "mg/dL", "when": "days 20 to 24"})
    treatments = [
        {"treatment": "dextrose", "route": "intravenous", "start": "day -5", "stop": "day 16", "dose": "300 g/day"},
        {
            "treatment": "diazoxide",
            "route": "oral",
            "start": "day -2",
            "stop": "day 6",
            "dose": "300 mg/day",
            "response": "not effective",
        },
        {
            "treatment": "octreotide",
            "route": "subcutaneous",
            "start": "day 6",
            "stop": "day 9",
            "stopped_for": "toxicity",
        },
        {"treatment": "embolization", "site": "right_liver_lobe", "when": "day 12"},
        {"treatment": "embolization", "site": "left_liver_lobe", "when": "day 13"},
        {"treatment": "everolimus", "route": "oral", "start": "day 20", "dose": "10 mg/day", "response": "partial"},
        {"treatment": "embolization", "site": "right_liver_lobe", "when": "day 41"},
    ]
    events = [{"event": "admission", "when": "day -5"}, {"event": "discharge", "when": "day 54"}]
    return record("inpatient", measurements=measured, treatments=treatments, events=events)


def calendar() -> CaseRecord:
    """Dates instead of days, mmol/L instead of mg/dL."""
    measured = [
        value("glucose", number, "mmol/L", f"2021-{month:02d}-{day:02d}")
        for month, day, number in ((3, 2, 2.1), (3, 9, 3.0), (4, 1, 3.9), (5, 20, 5.2), (8, 4, 4.8))
    ]
    measured += [value("insulin", 180, "pmol/L", "2021-03-02"), value("proinsulin", 60, "pmol/L", "2021-03-02")]
    measured += [value("longest_diameter", 14, "mm", "2021-03-20", lesion="primary")]
    return record(
        "calendar",
        measurements=measured,
        treatments=[
            {"treatment": "resection", "site": "pancreatic_tail", "when": "2021-04-12", "response": "effective"},
            {"treatment": "diazoxide", "route": "oral", "start": "2021-03-05", "stop": "2021-04-11"},
        ],
        events=[{"event": "last_follow_up", "when": "2021-08-04"}],
        findings=[{"finding": "hypoglycemia", "present": False, "when": "from 2021-04-12"}],
        lesions=[{"id": "primary", "role": "primary", "site": "pancreatic_tail"}],
    )


def fast() -> CaseRecord:
    """A supervised fast of 41 hours."""
    hours = [0, 4, 8, 12, 18, 24, 28, 32, 36, 38, 40, 41]
    measured = []
    for hour in hours:
        when = f"day {hour // 24} {hour % 24:02d}:00"
        measured.append(glucose(round(88 - 1.15 * hour, 1), when))
        measured.append(value("insulin", 14 - 0.05 * hour, "uU/mL", when))
        measured.append(value("c_peptide", 2.4 - 0.01 * hour, "ng/mL", when))
        if hour > 20:
            measured.append(value("beta_hydroxybutyrate", 0.1 + 0.01 * hour, "mmol/L", when))
    measured.append({"analyte": "insulin_antibody", "statement": "negative", "when": "day 0 08:00"})
    return record(
        "fast",
        measurements=measured,
        events=[{"event": "fast_start", "when": "day 0 00:00"}, {"event": "fast_end", "when": "day 1 17:05"}],
        findings=[
            {"finding": "confusion", "when": "day 1 16:50"},
            {"finding": "tremor", "when": "day 1 16:00"},
            {"finding": "relief_with_glucose", "when": "day 1 17:15"},
        ],
        treatments=[{"treatment": "dextrose", "route": "intravenous", "when": "day 1 17:10", "dose": "25 g"}],
    )


def years() -> CaseRecord:
    """Nine years with a few facts a year."""
    measured = [glucose(70 - (day // 365) * 3, f"day {day}") for day in range(0, 3300, 180)]
    measured += [
        value("chromogranin_a", 90 + day / 5, "ng/mL", f"day {day}", reference={"upper": 94})
        for day in range(0, 3300, 300)
    ]
    measured += [
        value("longest_diameter", 12 + day / 200, "mm", f"day {day}", lesion="liver-one") for day in range(0, 3300, 365)
    ]
    names = [
        "resection",
        "embolization",
        "chemoembolization",
        "lutetium_dotatate",
        "everolimus",
        "sunitinib",
        "capecitabine_temozolomide",
        "diazoxide",
        "lanreotide",
    ]
    treatments = [
        {"treatment": name, "start": f"day {300 * index}", "stop": f"day {300 * index + 420}"}
        if name not in ("resection", "embolization", "chemoembolization")
        else {"treatment": name, "when": f"day {300 * index + 5}"}
        for index, name in enumerate(names)
    ]
    return record(
        "years",
        measurements=measured,
        treatments=treatments,
        events=[{"event": "symptom_onset", "when": "day -400"}, {"event": "death", "when": "day 3320"}],
        findings=[
            {"finding": "tumor_increase", "lesion": "liver-one", "when": "between day 1200 and day 1500"},
            {"finding": "hypoglycemia", "count": "multiple", "when": "days 2000 to 3320"},
        ],
        lesions=[{"id": "liver-one", "role": "metastasis", "site": "liver"}],
    )


def crowded() -> CaseRecord:
    """Hundreds of facts of every kind, many at the same time."""
    names = ["confusion", "cold_sweat", "tremor", "palpitations", "hunger", "weakness", "weight_gain", "anxiety"]
    findings = [{"finding": names[index % 8], "when": f"day {index % 97}"} for index in range(240)]
    findings += [{"finding": "hypoglycemia", "when": f"day {day}"} for day in range(0, 90, 3)]
    findings += [
        {"finding": "hypoglycemia", "present": False, "when": f"days {day} to {day + 1}"} for day in range(1, 90, 6)
    ]
    drugs = [
        "diazoxide",
        "octreotide",
        "lanreotide",
        "pasireotide",
        "glucagon",
        "prednisolone",
        "everolimus",
        "sunitinib",
        "etoposide_cisplatin",
        "streptozocin_doxorubicin",
        "capecitabine_temozolomide",
        "verapamil",
    ]
    treatments = [
        {
            "treatment": drug,
            "start": f"day {3 * index + 20 * turn}",
            "stop": f"day {3 * index + 20 * turn + 9}",
            "dose": f"{10 * turn + 10} mg/day",
            "response": "partial",
        }
        for index, drug in enumerate(drugs)
        for turn in range(4)
    ]
    treatments += [{"treatment": "embolization", "when": f"day {5 * index}"} for index in range(20)]
    measured = [value("potassium", 3.5 + index % 5 / 5, "mmol/L", f"day {index}") for index in range(97)]
    measured += [
        value(name, 100 * 1.03**day, unit, f"day {day}")
        for day in range(0, 97, 4)
        for name, unit in (("nse", "ng/mL"), ("ca19_9", "U/mL"), ("dupan_2", "U/mL"), ("span_1", "U/mL"))
    ]
    measured += [
        {"analyte": name, "direction": way, "when": f"after day {day}"}
        for name in ("nse", "insulin", "c_peptide")
        for way, day in (("decreased", 20), ("increased", 60), ("unchanged", 80))
    ]
    events = [{"event": "meal", "when": f"day {day} 12:00"} for day in range(0, 97, 2)]
    return record("crowded", findings=findings, treatments=treatments, measurements=measured, events=events)


def undated() -> CaseRecord:
    """Not one day: the order of some facts, and nothing at all of others."""
    return record(
        "undated",
        events=[
            {"id": "admission", "event": "admission"},
            {"id": "operation", "event": "discharge", "when": "after admission"},
        ],
        measurements=[
            glucose(38, "at admission"),
            glucose(60, "between admission and operation"),
            glucose(90, "after operation"),
            glucose(44, "unknown"),
            value("insulin", 30, "uU/mL", "unknown"),
            value("nse", 40, "ng/mL", "at admission"),
        ],
        treatments=[
            {"treatment": "diazoxide", "when": "between admission and operation", "response": "partial"},
            {"treatment": "octreotide"},
        ],
        findings=[{"finding": "hypoglycemia", "count": "multiple", "when": "before admission"}],
    )


def sparse() -> CaseRecord:
    """Two values and nothing else."""
    return record("sparse", measurements=[glucose(45, "day 3"), glucose(92, "day 10")])


def single() -> CaseRecord:
    """One fact."""
    return record("single", measurements=[value("insulin", 30, "uU/mL", "day 1")])


def empty() -> CaseRecord:
    """No fact at all."""
    return record("empty")


def sensor() -> CaseRecord:
    """Fourteen days of a glucose sensor, every fifteen minutes."""
    measured = [
        value(
            "glucose_interstitial",
            round(95 + 45 * sin(step / 9) + 20 * sin(step / 41), 0),
            "mg/dL",
            f"day {step // 96} {step % 96 // 4:02d}:{step % 4 * 15:02d}",
        )
        for step in range(14 * 96)
    ]
    return record("sensor", measurements=measured)


ALL = (inpatient, calendar, fast, years, crowded, undated, sparse, single, empty, sensor)
