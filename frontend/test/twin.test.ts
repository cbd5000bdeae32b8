import assert from "node:assert/strict";
import { test } from "node:test";
import { itemsOf, ordersOf, readItems, writeItems } from "../src/pages/twin_items.ts";
import type { Habits, Item } from "../src/pages/twin_kinds.ts";

const habits: Habits = {
  subject: "x",
  weight_kg: 50,
  carbohydrate_g_per_kg: 3,
  meals: [
    [7, 0.5],
    [18, 0.5],
  ],
  dextrose_mg_per_kg_min: 0,
  orders: {},
};
const one = (given: Partial<Item>): Item => ({ kind: "dextrose", start: 1, stop: 2, amount: 3, ...given });

test("an infusion, doses, a procedure and meals become orders", () => {
  assert.deepEqual(ordersOf([one({})], habits), [
    { give: "dextrose.dextrose", amount: "3 mg/kg/min", from: "24.0000 h", to: "48.0000 h" },
  ]);
  assert.deepEqual(ordersOf([one({ kind: "diazoxide", amount: 300 })], habits), [
    { give: "diazoxide.diazoxide", amount: "100.0000 mg", at: "24.0000 h", every: "8 h", times: 3 },
  ]);
  assert.deepEqual(ordersOf([one({ kind: "embolize_right", amount: 0.5 })], habits), [
    { give: "right_lobe.embolize", amount: "0.5", at: "24.0000 h" },
  ]);
  const meals = ordersOf([one({ kind: "meals", start: 0, stop: 2, amount: 3 })], habits);
  assert.deepEqual(
    meals.map((meal) => [meal.at, meal.amount, meal.times]),
    [
      ["7.0000 h", "75.0000 g", 2],
      ["18.0000 h", "75.0000 g", 2],
    ],
  );
});

test("meals between two bounds are those that lie between them", () => {
  const meals = ordersOf([one({ kind: "meals", start: 0.5, stop: 1, amount: 2 })], habits);
  assert.deepEqual(
    meals.map((meal) => [meal.at, meal.times]),
    [["18.0000 h", 1]],
  );
});

test("nothing given becomes no order", () => {
  assert.deepEqual(ordersOf([one({ amount: 0 }), one({ stop: 1 })], habits), []);
});

test("orders of a record become items again", () => {
  const order = { amount: 100, unit: "mg", start: 4 * 1440, stop: null, every: 480, times: 18, fact: "" };
  assert.deepEqual(itemsOf([{ ...order, what: "diazoxide" }], habits), [
    { kind: "diazoxide", start: 4, stop: 10, amount: 300 },
  ]);
  const meals = [
    { ...order, what: "meal", start: 420, amount: 75, every: 1440, times: 3 },
    { ...order, what: "meal", start: 1080, amount: 75, every: 1440, times: 3 },
  ];
  assert.deepEqual(itemsOf(meals, habits), [{ kind: "meals", start: 0, stop: 3, amount: 3 }]);
});

test("an address keeps the items, and one that was tampered with keeps what can be read", () => {
  const items = [one({}), one({ kind: "embolize_left", start: 2.125 })];
  assert.deepEqual(readItems(writeItems(items)), items);
  assert.deepEqual(readItems("nothing~1~2~3!dextrose~a~b~c!"), []);
});
