"""Generated records for property tests: every section, valid by every check."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from insulinoma.quantities import analytes
from insulinoma.record.vocabulary import terms

texts = st.text(
    alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30
).filter(lambda text: text.strip() == text and text != "")
whens = st.sampled_from(
    [
        "unknown",
        "day 3",
        "day 3 08:15",
        "days 2 to 9",
        "after day 4",
        "between day 2 and day 5",
        "day 4 or 8",
        "from day 6",
        "until day 7",
        "before day 9",
        "day -400",
        "from day 3 08:15",
        "day 2.5",
    ]
)
sources = st.sampled_from(
    ["chart:4", "chart:4-9", "chart p. 3", "chart", ["chart:1", "chart p. 2"], {"at": "chart:4", "quote": "x: 'y', 2"}]
)
FACT = {"note": texts, "basis": st.sampled_from(["stated", "implied"]), "inventory": st.lists(texts, max_size=2)}
SITES = st.sampled_from(sorted(terms("sites")))
COUNTS = st.sampled_from(["solitary", "multiple", 3])


def fact(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({**required, "source": sources}, optional={**FACT, **optional})


def tied(*ids: str) -> st.SearchStrategy[str]:
    """Times, some of them tied to other facts by their ids."""
    forms = [
        form.format(name) for name in ids for form in ("at {}", "4 weeks after {}", "before {}", "from 2 days after {}")
    ]
    return st.one_of(whens, st.sampled_from(forms)) if forms else whens


@st.composite
def measurements(draw: st.DrawFn, times: st.SearchStrategy[str] = whens, *, lesions: bool = False) -> dict[str, Any]:
    kind = draw(st.sampled_from([kind for kind in analytes().values() if kind.canonical.factor]))
    unit = draw(st.sampled_from([unit for unit in kind.units if unit.factor]))
    assert unit.factor
    low, high = max(kind.lowest, 0) / unit.factor * 1.001, kind.highest / unit.factor * 0.999
    number = st.floats(low, high, allow_subnormal=False).map(lambda value: float(f"{value:.6g}"))
    form = draw(st.sampled_from(["value", "below", "above", "between", "direction", "statement"]))
    item: dict[str, Any] = {"analyte": kind.name, "when": draw(times), "source": draw(sources)}
    if form == "between":
        item["between"] = sorted([draw(number), draw(number)])
    elif form in ("direction", "statement"):
        item[form] = {"direction": "decreased", "statement": "normal"}[form]
    else:
        item[form] = draw(number)
    optional: dict[str, Any] = {"condition": texts, **FACT}
    if form not in ("direction", "statement"):
        item["unit"] = draw(st.sampled_from([unit.symbol, *unit.spellings]))
        optional |= {
            "factor": st.just(unit.factor),
            "reference": st.sampled_from([{"lower": 1, "upper": 2.5}, {"upper": 3}, {}]),
        }
    if lesions:
        optional["lesion"] = st.just("primary")
    item |= draw(st.fixed_dictionaries({}, optional=optional))
    if "reference" not in item:
        item |= draw(st.fixed_dictionaries({}, optional={"flag": st.sampled_from(["low", "normal", "elevated"])}))
    if draw(st.booleans()):
        item |= {"sample": "drawn", "when": "day 3 08:15"}
    return item


findings = st.fixed_dictionaries(
    {"finding": st.sampled_from(sorted(terms("findings"))), "source": sources, "when": whens},
    optional={
        "present": st.booleans(),
        "circumstances": texts,
        "duration": st.just("2 months"),
        "count": st.just("multiple"),
    },
)
records = st.fixed_dictionaries(
    {
        "schema": st.just("insulinoma-case/1"),
        "id": st.just("any"),
        "title": texts,
        "documents": st.just({"chart": {"kind": "chart"}}),
        "measurements": st.lists(measurements(), max_size=6),
        "findings": st.lists(findings, max_size=4),
    },
    optional={
        "patient": st.just({"age": {"years": 45, "source": "chart:1"}}),
        "clock": st.just({"day_zero": "admission"}),
    },
)

_DOSES = st.sampled_from(
    [
        {},
        {"dose": "100 mg"},
        {"dose": "100 mg", "doses_per_day": 3},
        {"dose": "12.5 mg/h"},
        {"dose": "0.3 g/day"},
        {"dose": "1.25 mL"},
    ]
)
_COURSES = st.sampled_from(
    [{}, {"start": "day 3"}, {"start": "day 3", "stop": "day 9"}, {"when": "days 3 to 9"}, {"when": "day 5"}]
)


@st.composite
def treatments(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(
        st.sampled_from(
            ["diazoxide", "octreotide_lar", "etoposide_cisplatin", "dextrose", "embolization", "biopsy", "resection"]
        )
    )
    dose = {} if name in ("embolization", "biopsy", "resection", "octreotide_lar") else draw(_DOSES)
    optional = {
        "route": st.sampled_from(["oral", "intra-arterial"]),
        "site": SITES,
        "lesion": st.just("primary"),
        "device": texts,
        "courses": st.integers(1, 9),
        "response": st.sampled_from(["effective", "not effective"]),
        "comment": texts,
        "stopped_for": st.sampled_from(["allergy", "patient's wish", "not effective", "completed"]),
    }
    return {"treatment": name, **dose, **draw(_COURSES), **draw(fact({}, optional))}


@st.composite
def full_records(draw: st.DrawFn) -> dict[str, Any]:
    """A record with every section, its facts tied to each other."""
    times = tied("admitted")
    kinds = ["admission", "transfer", "imaging_study", "meal", "recurrence"]
    events = draw(
        st.lists(fact({"event": st.sampled_from(kinds)}, {"place": texts, "cause": texts, "when": times}), max_size=4)
    )
    death = draw(
        st.sampled_from([[], [{"id": "dead", "event": "death", "when": "day 400", "cause": "x", "source": "chart"}]])
    )
    lesions = draw(
        st.lists(
            fact(
                {"role": st.sampled_from(["metastasis", "node"]), "site": SITES},
                {"count": COUNTS, "target": st.booleans()},
            ),
            max_size=2,
        )
    )
    found = fact(
        {"finding": st.one_of(st.just("drug_allergy"), st.sampled_from(sorted(terms("findings"))))},
        {
            "present": st.booleans(),
            "when": times,
            "site": SITES,
            "lesion": st.just("primary"),
            "count": COUNTS,
            "circumstances": texts,
            "duration": st.just("1.5 years"),
            "related_to": st.sampled_from(["first", "admitted"]),
        },
    )
    diagnosed = fact(
        {"diagnosis": st.sampled_from(sorted(terms("diagnoses")))},
        {"grade": st.integers(1, 4), "classification": texts, "edition": texts, "specimen": SITES, "when": times},
    )
    claimed = fact({"claim": texts, "about": texts}, {"when": times})
    numbers = st.fixed_dictionaries({}, optional={"value": st.just(4.5)}).map(
        lambda item: item | ({"unit": "months"} if item else {})
    )
    record = {
        "schema": "insulinoma-case/1",
        "id": "any",
        "title": draw(texts),
        "documents": {
            "chart": draw(
                st.fixed_dictionaries(
                    {"kind": texts},
                    optional={"note": texts, "file": texts, "citation": texts, "sha256": st.just("0" * 64)},
                )
            )
        },
        "clock": draw(st.sampled_from([{}, {"day_zero": "admission"}, {"day_zero_date": "2014-03-05"}])),
        "patient": draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "age": fact({"years": st.sampled_from([45, 71.5])}, {}),
                    "sex": fact({"value": st.sampled_from(["female", "male"])}, {}),
                },
            )
        ),
        "events": [{"id": "admitted", "event": "admission", "when": "day 1", "source": "chart:1"}, *events, *death],
        "lesions": [{"id": "primary", "role": "primary", "site": "pancreas", "source": "chart:1"}, *lesions],
        "measurements": draw(st.lists(measurements(times, lesions=True), max_size=5)),
        "findings": draw(st.lists(found, max_size=4)),
        "diagnoses": draw(st.lists(diagnosed, max_size=2)),
        "treatments": [
            {"id": "first", "treatment": "diazoxide", "source": "chart:2"},
            *draw(st.lists(treatments(), max_size=3)),
        ],
        "claims": [item | draw(numbers) for item in draw(st.lists(claimed, max_size=2))],
        "conflicts": draw(
            st.sampled_from(
                [
                    [],
                    [
                        {
                            "id": "clash",
                            "about": "x",
                            "rule": "r",
                            "decision": "first",
                            "inventory": ["X1"],
                            "readings": [
                                {"facts": ["first"], "says": "a"},
                                {"facts": ["admitted", "primary"], "says": "b"},
                            ],
                        }
                    ],
                ]
            )
        ),
        "manuscript": draw(st.sampled_from([[], [{"item": "consent", "status": "absent", "source": "chart"}]])),
    }
    for section in ("measurements", "findings", "diagnoses", "claims"):
        for index, item in enumerate(record[section]):
            if draw(st.booleans()):
                item["id"] = f"{section}-{index}"
    return record
