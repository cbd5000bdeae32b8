"""Fifty clients move sliders for a minute: python -m benchmarks app_load."""

from __future__ import annotations

import asyncio
import os
import random
import time

import httpx

from benchmarks.app_server import WRITE, Running, running
from benchmarks.measure import Row

PAUSE = 1.0


async def client(server: Running, link: str, until: float, number: int) -> tuple[list[float], list[str]]:
    """One browser: a slider is moved about once a second; the durations of the answers, and what failed."""
    chance, durations, errors = random.Random(number), list[float](), list[str]()  # noqa: S311
    async with httpx.AsyncClient(base_url=server.origin, headers=WRITE, timeout=60) as session:
        await session.get(link)
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * PAUSE)
            drip = {
                "give": "dextrose.dextrose",
                "amount": f"{chance.uniform(0, 8):.2f} mg/kg/min",
                "from": "0 d",
                "to": "3 d",
            }
            begin = time.monotonic()
            answer = await session.post(
                "/api/v1/simulate", json={"subject": "malignant-insulinoma", "days": 3, "regimen": [drip]}
            )
            durations.append(time.monotonic() - begin)
            if answer.status_code != 200:
                errors.append(f"{answer.status_code} {answer.text[:100]}")
    return durations, errors


async def load(server: Running, clients: int, seconds: float) -> Row:
    """What so many clients saw, and what the server holds before and after."""
    async with httpx.AsyncClient(base_url=server.origin, headers=WRITE, timeout=60) as first:
        await first.get(server.link)
        links = [(await first.post("/api/v1/session/link")).json()["link"] for _ in range(clients)]
        await first.post("/api/v1/simulate", json={"subject": "malignant-insulinoma", "days": 3})
    begin, until = server.megabytes(), time.monotonic() + seconds
    found = await asyncio.gather(*(client(server, link, until, number) for number, link in enumerate(links)))
    durations = sorted(duration for one, _ in found for duration in one)
    errors = [error for _, some in found for error in some]
    memory = f"{begin:.0f} to {server.megabytes():.0f} MB"
    name = f"{clients} clients, {len(durations)} answers, {len(errors)} errors, {memory}, p95"
    others = f"target, load average {os.getloadavg()[0]:.1f}"
    return Row(name, durations[int(0.95 * len(durations))], others, 1.0)


def rows() -> list[Row]:
    """Fifty clients for sixty seconds. Target: a 95th percentile below 1 s, no error, memory stable."""
    with running() as server:
        return [asyncio.run(load(server, 50, 60.0))]
