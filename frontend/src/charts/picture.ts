/** A picture that a job drew, in the inks of the theme; as a file it stays on white paper. */

import { fill, h } from "../dom.ts";
import { readCsv } from "../numbers.ts";
import { onSettings, theme } from "../settings.ts";
import { MOST_ROWS } from "./figure.ts";
import { inks } from "./palette.ts";

/** What the figures draw their paper, texts and rules with, and the ink in its place. */
const INKS = { "#000000": "ink", "#1a1a1a": "ink", "#ffffff": "paper", "#595959": "quiet", "#b8b8b8": "line" } as const;
const FREE = "#cfe3d8",
  FREE_ON_DARK = "#2c4a3c";

/** The text of an SVG picture with other inks; the colors of the data stay. */
export function inked(svg: string, ink: Record<string, string>, dark: boolean): string {
  const recolored = svg.replace(/#[0-9a-f]{6}\b/gi, (color) => {
    const name = INKS[color.toLowerCase() as keyof typeof INKS];
    if (name) return ink[name] ?? color;
    return dark && color.toLowerCase() === FREE ? FREE_ON_DARK : color;
  });
  // A text without a color of its own has that of the whole.
  return recolored.replace(/<svg\b/, `<svg fill="${ink["ink"] ?? "#000000"}"`);
}

/** An image of an SVG file that follows the theme. */
export function picture(address: string, alt: string): { element: HTMLElement; leave: () => void } {
  const image = h("img", { alt, class: "paper" });
  let text = "",
    shown = "";
  const draw = (): void => {
    URL.revokeObjectURL(shown);
    const drawn = theme() === "dark" ? inked(text, { ...inks() }, true) : text;
    shown = URL.createObjectURL(new Blob([drawn], { type: "image/svg+xml" }));
    image.src = shown;
  };
  const stop = onSettings(() => text !== "" && draw());
  void fetch(address)
    .then((answer) => answer.text())
    .then((found) => {
      text = found;
      draw();
    });
  const leave = (): void => {
    stop();
    URL.revokeObjectURL(shown);
  };
  return { element: image, leave };
}

/** The table of a CSV file, read when it is opened. */
export function fileTable(address: string, label: string): HTMLElement {
  const inside = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Table: ${label}` });
  const show = async (): Promise<void> => {
    const [head = [], ...rows] = readCsv(await (await fetch(address)).text());
    const table = h("table", { class: "small" });
    const columns = head.map((name) => h("th", { scope: "col" }, name.replaceAll("_", " ")));
    const body = rows.slice(0, MOST_ROWS).map((row) =>
      h(
        "tr",
        {},
        row.map((value) => h("td", {}, value)),
      ),
    );
    fill(table, h("thead", {}, h("tr", {}, columns)), h("tbody", {}, body));
    const more = `The first ${MOST_ROWS} of ${rows.length} rows; CSV has all.`;
    fill(inside, table, rows.length > MOST_ROWS && h("p", { class: "quiet small" }, more));
  };
  return h("details", { ontoggle: () => void show() }, h("summary", {}, "The table behind the figure"), inside);
}
