"""The in-silico trials that ship with the program, as they are or with another population and fewer arms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from insulinoma.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from insulinoma.cohort.design import Trial
    from insulinoma.cohort.population import Population


def trial_names() -> list[str]:
    """Their names."""
    from insulinoma.cohort.reading import shipped

    return list(shipped("trials"))


@cache
def population_list() -> list[dict[str, str]]:
    """The virtual populations that ship, each with its title."""
    from insulinoma.cohort.reading import file_tree, shipped

    return [{"name": name, "title": file_tree(name, "populations").data["title"]} for name in shipped("populations")]


def designed(
    name: str, population: str | None, arms: Sequence[str] | None, workspace: Path
) -> tuple[Trial, Population]:
    """A shipped trial in a population and with some of its arms.

    UsageError for unknown names, InputError where the arms do not fit the population.
    """
    from insulinoma.cohort.trial_file import read_trial

    text = _text(name, population, arms)
    with TemporaryDirectory(dir=workspace, prefix="trial-") as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return read_trial(str(path))


def _text(name: str, population: str | None, arms: Sequence[str] | None) -> str:
    from insulinoma.cohort.reading import file_text, file_tree
    from insulinoma.record.io.yaml import write_yaml

    if population is None and arms is None:
        return file_text(name, "trials")
    data: dict[str, Any] = file_tree(name, "trials").data
    known = [item["name"] for item in population_list()]
    if population is not None:
        data["population"] = _known(population, known)
    if arms is not None:
        every = {arm["name"]: arm for arm in data["arms"]}
        chosen = {_known(arm, list(every)) for arm in arms}
        data["arms"] = [arm for key, arm in every.items() if key in chosen]
    return write_yaml(data)


def _known(name: str, names: list[str]) -> str:
    if name not in names:
        hint = did_you_mean(name, names)
        raise UsageError(f"There is no {name!r}. Expected one of {', '.join(names)}. {hint}".strip())
    return name


@cache
def trial_list() -> list[dict[str, Any]]:
    """Each with title, question, population, arms, and size."""
    from insulinoma.cohort.design import Trial
    from insulinoma.cohort.reading import file_tree, read_part

    parts = (read_part(file_tree(name, "trials"), Trial)[0] for name in trial_names())
    return [_told(trial) for trial in parts if trial is not None]


def _told(trial: Trial) -> dict[str, Any]:
    return {
        "name": trial.name,
        "title": trial.title,
        "question": trial.question,
        "population": trial.population,
        "size": trial.size,
        "arms": [{"name": arm.name, "title": arm.title} for arm in trial.arms],
    }
