/** The twin: treatments are moved, and the curve follows; the band is that of the population or of a record. */

import { get } from "../api.ts";
import { axisOf, curvesHeight, curvesOption, curvesTable, QUANTITIES, type View } from "../charts/curves.ts";
import { isLong } from "../charts/days.ts";
import { figure } from "../charts/figure.ts";
import { BLUE, SKY } from "../charts/palette.ts";
import { fill, h } from "../dom.ts";
import type { Page } from "../main.ts";
import { digits, glucoseIn } from "../numbers.ts";
import { failure, panel } from "../parts.ts";
import { keepInAddress, type Route } from "../router.ts";
import type { Series } from "../series.ts";
import { onSettings, theme, unit } from "../settings.ts";
import { calibrationPanel } from "./calibration.ts";
import type { Catalog } from "./protocols.ts";
import { editor } from "./twin_editor.ts";
import { readItems, writeItems } from "./twin_items.ts";
import type { Item } from "./twin_kinds.ts";
import { lanes } from "./twin_lanes.ts";
import { endpoints, tile } from "./twin_numbers.ts";
import { picker, WINDOWS, windowsOf, type RecordName } from "./twin_picker.ts";
import { DRAWS, recordSource, subjectSource, type Source } from "./twin_source.ts";

const OF_EACH_DAY = " Thick: the lowest of each day; thin: the highest; the bands reach from the one to the other.";
const BAND_AFTER_MS = 120,
  SLOW_MS = 500;

/** Opens the page; the address names subject or record, days and treatments. */
export async function openTwin(route: Route): Promise<Page> {
  const [catalog, { records }] = await Promise.all([
    get<Catalog>("/model"),
    get<{ records: RecordName[] }>("/records"),
  ]);
  const record = records.find((one) => one.id === route.query.get("record"))?.id;
  const name = catalog.subjects.find((one) => one.name === route.query.get("subject"))?.name ?? "malignant-insulinoma";
  const source = record ? await recordSource(record) : await subjectSource(name);
  const view = new TwinView(catalog, records, source, route.query);
  void view.run();
  return { title: "Twin", element: view.element, leave: () => view.leave() };
}

class TwinView {
  readonly element: HTMLElement;
  private readonly catalog: Catalog;
  private readonly records: RecordName[];
  private readonly told = h("div", { "aria-live": "polite" });
  private readonly numbers = h("div", { class: "tiles" });
  private readonly legend = h("p", { class: "quiet small" });
  private readonly calibration = h("div");
  private readonly lanes;
  private readonly figure;
  private readonly edit;
  private readonly stop;
  private readonly picker = h("div", { class: "row ends" });
  private source: Source;
  private items: Item[];
  private days: number;
  private series: Series | null = null;
  private band: Series | null = null;
  private busy = false;
  private again = false;
  private timer = 0;
  private turn = 0;
  /** When the hand last changed something. */
  private moved = performance.now();
  private left = false;
  private leaveJob = (): void => undefined;

  constructor(catalog: Catalog, records: RecordName[], source: Source, query: URLSearchParams) {
    this.catalog = catalog;
    this.records = records;
    this.source = source;
    const asked = Number(query.get("days"));
    const windows = windowsOf(source);
    this.days = windows.find((days) => days === asked) ?? (source.record === null ? 7 : (windows.at(-1) ?? 7));
    const given = query.get("items");
    this.items = given === null ? source.first(this.days) : readItems(given);
    const changed = (): void => this.changed(),
      drop = (item: Item): void => this.put(this.items.filter((one) => one !== item));
    const add = (item: Item): void => this.put([...this.items, item]);
    this.lanes = lanes(changed, drop, add);
    this.edit = editor(() => ({ items: this.items, habits: this.source.habits, days: this.days }), changed, drop, add);
    this.figure = figure({
      name: "twin",
      label: "Glucose, insulin and tumor of the twin under its treatments",
      height: () => curvesHeight(this.view()),
      option: (width) => {
        this.lanes.draw(this.items, this.days, width);
        return curvesOption(this.view());
      },
      table: () => curvesTable(this.view()),
    });
    this.stop = onSettings(() => this.summarize());
    this.element = this.layout();
    this.pick();
  }

  private layout(): HTMLElement {
    const about =
      "Drag a treatment, or move it by the arrow keys; the curve follows. A double click on a lane adds another. A model of a typical patient, or of one record; not a forecast for anyone.";
    const parts = [this.told, this.lanes.element, this.edit.adder, this.figure.element, this.legend];
    return h(
      "div",
      {},
      h("h1", {}, "The twin under treatment"),
      h("p", { class: "quiet" }, about),
      h("section", { class: "panel", "aria-label": "Who, and how long" }, this.picker),
      this.numbers,
      panel("twin-curves", "Course", ...parts),
      this.edit.element,
      this.calibration,
    );
  }

  leave(): void {
    this.left = true;
    clearTimeout(this.timer);
    this.leaveJob();
    this.stop();
    this.figure.dispose();
  }

  private put(items: Item[]): void {
    this.items = items;
    this.changed();
  }

