from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ElementTree
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
import synthetic

from insulinoma.errors import UsageError
from insulinoma.record.load import load_case
from insulinoma.report.course_entries import NUMBERS
from insulinoma.report.course_figure import CourseFigure, plot_course
from insulinoma.report.scene import Line, Mark

RECORDS = {"index": load_case, **{make.__name__: make for make in synthetic.ALL}}
WIDTHS = (85, 180)
EVERY = [(name, width) for name in RECORDS for width in WIDTHS]


@cache
def course(name: str, width: int) -> CourseFigure:
    return plot_course(RECORDS[name](), width_mm=width)


@cache
def text_boxes(name: str, width: int) -> list[tuple[str, float, float, float, float]]:
    """Every text with its box in millimeters as the Agg renderer draws it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = course(name, width).figure()
    figure.set_dpi(300)
    canvas = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()
    per_millimeter = figure.dpi / 25.4
    found = []
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        found.append((text.get_text(), *(edge / per_millimeter for edge in (box.x0, box.y0, box.x1, box.y1))))
    return found


@pytest.mark.parametrize(("name", "width"), EVERY)
def test_no_text_meets_another(name: str, width: int) -> None:
    air = 0.12
    met = [
        (one[0], other[0])
        for one, other in combinations(text_boxes(name, width), 2)
        if one[1] + air < other[3] and other[1] + air < one[3] and one[2] + air < other[4] and other[2] + air < one[4]
    ]
    assert met == []


@pytest.mark.parametrize(("name", "width"), EVERY)
def test_all_text_is_inside_the_figure(name: str, width: int) -> None:
    height = course(name, width).scene.height
    outside = [
        words for words, x0, y0, x1, y1 in text_boxes(name, width) if x0 < 0 or y0 < 0 or x1 > width or y1 > height
    ]
    assert outside == []


@pytest.mark.parametrize(("name", "width"), EVERY)
def test_type_is_never_smaller_than_stated(name: str, width: int) -> None:
    smallest = 5.5 if width == 85 else 7.0
    assert min((text.size for text in course(name, width).scene.texts()), default=smallest) >= smallest


@pytest.mark.parametrize(("name", "width"), EVERY)
def test_no_rule_runs_through_a_text(name: str, width: int) -> None:
    scene = course(name, width).scene
    boxes = [text.box for text in scene.texts()]
    for item in scene.items:
        if isinstance(item, Line) and item.gives_way:
            (x0, y0), (x1, y1) = item.points
            assert not any(b[0] < x1 and x0 < b[2] and b[1] < y1 and y0 < b[3] for b in boxes)


@pytest.mark.parametrize(("name", "width"), EVERY)
def test_points_are_drawn_for_numbers_only_and_once_each(name: str, width: int) -> None:
    picture = course(name, width)
    numbers = {row.key for row in picture.data if row.kind in NUMBERS}
    keys = [mark.key for mark in picture.scene.marks("value")]
    assert len(keys) == len(set(keys))
    assert set(keys) <= numbers
    sensor = {row.key for row in picture.data if row.name == "glucose_interstitial"}
    lanes_are_full = name == "crowded"
    assert set(keys) == numbers - sensor or lanes_are_full
    drawn = picture.figure().axes[0].lines
    assert sum(line.get_marker() not in ("None", None, "") for line in drawn) == sum(
        isinstance(item, Mark) for item in picture.scene.items
    )


def test_the_index_case_has_words_not_points_after_day_12() -> None:
    picture = course("index", 180)
    assert picture.scene.axis is not None
    assert [mark for mark in picture.scene.marks("value") if mark.x > picture.scene.axis[0]] == []
    words = " ".join(text.words for text in picture.scene.texts())
    for said in ("no hypoglycemia, days 13–61", "hypoglycemia recurred, unknown day after 61", "day 40 or 50",
                 "CA19-9, NSE decreased", "Death, day 157", "order known, day not stated"):  # fmt: skip
        assert said in words


@pytest.mark.parametrize("width", WIDTHS)
def test_the_source_s_own_days_are_the_ticks(width: int) -> None:
    words = [text.words for text in course("index", width).scene.texts()]
    assert {"12", "13", "22", "41", "61", "157"} <= set(words)


@pytest.mark.parametrize("name", RECORDS)
def test_everything_drawn_is_a_row_of_the_table(name: str) -> None:
    picture = course(name, 180)
    known = {row.key for row in picture.data} | {"", "thread"}
    assert {key for item in picture.scene.items for key in item.key.split(" ")} <= known


def test_every_row_with_a_place_in_the_index_case_is_drawn() -> None:
    for width in WIDTHS:
        picture = course("index", width)
        drawn = {key for item in picture.scene.items for key in item.key.split()}
        assert {row.key for row in picture.data if row.panel != "table only"} - drawn == set()


@pytest.mark.parametrize("name", ["index", "inpatient", "undated", "empty"])
def test_svg_is_well_formed_text_and_the_same_each_time(name: str) -> None:
    first, second = (plot_course(RECORDS[name]()).svg() for _ in range(2))
    assert first == second
    root = ElementTree.fromstring(first)  # noqa: S314
    assert root.tag.endswith("svg")
    assert "<text" in first
    assert "Research and education only" in first


@pytest.mark.parametrize("name", ["index", "inpatient", "sensor", "empty"])
def test_html_needs_no_network(name: str) -> None:
    page = course(name, 180).html()
    assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", page, re.IGNORECASE)
    assert not re.search(r"\b(?:src|href)=\"(?!#)", page.replace("xlink:href", "href"))
    assert "Research and education only" in page
    assert page.count("<tr>") == len(course(name, 180).data) + 1


def test_html_says_glucose_in_both_units_and_is_reachable_by_keyboard() -> None:
    page = course("index", 180).html()
    assert "54 mg/dL (3 mmol/L), level 1" in page
    assert "20 mg/dL (1.11 mmol/L), level 3" in page
    assert page.count('tabindex="0"') > 30


def test_hostile_texts_stay_texts() -> None:
    record = synthetic.record("hostile", measurements=[synthetic.glucose(50, "day 1", condition="</script><b>$x_1$")])
    picture = plot_course(record.model_copy(update={"title": "<script>alert('$a$ & b')</script>"}))
    ElementTree.fromstring(picture.svg())  # noqa: S314
    page = picture.html()
    assert "<script>alert" not in page
    assert "</script><b>" not in page


def test_files_by_their_endings(tmp_path: Path) -> None:
    picture = course("sparse", 85)
    assert picture.save(tmp_path / "a.svg").read_text().startswith("<?xml")
    assert picture.save(tmp_path / "new" / "a.png").read_bytes().startswith(b"\x89PNG")
    assert picture.save(tmp_path / "a.html").read_text().startswith("<!DOCTYPE html>")
    assert picture.save(tmp_path / "a.csv").read_text().startswith("key,panel")
    with pytest.raises(UsageError, match=r"ends with \.svg"):
        picture.save(tmp_path / "a.docx")


def test_png_has_300_dots_an_inch() -> None:
    from io import BytesIO

    from PIL import Image

    image = Image.open(BytesIO(course("sparse", 85).png()))
    assert image.width == pytest.approx(85 / 25.4 * 300, abs=1)


@pytest.mark.parametrize("name", ["index", "inpatient"])
def test_a_picture_takes_less_than_three_seconds(name: str) -> None:
    record = RECORDS[name]()
    start = time.process_time()
    plot_course(record).svg()
    assert time.process_time() - start < 3.0
