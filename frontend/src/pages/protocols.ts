/** Protocols: a test on several subjects, and what a parameter does to it when it is moved. */

import { get, postForBytes } from "../api.ts";
import {
  axisOf,
  curvesHeight,
  curvesOption,
  curvesTable,
  QUANTITIES,
  type Curve,
  type View,
} from "../charts/curves.ts";
import { figure } from "../charts/figure.ts";
import { SERIES } from "../charts/palette.ts";
import { fill, h } from "../dom.ts";
import type { Page } from "../main.ts";
import { digits, duration, glucoseIn, inWords } from "../numbers.ts";
import { failure, field, panel, select, table } from "../parts.ts";
import { keepInAddress, type Route } from "../router.ts";
import { readSeries } from "../series.ts";
import { onSettings, unit } from "../settings.ts";
import { parameterPanel, type Change } from "./parameters.ts";

export interface Catalog {
  subjects: { name: string; meaning: string }[];
  protocols: { name: string; meaning: string; reference: string; minutes: number }[];
}

const FIRST = ["healthy-woman", "insulinoma", "malignant-insulinoma"];
const SHOWN = ["glucose", "insulin", "c_peptide", "glucagon", "glycogen"];

/** Opens the page; the address names test and subjects, and the parameter that is moved. */
export async function openProtocols(route: Route): Promise<Page> {
  const catalog = await get<Catalog>("/model");
  const view = new ProtocolView(catalog, route.query);
  void view.run();
  return { title: "Protocols", element: view.element, leave: () => view.leave() };
}

class ProtocolView {
  readonly element: HTMLElement;
  private readonly catalog: Catalog;
  private readonly told = h("div", { "aria-live": "polite" });
  private readonly results = h("div");
  private readonly figure;
  private readonly stop;
  private readonly parameters;
  private protocol: string;
  private subjects: string[];
  private change: Change | null;
  private curves: Curve[] = [];
  private turn: AbortController | null = null;

  constructor(catalog: Catalog, query: URLSearchParams) {
    this.catalog = catalog;
    const known = (name: string): boolean => catalog.subjects.some((one) => one.name === name);
    this.protocol = catalog.protocols.find((one) => one.name === query.get("protocol"))?.name ?? "ogtt-75g";
    this.subjects = (query.get("subjects") ?? FIRST.join(" ")).split(" ").filter(known);
    this.change = changeOf(query.get("moved") ?? "");
    this.figure = figure({
      name: "protocol",
      label: "Glucose, insulin, C-peptide, glucagon and liver glycogen in the test",
      height: () => curvesHeight(this.view()),
      option: () => curvesOption(this.view()),
      table: () => curvesTable(this.view()),
    });
    this.parameters = parameterPanel(
      () => this.subjects[0] ?? FIRST[0] ?? "",
      (change) => {
        this.change = change;
        void this.run();
      },
      this.change,
    );
    this.stop = onSettings(() => this.summarize());
    this.element = h(
      "div",
      {},
      h("h1", {}, "Tests of the field, on healthy and ill subjects"),
      h("p", { class: "quiet" }, "A named test as the papers describe it, on typical subjects of the model."),
      this.controls(),
      panel("curves", "Course of the test", this.told, this.legend, this.figure.element),
      panel("results", "How it ended", this.results),
      this.parameters.element,
    );
  }

  private readonly legend = h("p", { class: "row small" });

  leave(): void {
    this.turn?.abort();
    this.stop();
    this.figure.dispose();
  }

  private controls(): HTMLElement {
    const choose = select(
      this.catalog.protocols.map((one) => [one.name, `${one.name}: ${one.meaning}`] as const),
      this.protocol,
      (name) => {
        this.protocol = name;
        void this.run();
      },
    );
    const boxes = this.catalog.subjects.map((one) => {
      const box = h("input", {
        type: "checkbox",
        checked: this.subjects.includes(one.name),
        onchange: () => this.toggle(one.name, box.checked),
      });
      return h("label", { class: "row", title: one.meaning }, box, one.name);
    });
    return h(
      "section",
      { class: "panel", "aria-label": "What is shown" },
      field("Test", choose),
      h(
        "fieldset",
        { class: "bare" },
        h("legend", { class: "quiet small" }, "Subjects"),
        h("div", { class: "row" }, boxes),
      ),
    );
  }

  private toggle(name: string, on: boolean): void {
    const chosen = new Set(this.subjects);
    if (on) chosen.add(name);
    else chosen.delete(name);
    this.subjects = this.catalog.subjects.map((one) => one.name).filter((one) => chosen.has(one));
    this.parameters.refresh();
    void this.run();
  }

