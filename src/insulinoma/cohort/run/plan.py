"""The plan of a trial before it runs: how long, how large, how many pieces."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from time import perf_counter
from typing import Any

from insulinoma.cohort.run.job import Job
from insulinoma.cohort.run.runner import duration

_SAMPLE = 64


@dataclass(frozen=True)
class Plan:
    """What a trial will take, from a sample of its own patients; days are those of arms and run-in."""

    trial: str
    patients: int
    arms: int
    patient_days: int
    pieces: int
    patients_a_piece: int
    sample: int
    seconds_a_patient: float
    core_hours: float
    bytes: int
    workers: int
    hours: float

    def json(self) -> dict[str, Any]:
        """The plan as plain data."""
        return asdict(self)

    def __str__(self) -> str:
        return (
            f"{self.trial}: {self.patients:,} patients in {self.arms} arms, {self.patient_days:,} patient-days\n"
            f"{self.pieces:,} pieces of {self.patients_a_piece} patients, about {_size(self.bytes)} of Parquet\n"
            f"about {self.core_hours:,.3g} core-hours: {duration(3600 * self.hours)} on {self.workers} workers\n"
            f"(measured on {self.sample} of its patients: {1000 * self.seconds_a_patient:.3g} ms each on one core)"
        )


def plan(job: Job, *, workers: int) -> Plan:
    """The plan of a trial, measured on a small sample of it after everything is compiled."""
    count = min(_SAMPLE, job.trial.size)
    sample = replace(job, trial=job.trial.changed(size=count))
    small = replace(job, trial=job.trial.changed(size=1))
    small.content(0)
    begun = perf_counter()
    content = sum(len(sample.content(piece)) for piece in range(sample.pieces))
    each = (perf_counter() - begun) / count
    trial = job.trial
    arms = len(trial.arms)
    days = trial.days * (arms if trial.allocation == "paired" else 1) + int(job.population.run_in)
    hours = each * trial.size / 3600
    return Plan(
        trial=trial.name,
        patients=trial.size,
        arms=arms,
        patient_days=days * trial.size,
        pieces=job.pieces,
        patients_a_piece=job.piece_size,
        sample=count,
        seconds_a_patient=each,
        core_hours=hours,
        bytes=round(content / count * trial.size),
        workers=workers,
        hours=hours / workers,
    )


def _size(count: int) -> str:
    """A number of bytes in a unit that fits.

    >>> _size(2_500_000)
    '2.5 MB'
    """
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
