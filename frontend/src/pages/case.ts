/** The page of a case: the course, and what published criteria make of it. */

import { get } from "../api.ts";
import { figure, type Figure } from "../charts/figure.ts";
import { courseHeight, courseOption, courseTip, type Window } from "../charts/course.ts";
import type { Course, CourseRow } from "../charts/course_data.ts";
import { fill, h } from "../dom.ts";
import { closeDrawer, openDrawer, type Fact } from "../drawer.ts";
import type { Page } from "../main.ts";
import { addressOf, keepInAddress, type Route } from "../router.ts";
import { onSettings, unit, type Unit } from "../settings.ts";
import { assessmentSections } from "./assessment.ts";
import type { Assessment } from "./assessment_data.ts";
import { sectionLinks, sentence, tiles } from "./assessment_top.ts";
import { reportPanel } from "./report.ts";

const INDEX_CASE = "muro-2014";

interface Opened {
  id: string;
  file: string;
  facts: Fact[];
}

/** Opens the page of a case. */
export async function openCase(route: Route): Promise<Page> {
  const id = route.parts[0] ?? INDEX_CASE;
  const path = `/records/${encodeURIComponent(id)}`;
  const query = (): string => `?glucose_unit=${encodeURIComponent(unit())}`;
  const asked = unit();
  const [opened, course, assessment] = await Promise.all([
    get<Opened>(path),
    get<Course>(`${path}/course${query()}`),
    get<Assessment>(`${path}/assess${query()}`),
  ]);
  const view = new CaseView(id, opened, course, assessment, route, asked);
  const follow = (): void => void view.changeUnit(`${path}/course${query()}`, `${path}/assess${query()}`);
  const stop = onSettings(follow);
  follow();
  return {
    title: course.title,
    element: view.element,
    leave: () => {
      stop();
      view.leave();
    },
  };
}

class CaseView {
  readonly element: HTMLElement;
  private readonly figure: Figure;
  private readonly report;
  private readonly judged = h("div");
  private readonly top = h("div");
  private readonly facts: Map<string, Fact>;
  private readonly opened: Opened;
  private course: Course;
  private window: Window;
  private shown: Unit;

  constructor(id: string, opened: Opened, course: Course, assessment: Assessment, route: Route, shown: Unit) {
    this.shown = shown;
    this.opened = opened;
    this.facts = new Map(opened.facts.map((fact) => [fact.id, fact]));
    this.course = course;
    this.window = windowOf(course, route.query);
    this.figure = this.courseFigure();
    this.report = reportPanel(id);
    this.element = h(
      "div",
      {},
      this.head(),
      this.top,
      h(
        "section",
        { class: "panel", id: "course", "aria-labelledby": "course-title" },
        h("header", {}, h("h2", { id: "course-title" }, "Clinical course")),
        this.figure.element,
        legend(),
      ),
      this.judged,
      this.report.element,
    );
    this.judge(assessment);
  }

  leave(): void {
    closeDrawer();
    this.figure.dispose();
    this.report.leave();
  }

  async changeUnit(course: string, assess: string): Promise<void> {
    const wanted = unit();
    if (this.shown === wanted) return;
    this.shown = wanted;
    const [next, assessment] = await Promise.all([get<Course>(course), get<Assessment>(assess)]);
    if (this.shown !== wanted) return;
    this.course = next;
    this.figure.redraw();
    this.judge(assessment);
  }

  private head(): HTMLElement {
    return h(
      "div",
      { class: "head" },
      h(
        "div",
        {},
        h("h1", {}, this.course.title),
        h("p", { class: "quiet" }, `${this.course.case}, ${this.opened.facts.length} facts in ${this.opened.file}`),
      ),
      h(
        "div",
        { class: "row no-print" },
        h("a", { class: "button", href: addressOf("records") }, "Open or upload"),
        h("a", { class: "button", href: addressOf("write") }, "Write a record"),
      ),
    );
  }

  private judge(assessment: Assessment): void {
    fill(this.top, tiles(assessment), sectionLinks());
    const words = (name: string): string => factInWords(name, this.course.rows);
    fill(this.judged, assessmentSections(assessment, this.factButton, words));
  }

  /** A fact by its name; a click shows where it stands. */
  private readonly factButton = (name: string): HTMLElement => {
    const row = this.course.rows.find((one) => one.key === name);
    const words = row
      ? `${row.item}${row.words && row.words.toLowerCase() !== row.item.toLowerCase() ? `: ${row.words}` : ""}`
      : sentence(name.replaceAll("-", " "));
    return this.facts.has(name)
      ? h("button", { type: "button", class: "fact", title: name, onclick: () => this.showFact(name, words) }, words)
      : h("span", {}, name);
  };

