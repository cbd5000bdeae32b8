/** The twin: treatments are moved, and the curve follows; the band is that of the population around the subject. */

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
import { BLUE } from "../charts/palette.ts";
import { fill, h } from "../dom.ts";
import type { Page } from "../main.ts";
import { digits, glucoseIn } from "../numbers.ts";
import { failure, field, panel, select } from "../parts.ts";
import { keepInAddress, type Route } from "../router.ts";
import { readSeries, type Series } from "../series.ts";
import { onSettings, unit } from "../settings.ts";
import { editor } from "./twin_editor.ts";
import { habitItems, itemsOf, ordersOf, readItems, writeItems, type RecordOrder } from "./twin_items.ts";
import type { Habits, Item } from "./twin_kinds.ts";
import { lanes } from "./twin_lanes.ts";
import type { Catalog } from "./protocols.ts";
import { endpoints, tile } from "./twin_numbers.ts";
const DRAWS = 200,
  BAND_AFTER_MS = 250,
  SLOW_MS = 500,
  INDEX_CASE = "muro-2014";

const WINDOWS = [3, 7, 14, 28, 157];

/** Opens the page; the address names subject, days and treatments. */
export async function openTwin(route: Route): Promise<Page> {
  const catalog = await get<Catalog>("/model");
  const name = catalog.subjects.find((one) => one.name === route.query.get("subject"))?.name ?? "malignant-insulinoma";
  const habits = await get<Habits>(`/model/${name}`);
  const view = new TwinView(catalog, habits, route.query);
  void view.run();
  return { title: "Twin", element: view.element, leave: () => view.leave() };
}

class TwinView {
  readonly element: HTMLElement;
  private readonly catalog: Catalog;
  private readonly told = h("div", { "aria-live": "polite" });
  private readonly numbers = h("div", { class: "tiles" });
  private readonly lanes;
  private readonly figure;
  private readonly edit;
  private readonly stop;
  private readonly picker = h("div", { class: "row" });
  private habits: Habits;
  private items: Item[];
  private days: number;
  private series: Series | null = null;
  private band: Series | null = null;
  private busy = false;
  private again = false;
  private timer = 0;
  private turn = 0;
  private left = false;

  constructor(catalog: Catalog, habits: Habits, query: URLSearchParams) {
    this.catalog = catalog;
    this.habits = habits;
    this.days = WINDOWS.find((days) => String(days) === query.get("days")) ?? 7;
    const given = query.get("items");
    this.items = given === null ? this.first() : readItems(given);
    const changed = (): void => this.changed(),
      drop = (item: Item): void => this.drop(item);
    const add = (item: Item): void => this.put([...this.items, item]);
    this.lanes = lanes(changed, drop);
    this.edit = editor(() => ({ items: this.items, habits: this.habits, days: this.days }), changed, drop, add);
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
      "Drag a treatment, or move it by the arrow keys; the curve follows. A model of a typical patient, not a forecast for anyone.";
    const legend = `Line: the typical subject. Bands: the middle half, and for glucose 95 of 100, of ${DRAWS} patients drawn from the population around it (the prior; fitted to no record). Days of daily life come before day 0.`;
    const parts = [this.told, this.lanes.element, this.figure.element, h("p", { class: "quiet small" }, legend)];
    return h(
      "div",
      {},
      h("h1", {}, "The twin under treatment"),
      h("p", { class: "quiet" }, about),
      h("section", { class: "panel", "aria-label": "Who, and how long" }, this.picker),
      this.numbers,
      panel("twin-curves", "Course", ...parts),
      this.edit.element,
    );
  }

  private put(items: Item[]): void {
    this.items = items;
    this.changed();
  }

  leave(): void {
    this.left = true;
    clearTimeout(this.timer);
    this.stop();
    this.figure.dispose();
  }

  /** What is given at first: how the subject lives, and an embolization where it has metastases. */
  private first(): Item[] {
    const found = habitItems(this.habits, this.days);
    if ("right_lobe.embolize" in this.habits.orders)
      found.push({ kind: "embolize_right", start: Math.min(3, this.days / 2), stop: 0, amount: 1 });
    return found;
  }

