import assert from "node:assert/strict";
import { test } from "node:test";
import { extremes } from "../src/charts/days.ts";

test("each day has its lowest and its highest; the last midnight belongs to the last day", () => {
  const points: [number, number][] = [
    [0, 80],
    [0.5, 50],
    [1, 70],
    [1.5, 120],
    [2, 40],
  ];
  assert.deepEqual(extremes(points, Math.min), [
    [0.5, 50],
    [1.5, 40],
  ]);
  assert.deepEqual(extremes(points, Math.max), [
    [0.5, 80],
    [1.5, 120],
  ]);
});
