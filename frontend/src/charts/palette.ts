/** The colors of the figures (Okabe-Ito), and their inks on light and dark paper. */

import { theme } from "../settings.ts";

export const BLUE = "#0072B2",
  SKY = "#56B4E9",
  GREEN = "#009E73",
  VERMILION = "#D55E00";
export const ORANGE = "#E69F00",
  PURPLE = "#CC79A7",
  GRAY = "#7f7f7f",
  YELLOW = "#F0E442";

/** One color a class of treatment. */
export const TREATMENTS: Record<string, string> = {
  carbohydrate: ORANGE,
  "K-ATP opener": SKY,
  "somatostatin analog": BLUE,
  glucagon: VERMILION,
  glucocorticoid: VERMILION,
  "mTOR inhibitor": GREEN,
  "tyrosine kinase inhibitor": GREEN,
  cytotoxic: GREEN,
  interferon: GREEN,
  PRRT: GREEN,
  embolization: PURPLE,
  ablation: PURPLE,
  surgery: PURPLE,
  radiotherapy: PURPLE,
  diagnostic: GRAY,
};

/** Color and shape of a level of hypoglycemia. */
export const LEVELS: Record<string, [string, string]> = {
  "": [BLUE, "circle"],
  "level 1": [ORANGE, "rect"],
  "level 2": [VERMILION, "triangle"],
  "level 3": ["#8f1d00", "star"],
};

/** Color and shape of a marker. */
export const MARKERS: Record<string, [string, string]> = {
  nse: [BLUE, "circle"],
  ca19_9: [VERMILION, "rect"],
  dupan_2: [GREEN, "triangle"],
  span_1: ["#a35a85", "diamond"],
  chromogranin_a: ["#8a6000", "pin"],
};

/** Colors of what words state. */
export const STATED: Record<string, string> = { plain: "#8b9bab", bad: "#cf6a33", good: "#3c9c7d" };

/** Colors of several curves in one chart, in their order. */
export const SERIES = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY];

export interface Inks {
  ink: string;
  quiet: string;
  line: string;
  strip: string;
  paper: string;
  below54: string;
  below70: string;
  rule: string;
}

/** The inks of a theme. */
export function inks(): Inks {
  return theme() === "dark"
    ? {
        ink: "#ececec",
        quiet: "#a9abae",
        line: "#45484d",
        strip: "#242629",
        paper: "#1b1c1e",
        below54: "#3c2418",
        below70: "#33290f",
        rule: "#d38cb5",
      }
    : {
        ink: "#1a1a1a",
        quiet: "#595959",
        line: "#c9c9c7",
        strip: "#f1f1f1",
        paper: "#ffffff",
        below54: "#fbe3d6",
        below70: "#fdf3dd",
        rule: "#9c4f7b",
      };
}
