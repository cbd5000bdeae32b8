import assert from "node:assert/strict";
import { test } from "node:test";
import {
  dayScale,
  dayWords,
  panelsOf,
  tickCandidates,
  type Course,
  type CourseRow,
} from "../src/charts/course_data.ts";

const row = (given: Partial<CourseRow>): CourseRow => ({
  key: "k",
  panel: "treatments",
  item: "Diazoxide",
  kind: "treatment",
  start_day: 1,
  end_day: 2,
  time_known: "exact",
  when: "",
  value: null,
  upper_value: null,
  unit: "",
  shown_value: null,
  shown_unit: "",
  times_limit: null,
  limit_from: "",
  level: "",
  words: "",
  time: "",
  text: "",
  basis: "stated",
  source: "",
  x: [0, 1],
  at: null,
  options: [],
  look: "solid",
  tone: "plain",
  class: null,
  name: "diazoxide",
  group: null,
  hover: "",
  ...given,
});

test("treatments of one name share a lane unless they overlap in time", () => {
  const [panel] = panelsOf([row({ x: [0, 5] }), row({ x: [6, 8] }), row({ x: [4, 7] })]);
  assert.deepEqual(
    panel?.lanes.map((lane) => [lane.name, lane.rows.length]),
    [
      ["Diazoxide", 2],
      ["", 1],
    ],
  );
});

test("values and statements of glucose stand in panels of their own, and empty panels are left out", () => {
  const panels = panelsOf([
    row({ panel: "glucose", kind: "value", name: "glucose" }),
    row({ panel: "glucose", kind: "statement", name: "hypoglycemia", words: "no hypoglycemia" }),
    row({ panel: "table only" }),
  ]);
  assert.deepEqual(
    panels.map((panel) => panel.title),
    ["Glucose in words", "Glucose"],
  );
  assert.equal(panels[0]?.lanes[0]?.name, "No hypoglycemia");
});

test("days of the source go before round ones, and dates count from day 0", () => {
  const axis = {
    left: 0,
    right: 100,
    strip: [],
    boundaries: [],
    not_stated: null,
    span: [0, 100] as [number, number],
    days: [0, 100] as [number, number],
    day_zero: null,
  };
  const course: Course = {
    case: "x",
    title: "",
    glucose_unit: "mg/dL",
    axis,
    rows: [row({ start_day: 12, end_day: 13 })],
  };
  const found = tickCandidates(course, 0, 100);
  assert.equal(found.find((tick) => tick.label === "12")?.weight, 5);
  assert.equal(dayScale(axis).day(dayScale(axis).place(33)), 33);
  assert.equal(dayWords(31, "2026-01-01"), "2026-02-01");
});
