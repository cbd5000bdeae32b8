/** Trials: a shipped design with so many virtual patients, run as a job; curves, swimmer plot and tables. */

import { address, get } from "../api.ts";
import { fill, h, type Child } from "../dom.ts";
import { jobView, startJob, type Job } from "../jobs.ts";
import type { Page } from "../main.ts";
import { digits } from "../numbers.ts";
import { failure, field, panel, select, table } from "../parts.ts";
import { keepInAddress, type Route } from "../router.ts";

interface Trial {
  name: string;
  title: string;
  question: string;
  population: string;
  size: number;
  arms: { name: string; title: string }[];
}

type Row = Record<string, string | number | null>;

interface Result {
  arms: Row[];
  endpoints: Row[];
  contrasts: Row[];
}

const PICTURES: Record<string, string> = {
  stays: "Each patient (swimmer plot)",
  changes: "Changes",
  subgroups: "Subgroups",
};

/** Opens the page; the address names trial and patients. */
export async function openTrial(route: Route): Promise<Page> {
  const { trials } = await get<{ trials: Trial[] }>("/trials");
  const view = new TrialView(trials, route.query);
  return { title: "Trial", element: view.element, leave: () => view.leave() };
}

class TrialView {
  readonly element: HTMLElement;
  private readonly trials: Trial[];
  private readonly about = h("div");
  private readonly running = h("div");
  private readonly results = h("div");
  private readonly patients = h("input", { type: "number", min: 2, max: 100000, step: 1, value: 200 });
  private name: string;
  private follow = (): void => undefined;

  constructor(trials: Trial[], query: URLSearchParams) {
    this.trials = trials;
    this.name = trials.find((one) => one.name === query.get("trial"))?.name ?? trials[0]?.name ?? "";
    const asked = Number(query.get("patients"));
    if (asked >= 2 && asked <= 100000) this.patients.value = String(asked);
    const named = trials.map((one) => [one.name, one.title] as const);
    const choose = select(named, this.name, (name) => this.choose(name));
    const start = h("button", { type: "button", class: "main", onclick: () => void this.start() }, "Run the trial");
    const form = [field("Trial", choose), h("div", { class: "fields" }, field("Virtual patients", this.patients))];
    const head =
      "A design that ships, on a virtual population. 100,000 patients take hours; a trial can be canceled, and run again.";
    this.element = h(
      "div",
      {},
      h("h1", {}, "In-silico trials"),
      h("p", { class: "quiet" }, head),
      panel("design", "Design", form, this.about, start, this.running),
      this.results,
    );
    this.choose(this.name);
  }

  leave(): void {
    this.follow();
  }

  private choose(name: string): void {
    this.name = name;
    const trial = this.trials.find((one) => one.name === name);
    const arms = trial?.arms.map((arm) => h("li", {}, h("strong", {}, arm.name), `: ${arm.title}`));
    fill(
      this.about,
      h("p", {}, trial?.question),
      h("ul", { class: "tight" }, arms),
      h("p", { class: "quiet small" }, `Population: ${trial?.population ?? ""}`),
    );
    keepInAddress("trial", { trial: name, patients: this.patients.value });
    void this.last();
  }

  /** The last run of this trial, if there is one. */
  private async last(): Promise<void> {
    const { jobs } = await get<{ jobs: Job[] }>("/jobs");
    const found = jobs.find((job) => job.kind === "trial" && job.request["trial"] === this.name);
    fill(this.results);
    if (found) this.show(found);
    else fill(this.running);
  }

  private async start(): Promise<void> {
    keepInAddress("trial", { trial: this.name, patients: this.patients.value });
    fill(this.results);
    try {
      this.show(await startJob({ kind: "trial", trial: this.name, patients: this.patients.valueAsNumber, seed: 1 }));
    } catch (error) {
      fill(this.running, failure(error));
    }
  }

  private show(job: Job): void {
    this.follow();
    const view = jobView(job, (done) => void this.done(done));
    this.follow = view.leave;
    fill(this.running, view.element);
  }

  private async done(job: Job): Promise<void> {
    const result = await get<Result>(`/jobs/${job.id}/files/result.json`);
    const curves = job.files.filter((file) => /^curve-.*\.svg$/.test(file)).map((file) => file.slice(0, -4));
    const shown = [...curves, ...Object.keys(PICTURES).filter((name) => job.files.includes(`${name}.svg`))];
    const pictures = shown.map((name) => picture(job, name));
    const arms = rowsTable("Arms", result.arms);
    const numbers = [rowsTable("Endpoints", result.endpoints), rowsTable("Differences", result.contrasts)];
    const all = h("details", {}, h("summary", {}, "Every endpoint by arm, and the differences"), numbers);
    const title = `Results, ${String(job.request["patients"])} virtual patients`;
    fill(this.results, panel("trial-results", title, arms, all), pictures);
  }
}

function picture(job: Job, name: string): HTMLElement {
  const words = PICTURES[name] ?? `Curve: ${name.replace("curve-", "").replaceAll("-", " ")}`;
  const file = (ending: string): string => address(`/jobs/${job.id}/files/${name}.${ending}`);
  const links = ["svg", "png", "csv"].map((ending) =>
    h("a", { class: "button", href: file(ending), download: `${name}.${ending}` }, ending.toUpperCase()),
  );
  const image = h("img", { src: file("svg"), alt: `${words}; the numbers are in the CSV`, class: "paper" });
  return panel(name, words, h("figure", {}, h("div", { class: "tools" }, links), image));
}

/** A table of rows as they come, with their own columns. */
function rowsTable(caption: string, rows: readonly Row[]): Child {
  const columns = Object.keys(rows[0] ?? {});
  const shown = (value: string | number | null | undefined): string =>
    typeof value === "number" ? digits(value) : (value ?? "–");
  return [
    h("h3", {}, caption),
    table(
      caption,
      columns,
      rows.map((row) => columns.map((column) => shown(row[column]))),
    ),
  ];
}
