"""Whether two posteriors of one record, by two samplers or two seeds, agree to within their Monte Carlo error.

    insulinoma calibrate --method importance -o one.nc
    insulinoma calibrate --method tempering -o other.nc
    python -m scripts.agreement one.nc other.nc

Means and standard deviations of all coordinates are compared; the exit code is 1 where a difference is larger than
that of one in a hundred pairs of samplers that are right.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.posterior import Posterior

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Draws (draws, names) and the effective number of those that they were taken from, by name."""

    z: Floats
    effective: Floats

    @property
    def counted(self) -> Floats:
        """The effective number of these draws: taken with equal weight, they are fewer than what they stand for."""
        return 1 / (1 / self.effective + 1 / len(self.z))

    @classmethod
    def of(cls, posterior: Posterior) -> Sample:
        """Those of a posterior."""
        effective = [item["ess"] for item in posterior.result["parameters"].values()]
        return cls(posterior.z.reshape(-1, posterior.z.shape[-1]), np.array(effective))


def differences(one: Sample, other: Sample) -> tuple[Floats, Floats]:
    """By coordinate, the difference of the means and of the logarithms of the standard deviations, by their errors."""
    means, spreads = np.zeros(one.z.shape[1]), np.zeros(one.z.shape[1])
    for sign, sample in ((1, one), (-1, other)):
        means += sign * sample.z.mean(axis=0)
        spreads += sign * np.log(sample.z.std(axis=0))
    parts = [(sample.z.var(axis=0) / sample.counted, _of_spread(sample)) for sample in (one, other)]
    of_means, of_spreads = (np.sqrt(sum(part)) for part in zip(*parts, strict=True))
    return means / of_means, spreads / of_spreads


def _of_spread(sample: Sample) -> Floats:
    """The variance of the logarithm of a standard deviation; heavy tails make it larger than that of a normal."""
    apart = (sample.z - sample.z.mean(axis=0)) / sample.z.std(axis=0)
    found: Floats = ((apart**4).mean(axis=0) - 1) / 4 / sample.counted
    return found


def limit(comparisons: int) -> float:
    """What the largest of so many differences exceeds in one case of a hundred."""
    from scipy.stats import norm

    return float(norm.isf(0.005 / comparisons))


def main() -> None:
    """Compares two saved posteriors."""
    one, other = (Posterior.load(Path(name)) for name in sys.argv[1:3])
    found = differences(Sample.of(one), Sample.of(other))
    names = one.problem.coordinates.names
    most = limit(2 * len(names))
    for what, values in zip(("means", "standard deviations"), found, strict=True):
        worst = int(np.argmax(np.abs(values)))
        print(
            f"{what}: spread of the differences {values.std():.2f} errors, "
            f"largest {abs(values[worst]):.1f} ({names[worst]}), limit {most:.1f}"
        )
    if max(float(np.abs(values).max()) for values in found) > most:
        sys.exit(1)


if __name__ == "__main__":
    main()
