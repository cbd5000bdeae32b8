"""A trial in a real browser: population and arms are chosen, it runs as a job, and its pictures follow the theme."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.app.conftest import Live
from tests.app.reading import in_every_look, until
from tests.app.test_pages import open_view

CORNER = """() => {
  const image = document.querySelector('#curve-survival img'), canvas = document.createElement('canvas');
  canvas.width = canvas.height = 9;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return [...canvas.getContext('2d').getImageData(4, 4, 1, 1).data].join(' ');
}"""
PAPER = {"light": "255 255 255 255", "dark": "27 28 30 255"}


def test_a_trial_runs_with_the_arms_that_were_chosen(page: Any, live: Live, frontend: Path) -> None:
    open_view(page, live, "#/trial?trial=embolization-timing&patients=64&arms=never%20early%20late")
    expect(page.get_by_label("Virtual patients")).to_have_value("64")
    page.get_by_label("Virtual patients").fill("8")
    expect(page.get_by_label("when-needed")).not_to_be_checked()
    page.get_by_label("late").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Run the trial").click()
    results = page.locator("#trial-results")
    expect(results).to_contain_text("8 virtual patients", timeout=240_000)
    expect(results.locator("table").first).to_contain_text("early")
    expect(results.locator("table").first).not_to_contain_text("late")
    assert "arms=never+early" in page.url
    until(page, "document.querySelector('#curve-survival img').naturalWidth > 100")
    for theme, color in PAPER.items():
        page.get_by_role("button", name=theme, exact=True).click()
        until(page, f"({CORNER})() === '{color}'")
    in_every_look(page, frontend, "a trial")


def test_a_population_that_an_arm_does_not_fit_is_refused_in_words(page: Any, live: Live) -> None:
    open_view(page, live, "#/trial?trial=embolization-timing")
    page.get_by_label("Population").select_option("healthy-adults")
    page.get_by_role("button", name="Run the trial").click()
    expect(page.get_by_role("alert")).to_contain_text("right_lobe.embolize")
    assert "population=healthy-adults" in page.url