  private pick(): void {
    const state = { catalog: this.catalog, records: this.records, source: this.source, days: this.days };
    const acts = {
      subject: (name: string) => void this.choose(() => subjectSource(name)),
      record: (id: string) => void this.choose(() => recordSource(id)),
      days: (days: number) => this.last(days),
    };
    fill(
      this.picker,
      picker(state, () => this.items, acts),
    );
    this.tellLegend(DRAWS);
    this.leaveJob();
    const { record } = this.source;
    if (record === null) return fill(this.calibration);
    const view = calibrationPanel(record, () => void this.calibrated(record));
    this.leaveJob = view.leave;
    fill(this.calibration, view.element);
  }

  private async choose(open: () => Promise<Source>): Promise<void> {
    try {
      this.source = await open();
    } catch (error) {
      return fill(this.told, failure(error));
    }
    const windows = windowsOf(this.source);
    if (this.source.record !== null) this.days = windows.at(-1) ?? this.days;
    else if (!WINDOWS.includes(this.days)) this.days = 7;
    this.items = this.source.first(this.days);
    this.series = null;
    keepInAddress("twin", { subject: "", record: "", items: "" });
    this.pick();
    this.changed();
  }

  /** The bands are those of the new calibration; the treatments stay where they are. */
  private async calibrated(record: string): Promise<void> {
    const found = await recordSource(record);
    if (this.left || this.source.record !== record || found.posterior?.id === this.source.posterior?.id) return;
    this.source = found;
    this.tellLegend(DRAWS);
    this.changed();
  }

  /** Another length: what lasted to the end still does. */
  private last(days: number): void {
    for (const item of this.items) if (item.stop >= this.days) item.stop = days;
    this.days = days;
    this.changed();
  }

  private changed(): void {
    this.moved = performance.now();
    this.band = null;
    if (this.series !== null) this.bandLater();
    void this.run();
  }

  /** Asks for the band once the hand rests. */
  private bandLater(): void {
    clearTimeout(this.timer);
    const own = ++this.turn;
    this.timer = window.setTimeout(() => void this.draw(own), BAND_AFTER_MS);
  }

  /** Runs the present state; while one run is under way, only the newest state waits. */
  async run(): Promise<void> {
    this.lanes.draw(this.items, this.days, this.width());
    this.edit.refresh();
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    const first = this.series === null,
      slow = window.setTimeout(() => this.wait(), SLOW_MS);
    try {
      do {
        this.again = false;
        const start = this.moved;
        this.series = await this.source.ask(this.items, this.days, 1);
        if (this.left) return;
        this.show();
        performance.measure("twin", { start });
      } while (this.again);
      fill(this.told);
      if (first) this.bandLater();
    } catch (error) {
      fill(this.told, failure(error));
    } finally {
      this.busy = false;
      clearTimeout(slow);
      this.figure.element.classList.remove("stale");
    }
    if (!this.left) this.keep();
  }

  /** What the address says; of a record that was uploaded it keeps no treatment. */
  private keep(): void {
    const { record, habits } = this.source;
    const open = record === null || this.records.some((one) => one.id === record && one.shipped);
    keepInAddress("twin", {
      subject: record === null ? habits.subject : "",
      record: record ?? "",
      days: String(this.days),
      items: open ? writeItems(this.items) : "",
    });
  }

  /** Says that the curve is not yet that of the treatments. */
  private wait(): void {
    this.figure.element.classList.add("stale");
    fill(this.told, h("p", { class: "quiet" }, "Computing; the first run of a subject takes some seconds …"));
  }

  private async draw(own: number): Promise<void> {
    const start = this.moved;
    const band = await this.source.ask(this.items, this.days, DRAWS).catch(() => null);
    if (own !== this.turn || this.left || !band) return;
    this.band = band;
    this.tellLegend(band.patients);
    this.figure.redraw();
    performance.measure("band", { start });
  }

  private tellLegend(draws: number): void {
    const rest = this.source.rest.map((order) => order.give);
    const more = rest.length > 0 ? ` Given as recorded, without a lane: ${[...new Set(rest)].join(", ")}.` : "";
    fill(this.legend, this.source.legend(draws) + (isLong(this.view()) ? OF_EACH_DAY : "") + more);
  }

  private width(): number {
    return this.figure.element.querySelector(".chart")?.clientWidth || 900;
  }

  private view(): View {
    const label = this.source.habits.subject;
    const curves = this.series
      ? [{ label, color: theme() === "dark" ? SKY : BLUE, series: this.series, band: this.band }]
      : [];
    const tumor = (this.series?.columns.get("tumor_volume")?.[0] ?? 0) > 0;
    const shown = ["glucose", "insulin", ...(tumor ? ["tumor_volume"] : [])].flatMap((name) => QUANTITIES[name] ?? []);
    return {
      curves,
      quantities: shown,
      ...axisOf(this.days * 1440),
      end: this.days * 1440,
      ...(this.days <= 3 ? {} : { minutesPerX: 1440, axis: "days" }),
    };
  }

  private show(): void {
    this.summarize();
    this.figure.redraw();
  }

  private summarize(): void {
    const found = endpoints(this.series),
      shown = (value: number): string => `${digits(glucoseIn(unit(), value))} ${unit()}`;
    const tiles = found && [
      tile("Lowest glucose", shown(found.lowest)),
      tile(`Below ${shown(54)}`, `${digits(found.below54, 2)} h a day`),
      tile(`Below ${shown(70)}`, `${digits(found.below70, 2)} h a day`),
      tile("Mean glucose", shown(found.mean)),
    ];
    fill(this.numbers, tiles);
  }
}