  private view(): View {
    const minutes = this.catalog.protocols.find((one) => one.name === this.protocol)?.minutes ?? 60;
    const end = Math.min(
      minutes,
      Math.max(0, ...this.curves.map((curve) => curve.series.columns.get("time")?.at(-1) ?? 0)) || minutes,
    );
    return { curves: this.curves, quantities: SHOWN.flatMap((name) => QUANTITIES[name] ?? []), ...axisOf(end), end };
  }

  /** Runs the test on every subject, and once more with a parameter moved. */
  async run(): Promise<void> {
    const moved = this.change ? `${this.change.name}~${Number(this.change.value.toPrecision(4))}` : "";
    keepInAddress("protocols", { protocol: this.protocol, subjects: this.subjects.join(" "), moved });
    this.turn?.abort();
    const { signal } = (this.turn = new AbortController());
    const slow = window.setTimeout(
      () => fill(this.told, h("p", { class: "quiet" }, "Computing; the first run of a test takes some seconds …")),
      400,
    );
    const runs = this.subjects.map((name, at) => ({
      name,
      color: colorOf(this.catalog, name),
      change: null as Change | null,
      at,
    }));
    const first = this.subjects[0];
    if (this.change && first)
      runs.push({ name: first, color: colorOf(this.catalog, first), change: this.change, at: runs.length });
    try {
      const found = await Promise.allSettled(runs.map((one) => this.one(one.name, one.color, one.change, signal)));
      if (signal.aborted) return;
      this.curves = found.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      fill(
        this.told,
        found.flatMap((one) => (one.status === "rejected" ? [failure(one.reason)] : [])),
      );
      this.show();
    } finally {
      clearTimeout(slow);
    }
  }

  private async one(name: string, color: string, change: Change | null, signal: AbortSignal): Promise<Curve> {
    const parameters = change ? { [change.name]: change.value } : {};
    const series = readSeries(
      await postForBytes("/simulate", { subject: name, protocol: this.protocol, parameters }, signal),
    );
    return {
      label: change ? `${name}, ${change.name} ${digits(change.value)}` : name,
      color,
      dashed: change !== null,
      series,
    };
  }

  private show(): void {
    fill(
      this.legend,
      this.curves.map((curve) => h("span", { class: "key" }, keySign(curve), curve.label)),
    );
    this.summarize();
    this.figure.redraw();
  }

  private summarize(): void {
    const rows = this.curves.map((curve) => {
      const ending = curve.series.events[0],
        at = (name: string): string => digits(curve.series.columns.get(name)?.at(-1));
      const glucose = curve.series.columns.get("glucose") ?? new Float32Array();
      const shown = (value: number | undefined): string =>
        digits(value === undefined ? null : glucoseIn(unit(), value));
      return [
        curve.label,
        ending ? inWords(ending.ended_by) : "–",
        ending ? duration(ending.time_minutes) : "–",
        shown(Math.min(...glucose)),
        shown(glucose.at(-1)),
        at("insulin"),
        at("c_peptide"),
        ending?.rule ?? "",
      ];
    });
    const ref = this.catalog.protocols.find((one) => one.name === this.protocol);
    fill(
      this.results,
      table(
        "How the test ended",
        [
          "Subject",
          "Ended by",
          "After",
          `Lowest glucose (${unit()})`,
          `Glucose then (${unit()})`,
          "Insulin then (µU/mL)",
          "C-peptide then (ng/mL)",
          "Rule",
        ],
        rows,
      ),
      h("p", { class: "quiet small" }, `The test as in ${ref?.reference ?? ""}: ${ref?.meaning ?? ""}.`),
    );
  }
}

/** The change of an address, such as `glucose.G_b~80`. */
function changeOf(text: string): Change | null {
  const [name = "", value = ""] = text.split("~");
  return name !== "" && Number.isFinite(Number.parseFloat(value)) ? { name, value: Number(value) } : null;
}

function colorOf(catalog: Catalog, name: string): string {
  return SERIES[catalog.subjects.findIndex((one) => one.name === name) % SERIES.length] ?? "#0072B2";
}

/** The sign of a curve in a legend. */
export function keySign(curve: Curve): HTMLElement {
  const sign = h("span", { class: curve.dashed ? "stroke dashed" : "stroke", "aria-hidden": "true" });
  sign.style.borderTopColor = curve.color;
  return sign;
}
