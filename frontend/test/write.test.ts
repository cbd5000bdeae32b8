import assert from "node:assert/strict";
import { test } from "node:test";
import { draftOf, numberOr } from "../src/pages/write_fields.ts";

test("a number becomes one, anything else stays as typed for the check to judge", () => {
  assert.deepEqual(["54", " 6.3 ", "5,4", "", "1e3", undefined].map(numberOr), [
    54,
    6.3,
    "5,4",
    undefined,
    "1e3",
    undefined,
  ]);
});

test("the form makes the data of a record", () => {
  const data = draftOf({
    head: { id: "a", title: "T", kind: "chart", age: "45", source: "source:1" },
    items: {
      measurements: [{ analyte: "glucose", value: "54", unit: "mg/dL" }],
      findings: [{ finding: "cold_sweats", present: "false" }],
    },
  });
  assert.deepEqual(data["patient"], { age: { years: 45, source: "source:1" } });
  assert.deepEqual(data["measurements"], [{ analyte: "glucose", value: 54, unit: "mg/dL" }]);
  assert.deepEqual(data["findings"], [{ finding: "cold_sweats", present: false }]);
});
