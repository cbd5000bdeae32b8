/** The endpoints of the twin. */

import { h } from "../dom.ts";
import type { Series } from "../series.ts";

/** Lowest and mean glucose, and hours a day below the limits, by the time between the points. */
export function endpoints(
  series: Series | null,
): { lowest: number; mean: number; below54: number; below70: number } | null {
  const time = series?.columns.get("time"),
    glucose = series?.columns.get("glucose");
  if (!time || !glucose || time.length < 2) return null;
  let below54 = 0,
    below70 = 0,
    area = 0;
  for (let at = 1; at < time.length; at += 1) {
    const span = (time[at] ?? 0) - (time[at - 1] ?? 0),
      value = ((glucose[at] ?? 0) + (glucose[at - 1] ?? 0)) / 2;
    area += span * value;
    if (value < 54) below54 += span;
    if (value < 70) below70 += span;
  }
  const whole = (time.at(-1) ?? 0) - (time[0] ?? 0);
  return {
    lowest: Math.min(...glucose),
    mean: area / whole,
    below54: (24 * below54) / whole,
    below70: (24 * below70) / whole,
  };
}

/** A number that stands alone, with what it is, and what to think of it. */
export function tile(what: string, answer: string, because = ""): HTMLElement {
  const parts = [h("div", { class: "what" }, what), h("div", { class: "answer" }, answer)];
  return h("div", { class: "tile" }, parts, because !== "" && h("div", { class: "because" }, because));
}
