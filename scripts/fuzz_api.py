"""Throws requests at the API that its OpenAPI document allows and forbids: python scripts/fuzz_api.py [requests].

Nothing may answer 5xx, or with a status or a body that the document does not name; what the document allows is
taken, what it forbids is refused. Every failure is printed; the exit status is 1 when there was one.
"""

from __future__ import annotations

import sys
import tempfile
from math import ceil
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.app.conftest import served
from tests.app.fuzz import NOT_FUZZED, WAYS, Fuzzer, operations, prepare

# Drawing a figure and simulating take seconds; what exists is asked for less often.
REAL_SHARE = 0.05


def main() -> int:
    """Twenty thousand requests, unless told, shared by the operations that take something."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    failed = 0
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as live:
        document = prepare(live)
        fuzzer = Fuzzer(live, document, derandomize=False)
        waiting = [one for one in operations(document) if one not in NOT_FUZZED]
        while waiting:
            method, path = waiting.pop(0)
            before, count = fuzzer.sent, (wanted - fuzzer.sent) // (len(waiting) + 1)
            for way in WAYS:
                share = REAL_SHARE if way == "real" else (1 - REAL_SHARE) / 2
                try:
                    fuzzer.fuzz(method, path, way, ceil(share * count))
                except (Exception, BaseExceptionGroup) as error:
                    failed += 1
                    print(f"{method.upper()} {path}, {way}: {error}", flush=True)
            print(f"{method.upper():6} {path}: {fuzzer.sent - before} of {fuzzer.sent} requests", flush=True)
    print(f"{fuzzer.sent} requests, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
