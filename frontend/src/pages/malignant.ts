/** "Are insulinomas malignant?", in plain language: the answer depends on the definition, and each share stands with its own. */

import { post } from "../api.ts";
import { figure } from "../charts/figure.ts";
import { FONT, type Option } from "../charts/echarts.ts";
import { BLUE, GRAY, inks } from "../charts/palette.ts";
import { h } from "../dom.ts";
import { panel } from "../parts.ts";
import type { Answer, Claim, Conflict, Side } from "./evidence_parts.ts";

const CONFLICT = "C-01";

/** The page, from the statements of the evidence base alone. */
export async function malignantPage(): Promise<HTMLElement> {
  const found = await post<Answer>("/evidence/ask", { question: "Are insulinomas malignant?" });
  const conflict = found.conflicts.find((one) => one.id === CONFLICT);
  const definitions = found.claims.filter((one) => one.kind === "definition").sort((a, b) => a.id.localeCompare(b.id));
  const answer = found.claims.flatMap((one) => one.corrections)[0]?.text ?? found.answer;
  const others = found.claims.filter((one) => one.kind === "claim" && one.status === "stands");
  return h(
    "div",
    {},
    h("h1", {}, "Are insulinomas malignant?"),
    h("p", {}, h("strong", {}, "It depends on what the word means. "), answer),
    h(
      "div",
      { class: "columns" },
      definitions.map((one) => definitionCard(one)),
    ),
    conflict &&
      panel(
        "shares",
        "The shares that are reported",
        sharesFigure(conflict).element,
        h("p", { class: "note" }, conflict.explanation),
      ),
    others.length > 0 &&
      panel(
        "more",
        "What else is stated",
        h(
          "ul",
          { class: "tight" },
          others.map((one) => h("li", {}, one.text, " ", h("span", { class: "quiet small" }, `[${one.citation}]`))),
        ),
      ),
    h("p", { class: "note" }, found.notice),
  );
}

function definitionCard(one: Claim): HTMLElement {
  const [head = "", ...rest] = one.text.split(": "),
    words = rest.join(": ");
  return h(
    "section",
    { class: "panel", "aria-label": head },
    h("h2", {}, head),
    h("p", {}, words.charAt(0).toUpperCase() + words.slice(1)),
    h("p", { class: "quiet small" }, one.citation),
  );
}

/** The number that a position states, in percent. */
export function percentOf(side: Side): number | null {
  if (side.position.startsWith("yes, all")) return 100;
  const found = /(\d+(?:\.\d+)?) %/.exec(side.position);
  return found ? Number(found[1]) : null;
}

function sharesFigure(conflict: Conflict): ReturnType<typeof figure> {
  const sides = conflict.sides.map((side) => ({ side, share: percentOf(side) })).filter((one) => one.share !== null);
  const name = ({ side }: { side: Side }): string => `${side.definition ?? "definition not given"}`;
  return figure({
    name: "malignant-insulinoma-shares",
    label: "Share of insulinomas called malignant, by definition",
    height: (width) => 40 + sides.length * (width < 560 ? 54 : 40),
    option: (width) =>
      sharesOption(
        sides.map((one) => ({ ...one, label: name(one) })),
        width,
      ),
    table: () => ({
      columns: ["Position", "Share (%)", "Definition", "Patients", "Year"],
      rows: conflict.sides.map((side) => [side.position, percentOf(side), side.definition, side.n, side.as_of]),
    }),
  });
}

function sharesOption(rows: { side: Side; share: number | null; label: string }[], width: number): Option {
  const ink = inks(),
    narrow = width < 560,
    splitLine = { lineStyle: { color: ink.line } },
    halo = { textBorderColor: ink.paper, textBorderWidth: 4 };
  const inside = {
    inside: true,
    verticalAlign: "bottom",
    padding: [0, 0, 9, -4],
    color: ink.ink,
    width: width - 20,
    overflow: "truncate",
  };
  const beside = { color: ink.ink, width: 280, overflow: "break", fontSize: 12 };
  const data = rows.map((row) => ({
    value: row.share,
    itemStyle: { color: row.share === 100 ? GRAY : BLUE },
    label: { formatter: labelOf(row.side) },
  }));
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: ink.ink },
    grid: { left: narrow ? 16 : 300, right: narrow ? 90 : 150, top: 6, bottom: 28, outerBoundsMode: "none" },
    xAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value} %", color: ink.quiet }, splitLine },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => row.label),
      axisLine: { lineStyle: { color: ink.quiet } },
      axisTick: { show: false },
      axisLabel: narrow ? inside : beside,
      z: 5,
    },
    series: [
      {
        type: "bar",
        barWidth: 14,
        data,
        label: { show: true, position: "right", color: ink.ink, fontSize: 12, ...halo },
      },
    ],
  };
}

function labelOf(side: Side): string {
  const share = side.position.startsWith("yes") ? "all, by code" : (side.position.split(",")[0] ?? "");
  return side.n === null ? share : `${share.replace(/ \(.*\)/, "")} of ${side.n}`;
}
