from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from insulinoma.errors import InputError
from insulinoma.record.io.cgm import CgmOptions, CgmReadings, read_cgm


def read(tmp_path: Path, stamps: list[str], **options: object) -> CgmReadings:
    path = tmp_path / "dates.csv"
    rows = [f'"{stamp}",{80 + at % 7}' for at, stamp in enumerate(stamps)]
    path.write_text("\n".join(["time,glucose_mg_dl", *rows]) + "\n", encoding="utf-8")
    return read_cgm(path, CgmOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "stamp",
    ["2024-05-31 14:05", "2024-05-31T14:05:00", "2024/05/31 14:05", "31.05.2024 14:05", "31/05/24 14:05:00",
     "05-31-2024 02:05 PM", "5/31/2024 2:05 p.m.", "2024-05-31 14:05:00.000"],
)  # fmt: skip
def test_stamps_that_leave_no_doubt(tmp_path: Path, stamp: str) -> None:
    assert read(tmp_path, [stamp]).start == datetime(2024, 5, 31, 14, 5)


@pytest.mark.parametrize(
    "stamp",
    ["2024-02-30 10:00", "2024-13-01 10:00", "2023-02-29 10:00", "2024-05-31 24:00", "2024-05-31 10:60", "2024-05-31",
     "0001-01-01 00:00", "9999-12-31 23:59", "00000-01-01 00:00", "13:05 PM", "now", "2024-05-31 10:00 XM",
     "٢٠٢٤-٠٥-٣١ ١٠:٠٠"],
)  # fmt: skip
def test_stamps_that_are_none(tmp_path: Path, stamp: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, ["2024-05-31 14:05", stamp, stamp])
    assert [fault.line for fault in caught.value.faults] == [3, 4]


def test_times_of_day_alone_are_refused_with_the_option_that_dates_them(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"times of day without a date.*--start-date YYYY-MM-DD"):
        read(tmp_path, ["23:50", "23:55", "00:00", "00:05"])
    dated = read(tmp_path, ["23:50", "23:55", "00:00", "00:05"], start_date=date(2024, 2, 28))
    assert dated.start == datetime(2024, 2, 28, 23, 50)
    assert dated.minutes.tolist() == [0, 5, 10, 15]
    assert "dated 2024-02-28 on request, 1 more days follow" in dated.notes[0]


def test_a_small_step_back_is_no_midnight(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="comes 10 min before the row above it"):
        read(tmp_path, ["10:00", "10:10", "10:00"], start_date=date(2024, 1, 1))


def test_one_time_of_day_among_dates_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"dates\.csv:3 time: '10:05' is a time of day without a date"):
        read(tmp_path, ["2024-01-01 10:00", "10:05"])


def days(order: str, first: date, count: int) -> list[str]:
    start = datetime(first.year, first.month, first.day)
    return [(start + timedelta(hours=6 * at)).strftime(f"{order} %H:%M") for at in range(4 * count)]


def test_day_and_month_are_inferred_from_a_number_above_twelve(tmp_path: Path) -> None:
    readings = read(tmp_path, days("%d/%m/%Y", date(2024, 3, 5), 12))
    assert readings.start == datetime(2024, 3, 5)
    assert "The day was taken to come first" in readings.notes[0]
    assert read(tmp_path, days("%m/%d/%Y", date(2024, 3, 5), 12)).start == datetime(2024, 3, 5)


def test_day_and_month_are_inferred_from_continuity(tmp_path: Path) -> None:
    readings = read(tmp_path, days("%d/%m/%Y", date(2024, 3, 5), 4))
    assert readings.start == datetime(2024, 3, 5)
    assert "the other order leaves gaps of" in readings.notes[0]


def test_day_and_month_are_asked_for(tmp_path: Path) -> None:
    stamps = days("%d/%m/%Y", date(2024, 3, 5), 1)
    with pytest.raises(InputError, match="--day-first or --month-first"):
        read(tmp_path, stamps)
    assert read(tmp_path, stamps, day_first=True).start == datetime(2024, 3, 5)
    assert read(tmp_path, stamps, day_first=False).start == datetime(2024, 5, 3)
    assert read(tmp_path, ["05/05/2024 10:00", "05/05/2024 10:05"]).start == datetime(2024, 5, 5, 10)


def test_two_orders_in_one_file_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, ["25/03/2024 10:00", "03/26/2024 10:00"])
    assert [(fault.line, fault.kind) for fault in caught.value.faults] == [(2, "day-month"), (3, "day-month")]


def berlin_night(first: datetime, minutes: int) -> list[datetime]:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Europe/Berlin")
    start = first.replace(tzinfo=ZoneInfo("UTC"))
    return [(start + timedelta(minutes=at)).astimezone(zone) for at in range(0, minutes, 5)]


def test_the_repeated_hour_of_autumn(tmp_path: Path) -> None:
    stamps = [f"{stamp:%Y-%m-%d %H:%M}" for stamp in berlin_night(datetime(2024, 10, 26, 22), 360)]
    readings = read(tmp_path, stamps, timezone="Europe/Berlin")
    assert np.diff(readings.minutes).tolist() == [5.0] * 71
    assert readings.clock[-1] - readings.clock[0] == 355 - 60
    assert "24 readings fall in an hour that the clock of Europe/Berlin shows twice." in readings.notes
    newest_first = read(tmp_path, stamps[::-1], timezone="Europe/Berlin")
    assert newest_first.minutes.tolist() == readings.minutes.tolist()
    without = read(tmp_path, stamps)
    assert any("goes back by 55 min" in note for note in without.notes)


def test_the_missing_hour_of_spring(tmp_path: Path) -> None:
    stamps = [f"{stamp:%Y-%m-%d %H:%M}" for stamp in berlin_night(datetime(2024, 3, 30, 22), 360)]
    readings = read(tmp_path, stamps, timezone="Europe/Berlin")
    assert np.diff(readings.minutes).tolist() == [5.0] * 71
    assert np.diff(read(tmp_path, stamps).minutes).max() == 65


def test_stamps_with_their_own_offset(tmp_path: Path) -> None:
    stamps = [stamp.isoformat(timespec="minutes") for stamp in berlin_night(datetime(2024, 10, 26, 22), 360)]
    readings = read(tmp_path, stamps)
    assert np.diff(readings.minutes).tolist() == [5.0] * 71
    assert readings.start == datetime(2024, 10, 27)
    assert read(tmp_path, ["2024-01-01 10:00Z"]).notes == (
        "The stamps are in UTC: give --timezone to see the local clock.",
    )
    with pytest.raises(InputError, match="names no time zone and other rows do"):
        read(tmp_path, ["2024-01-01 10:00Z", "2024-01-01 10:05"])