  private showFact(name: string, words: string): void {
    const fact = this.facts.get(name);
    if (fact) openDrawer(fact, words);
  }

  private courseFigure(): Figure {
    const made = figure({
      name: "clinical-course",
      label: `The clinical course. ${this.course.title}. The table has every fact.`,
      height: (width) => courseHeight(this.course, width),
      option: (width) => courseOption(this.course, width, this.window, courseTip),
      table: () => ({
        columns: ["Item", "What is said", "Time", "Time known", "Level", "Basis", "Source"],
        rows: this.course.rows.map((row) => [
          row.item,
          row.hover || row.text,
          row.time || row.when,
          row.time_known,
          row.level,
          row.basis,
          row.source,
        ]),
      }),
      tools: [
        h("span", { class: "quiet small" }, "Days:"),
        this.tool("Earlier", -0.25, 1),
        this.tool("Later", 0.25, 1),
        this.tool("Closer", 0, 0.6),
        this.tool("Wider", 0, 1 / 0.6),
        this.all(),
      ],
      ready: (chart) => {
        chart.on("click", (event) => {
          const row = (event.data as { row?: CourseRow } | undefined)?.row;
          if (row) this.showFact(row.key, row.item);
        });
        chart.on("datazoom", () =>
          this.zoomed(chart.getOption()["dataZoom"] as { startValue: number; endValue: number }[]),
        );
      },
    });
    return made;
  }

  private tool(words: string, shift: number, factor: number): HTMLElement {
    return h(
      "button",
      {
        type: "button",
        onclick: () => {
          const { low, high } = this.window,
            middle = (low + high) / 2 + shift * (high - low),
            half = ((high - low) * factor) / 2;
          this.zoom({ low: middle - half, high: middle + half });
        },
      },
      words,
    );
  }

  private all(): HTMLElement {
    return h(
      "button",
      { type: "button", onclick: () => this.zoom(windowOf(this.course, new URLSearchParams())) },
      "All",
    );
  }

  private zoom(wanted: Window): void {
    const whole = windowOf(this.course, new URLSearchParams());
    const size = Math.min(Math.max(wanted.high - wanted.low, 2), whole.high - whole.low);
    const low = Math.min(Math.max(wanted.low, whole.low), whole.high - size);
    this.window = { low, high: low + size };
    this.keepWindow(whole);
    this.figure.redraw();
  }

  private zoomed(state: { startValue: number; endValue: number }[]): void {
    const now = state[0];
    if (!now || (Math.abs(now.startValue - this.window.low) < 0.01 && Math.abs(now.endValue - this.window.high) < 0.01))
      return;
    this.zoom({ low: now.startValue, high: now.endValue });
  }

  private keepWindow(whole: Window): void {
    const all = this.window.low <= whole.low && this.window.high >= whole.high;
    const share = (at: number): string => ((at - whole.low) / (whole.high - whole.low)).toFixed(4);
    keepInAddress("case", { from: all ? "" : share(this.window.low), to: all ? "" : share(this.window.high) });
  }
}

/** The name of a fact within a sentence: by its own words where these say what it is, else by its item. */
function factInWords(name: string, rows: readonly CourseRow[]): string {
  const own = name.replaceAll("-", " "),
    row = rows.find((one) => one.key === name),
    item = row?.item.toLowerCase() ?? "";
  return own.includes(item) ? own : `${item}, ${row?.words.split(",")[0] ?? ""}`.replace(/, $/, "");
}

/** The window of the axis that an address names: shares of the whole, so that no day of a patient stands in it. */
function windowOf(course: Course, query: URLSearchParams): Window {
  const low = course.axis.not_stated?.[0] ?? course.axis.strip[0] ?? course.axis.left,
    high = course.axis.right;
  const share = (name: string, other: number): number => {
    const value = Number.parseFloat(query.get(name) ?? "");
    return value >= 0 && value <= 1 ? value : other;
  };
  const from = share("from", 0),
    to = share("to", 1);
  return to > from ? { low: low + from * (high - low), high: low + to * (high - low) } : { low, high };
}

function legend(): HTMLElement {
  return h(
    "p",
    { class: "quiet small" },
    "Full bars: stated days. Hatched bars: some time within. Pointed end: start stated, end not. Dotted with two ends: one of two days. ",
    "Hollow signs: a value whose day is not stated. Shaded ground: order known, day not stated. Point at a sign for its value; click it for its source; hold Ctrl and turn the wheel, or pinch, to zoom.",
  );
}
