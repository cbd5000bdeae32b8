import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseTicks, placeLabels, roundValues } from "../src/charts/ticks.ts";

test("round values are round, lie within and are not too many", () => {
  assert.deepEqual(roundValues(0, 110, 4), [0, 50, 100]);
  for (const [low, high] of [
    [0.3, 0.9],
    [-7, 1234],
    [10.2, 159.8],
  ] as const) {
    const found = roundValues(low, high, 8);
    assert.ok(found.length >= 2 && found.length <= 9);
    assert.ok(found.every((value) => value >= low - 1e-9 && value <= high + 1e-9));
  }
  assert.deepEqual(roundValues(5, 5, 4), []);
});

test("weightier ticks win, and no two stand closer than their labels", () => {
  const ticks = chooseTicks(
    [
      { at: 12, label: "12", weight: 5 },
      { at: 13, label: "13", weight: 1 },
      { at: 40, label: "40", weight: 1 },
    ],
    (at) => at * 4,
    8,
  );
  assert.deepEqual(
    ticks.map((tick) => tick.at),
    [12, 40],
  );
});

test("labels stand right of their mark, else left, else nowhere, and never on a neighbor", () => {
  assert.deepEqual(placeLabels([{ x0: 10, x1: 20, width: 50 }], 0, 200), ["right"]);
  assert.deepEqual(placeLabels([{ x0: 150, x1: 190, width: 50 }], 0, 200), ["left"]);
  assert.deepEqual(placeLabels([{ x0: 20, x1: 190, width: 50 }], 0, 200), [null]);
  assert.deepEqual(
    placeLabels(
      [
        { x0: 60, x1: 70, width: 40 },
        { x0: 75, x1: 85, width: 40 },
      ],
      0,
      200,
    ),
    ["left", "right"],
  );
  assert.deepEqual(
    placeLabels(
      [
        { x0: 0, x1: 10, width: 40 },
        { x0: 100, x1: 190, width: 60 },
      ],
      0,
      200,
    ),
    ["right", null],
  );
});
