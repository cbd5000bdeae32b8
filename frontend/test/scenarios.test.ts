import assert from "node:assert/strict";
import { test } from "node:test";
import { freeName, scenarioName } from "../src/pages/scenarios.ts";
import { itemsOf, orderEntry, unplaced, type RecordOrder } from "../src/pages/twin_items.ts";
import { placeOf, BY_ID, type Habits } from "../src/pages/twin_kinds.ts";
import { scenarioText } from "../src/pages/twin_scenario.ts";

const habits: Habits = {
  subject: "x",
  weight_kg: 50,
  carbohydrate_g_per_kg: 3,
  meals: [[7, 1]],
  dextrose_mg_per_kg_min: 0,
  orders: { "dextrose_given.dextrose": "mg/kg/min", "absorption.meal": "g", "right_lobe.embolize": "1" },
};
const order = (given: Partial<RecordOrder>): RecordOrder => ({
  what: "dextrose",
  amount: 3,
  unit: "mg/kg/min",
  start: 1440,
  stop: 2880,
  every: 0,
  times: 1,
  fact: "drip",
  ...given,
});
const source = (given: RecordOrder[], before: RecordOrder[] = []) => ({
  habits,
  given: { before, given },
  first: () => itemsOf(given, habits),
});

test("a drug is found in the part of the model that takes it, a procedure only at its own site", () => {
  const kind = (id: string) => BY_ID.get(id) ?? assert.fail(id);
  assert.equal(placeOf(kind("dextrose"), habits), "dextrose_given.dextrose");
  assert.equal(placeOf(kind("embolize_right"), habits), "right_lobe.embolize");
  assert.equal(placeOf(kind("embolize_left"), habits), undefined);
});

test("nothing moved is no scenario", () => {
  const given = [order({})];
  assert.equal(scenarioText(itemsOf(given, habits), source(given)), null);
});

test("what was moved is taken away and given anew; the rest is not named", () => {
  const given = [order({}), order({ what: "right_lobe.embolize", unit: "1", amount: 1, stop: null })];
  const items = itemsOf(given, habits).map((item) => (item.kind === "dextrose" ? { ...item, amount: 6 } : item));
  assert.equal(
    scenarioText(items, source(given)),
    [
      'meaning: "As moved on the lanes of the twin: dextrose i.v."',
      "remove: [dextrose]",
      "give:",
      "- {give: 'dextrose', amount: '6 mg/kg/min', from: '24.0000 h', to: '48.0000 h'}",
      "",
    ].join("\n"),
  );
});

test("what was only added takes nothing away", () => {
  const item = { kind: "embolize_right", start: 2, stop: 0, amount: 1 };
  const text = scenarioText([item], source([]));
  assert.match(text ?? "", /give:\n- \{give: 'right_lobe.embolize', amount: '1', at: '48.0000 h'\}\n$/);
  assert.doesNotMatch(text ?? "", /remove/);
});

test("meals that are moved leave those before day 0 as they were", () => {
  const meal = { what: "meal", unit: "g", amount: 150, stop: null, start: 420, every: 1440, times: 3 };
  const before = order({ ...meal, start: 420 - 1440, times: 1, every: 0 });
  const items = itemsOf([order(meal)], habits).map((item) => ({ ...item, stop: 2 }));
  const text = scenarioText(items, source([order(meal)], [before])) ?? "";
  assert.match(text, /remove: \[meal\]/);
  assert.match(text, /\{give: 'meal', amount: '150 g', at: '-0\.70833 d'\}/);
  assert.match(text, /at: '7\.0000 h', every: '1 d', times: '2'/);
});

test("an order without a lane is given as it stands", () => {
  const other = order({ what: "interferon_alfa", unit: "MIU", amount: 3, stop: null, every: 2880, times: 4 });
  assert.deepEqual(unplaced([order({}), other]), [other]);
  assert.deepEqual(orderEntry(other), {
    give: "interferon_alfa",
    amount: "3 MIU",
    at: "1440 min",
    every: "2880 min",
    times: 4,
  });
});

test("the name of a file becomes that of a scenario, and no two are the same", () => {
  assert.equal(scenarioName("My plan (2).YAML"), "my-plan-2");
  assert.equal(scenarioName("…"), "my-scenario");
  assert.equal(scenarioName("as-done.yaml"), "my-scenario");
  assert.equal(freeName("a", ["a", "a-2"]), "a-3");
});
