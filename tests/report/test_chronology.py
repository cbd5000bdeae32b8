from __future__ import annotations

import pytest
import synthetic

from insulinoma.record.load import load_case
from insulinoma.report.chronology import BEGINNING, END, Chronology, Edge


@pytest.fixture(scope="module")
def index() -> Chronology:
    return Chronology(load_case())


def place(chronology: Chronology, name: str):  # type: ignore[no-untyped-def]
    return chronology.place(chronology.record.by_id[name])


def test_the_strip_of_the_index_case_is_bounded_by_admission_and_transfer(index: Chronology) -> None:
    assert index.boundaries == ("emergency-admission", "transfer")
    assert place(index, "pain").start == BEGINNING
    assert place(index, "pain").end == Edge(0, 1.0)
    assert place(index, "diazoxide").start == Edge(0, 2.0)
    assert place(index, "diazoxide").end.day == 12.0


@pytest.mark.parametrize(
    ("name", "known", "start", "end"),
    [
        ("tae-right", "exact", 12.0, 13.0),
        ("no-hypoglycemia", "exact", 13.0, 62.0),
        ("glucose-after-tae", "start only", 13.0, 14.0),
        ("etoposide-cisplatin", "start only", 41.0, 42.0),
        ("ct-after-tae", "one of", 40.0, 51.0),
        ("metastases-decreased", "one of", 40.0, 51.0),
        ("hypoglycemia-recurred", "window", 62.0, 157.0),
        ("nse-after-tae", "order only", 13.0, None),
        ("diazoxide", "order only", None, 12.0),
        ("small-cell", "unknown", None, None),
    ],
)
def test_how_well_a_time_is_known(
    index: Chronology, name: str, known: str, start: float | None, end: float | None
) -> None:
    found = place(index, name)
    assert (found.known, found.start.day, found.end.day) == (known, start, end)


def test_without_days_the_order_alone_makes_the_strip() -> None:
    chronology = Chronology(synthetic.undated())
    assert chronology.boundaries == ("admission", "operation")
    values = [chronology.place(fact) for fact in chronology.record.measurements]
    assert values[0].start == values[0].end == Edge(0, 1.0)
    assert (values[1].start, values[1].end) == (Edge(0, 1.0), Edge(0, 2.0))
    assert (values[2].start, values[2].end) == (Edge(0, 2.0), END)
    assert values[3].known == "unknown"


def test_dates_without_a_day_zero_count_from_the_first() -> None:
    chronology = Chronology(synthetic.calendar())
    assert chronology.first_day == 0.0


def test_an_event_in_a_circle_of_references_has_no_place() -> None:
    record = synthetic.record(
        "circle",
        events=[{"id": "a", "event": "admission", "when": "at b"}, {"id": "b", "event": "transfer", "when": "at a"}],
        measurements=[synthetic.glucose(50, "after a"), synthetic.glucose(60, "day 3")],
    )
    chronology = Chronology(record)
    assert all(chronology.place(fact) is not None for fact in chronology.timed)