  private pick(): void {
    const who = select(
      this.catalog.subjects.map((one) => [one.name, one.name] as const),
      this.habits.subject,
      (name) => void this.choose(name),
    );
    const days = select(
      WINDOWS.map((count) => [String(count), `${count} days`] as const),
      String(this.days),
      (value) => this.last(Number(value)),
    );
    const course = h("button", { type: "button", onclick: () => void this.indexCase() }, "Orders of the index case");
    fill(this.picker, field("Subject", who), field("Shown", days), course);
  }

  private async choose(name: string): Promise<void> {
    this.habits = await get<Habits>(`/model/${name}`);
    this.items = this.first();
    this.pick();
    this.changed();
  }

  /** Another length: what lasted to the end still does. */
  private last(days: number): void {
    for (const item of this.items) if (item.stop >= this.days) item.stop = days;
    this.days = days;
    this.changed();
  }

  private async indexCase(): Promise<void> {
    try {
      const [habits, found] = await Promise.all([
        get<Habits>(`/model/${INDEX_CASE}`),
        get<{ orders: RecordOrder[] }>(`/records/${INDEX_CASE}/regimen`),
      ]);
      this.habits = habits;
      this.items = itemsOf(found.orders, habits);
      this.days = 157;
      this.pick();
      this.changed();
    } catch (error) {
      fill(this.told, failure(error));
    }
  }

  private drop(item: Item): void {
    this.put(this.items.filter((one) => one !== item));
  }

  private changed(): void {
    performance.mark("twin-changed");
    this.band = null;
    void this.run();
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
    clearTimeout(this.timer);
    const own = ++this.turn;
    const slow = window.setTimeout(() => this.wait(), SLOW_MS);
    try {
      do {
        this.again = false;
        this.series = await this.ask(1);
        if (this.left) return;
        this.show();
      } while (this.again);
      fill(this.told);
      this.timer = window.setTimeout(() => void this.draw(own), BAND_AFTER_MS);
    } catch (error) {
      fill(this.told, failure(error));
    } finally {
      this.busy = false;
      clearTimeout(slow);
      this.figure.element.classList.remove("stale");
    }
    if (!this.left)
      keepInAddress({ subject: this.habits.subject, days: String(this.days), items: writeItems(this.items) });
  }

  /** Says that the curve is not yet that of the treatments. */
  private wait(): void {
    this.figure.element.classList.add("stale");
    fill(this.told, h("p", { class: "quiet" }, "Computing; the first run of a subject takes some seconds …"));
  }

  private async draw(own: number): Promise<void> {
    performance.mark("band-asked");
    const band = await this.ask(DRAWS).catch(() => null);
    if (own !== this.turn || this.left || !band) return;
    this.band = band;
    this.figure.redraw();
    performance.measure("band", "band-asked");
  }

  private async ask(patients: number): Promise<Series> {
    const body = {
      subject: this.habits.subject,
      regimen: ordersOf(this.items, this.habits),
      days: this.days,
      patients,
    };
    return readSeries(await postForBytes("/simulate", body));
  }

  private width(): number {
    return this.figure.element.querySelector(".chart")?.clientWidth || 900;
  }

  private view(): View {
    const curves: Curve[] = this.series
      ? [{ label: this.habits.subject, color: BLUE, series: this.series, band: this.band }]
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
    if (performance.getEntriesByName("twin-changed").length > 0) performance.measure("twin", "twin-changed");
  }

  private summarize(): void {
    const found = endpoints(this.series),
      shown = (value: number): string => `${digits(glucoseIn(unit(), value))} ${unit()}`;
    fill(
      this.numbers,
      !found
        ? []
        : [
            tile("Lowest glucose", shown(found.lowest)),
            tile(`Below ${shown(54)}`, `${digits(found.below54, 2)} h a day`),
            tile(`Below ${shown(70)}`, `${digits(found.below70, 2)} h a day`),
            tile("Mean glucose", shown(found.mean)),
          ],
    );
  }
}
