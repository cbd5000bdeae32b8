import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, parseRoute } from "../src/router.ts";

test("an address is read back as it was written", () => {
  const address = addressOf("case", ["r-1f"], { from: "0.2", to: "" });
  assert.equal(address, "#/case/r-1f?from=0.2");
  const route = parseRoute(address);
  assert.deepEqual([route.page, route.parts, route.query.get("from")], ["case", ["r-1f"], "0.2"]);
});

test("an empty or broken address opens the first page", () => {
  assert.equal(parseRoute("").page, "case");
  assert.equal(parseRoute("#/").page, "case");
  assert.deepEqual(parseRoute("#/case/%E0%A4%A").parts, ["%E0%A4%A"]);
});
