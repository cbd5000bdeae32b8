"""The in-silico trials that ship with the program."""

from __future__ import annotations

from functools import cache
from typing import Any


def trial_names() -> list[str]:
    """Their names."""
    from insulinoma.cohort.reading import shipped

    return list(shipped("trials"))


@cache
def trial_list() -> list[dict[str, Any]]:
    """Each with title, question, population, arms, size and length of follow-up."""
    from insulinoma.cohort.trial_file import read_trial

    return [_told(name, read_trial(name)[0]) for name in trial_names()]


def _told(name: str, trial: Any) -> dict[str, Any]:
    return {
        "name": name,
        "title": trial.title,
        "question": trial.question,
        "population": trial.population,
        "size": trial.size,
        "arms": [{"name": arm.name, "title": arm.title} for arm in trial.arms],
    }
