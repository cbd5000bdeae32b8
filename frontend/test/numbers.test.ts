import assert from "node:assert/strict";
import { test } from "node:test";
import { csv, digits, duration, glucoseIn, inWords, printed, readCsv, spaced } from "../src/numbers.ts";

test("numbers keep their significant digits, and what is absent is a dash", () => {
  assert.deepEqual(
    [digits(0.19416), digits(1234.5), digits(54), digits(null), digits(0), digits(Number.NaN)],
    ["0.194", "1,235", "54", "–", "0", "–"],
  );
});

test("54 mg/dL is 2.997 mmol/L", () => {
  assert.equal(glucoseIn("mmol/L", 54).toFixed(3), "2.997");
  assert.equal(glucoseIn("mg/dL", 54), 54);
});

test("names of the JSON in words", () => {
  assert.deepEqual(["who_2022", "ajcc_8", "not_measured", "homa_b", "c_peptide", "recist_1_1"].map(inWords), [
    "WHO 2022",
    "AJCC 8",
    "Not measured",
    "HOMA-B",
    "C-peptide",
    "RECIST 1.1",
  ]);
});

test("durations", () => {
  assert.deepEqual([duration(60), duration(300), duration(4320)], ["60 min", "5 h", "3 days"]);
});

test("CSV quotes what needs it and starts no formula", () => {
  assert.equal(
    csv(
      ["a", "b"],
      [
        ["x,y", 1],
        ['say "no"', null],
        ["=1+1", 2],
      ],
    ),
    'a,b\n"x,y",1\n"say ""no""",\n\'=1+1,2\n',
  );
});

test("CSV is read as it is written", () => {
  const rows = [
    ["a", 'say "no", twice'],
    ["two\nlines", ""],
  ];
  assert.deepEqual(readCsv(csv(["x", "y"], rows)), [["x", "y"], ...rows]);
  assert.deepEqual(readCsv("arm,n\nlate,3\n"), [
    ["arm", "n"],
    ["late", "3"],
  ]);
});

test("units and names are printed as people write them", () => {
  assert.equal(printed(">= 3.0 uU/mL (18 pmol/L)"), "≥ 3.0 µU/mL (18 pmol/L)");
  assert.equal(printed("unclear <= 2 ug/h"), "unclear ≤ 2 µg/h");
  assert.equal(
    spaced("Not reported: insulin_antibody, beta_hydroxybutyrate."),
    "Not reported: insulin antibody, beta hydroxybutyrate.",
  );
});
