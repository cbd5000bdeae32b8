import assert from "node:assert/strict";
import { test } from "node:test";
import { inked } from "../src/charts/picture.ts";

const INK = { ink: "#ececec", paper: "#1b1c1e", quiet: "#a9abae", line: "#45484d" };

test("paper and texts take the inks of the theme, data keep their colors", () => {
  const svg =
    '<svg width="9"><path fill="#ffffff"/><path stroke="#0072B2"/><text>a</text><path stroke="#1a1a1a"/></svg>';
  assert.equal(
    inked(svg, INK, true),
    '<svg fill="#ececec" width="9"><path fill="#1b1c1e"/><path stroke="#0072B2"/><text>a</text><path stroke="#ececec"/></svg>',
  );
});

test("the light green of free days is dark on dark paper", () => {
  assert.match(inked('<svg><rect fill="#cfe3d8"/></svg>', INK, true), /#2c4a3c/);
});
