/** Trials: a shipped design in a population, with some of its arms, run as a job; curves, swimmer plot and tables. */

import { address, get } from "../api.ts";
import { fileTable, picture } from "../charts/picture.ts";
import { fill, h, type Child } from "../dom.ts";
import { jobView, startJob, type Job } from "../jobs.ts";
import type { Page } from "../main.ts";
import { digits, inWords } from "../numbers.ts";
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

interface Trials {
  trials: Trial[];
  populations: { name: string; title: string }[];
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

/** Opens the page; the address names trial, population, arms and patients, and the run that is shown. */
export async function openTrial(route: Route): Promise<Page> {
  const [offered, jobs] = await Promise.all([get<Trials>("/trials"), runs()]);
  const job = jobs.find((one) => one.id === route.query.get("job"));
  const view = new TrialView(offered, new URLSearchParams({ ...asked(job), ...Object.fromEntries(route.query) }), job);
  return { title: "Trial", element: view.element, leave: () => view.leave() };
}

async function runs(): Promise<Job[]> {
  const { jobs } = await get<{ jobs: Job[] }>("/jobs");
  return jobs.filter((one) => one.kind === "trial");
}

/** What was asked of a run, as an address has it. */
function asked(job: Job | undefined): Record<string, string> {
  const told = Object.entries(job?.request ?? {}).filter(([, value]) => value !== null);
  return Object.fromEntries(
    told.map(([name, value]) => [name, Array.isArray(value) ? value.join(" ") : String(value)]),
  );
}

class TrialView {
  readonly element: HTMLElement;
  private readonly offered: Trials;
  private readonly about = h("div");
  private readonly running = h("div");
  private readonly results = h("div");
  private readonly patients = h("input", { type: "number", min: 2, max: 100000, step: 1, value: 200 });
  private readonly population;
  private name: string;
  private arms = new Set<string>();
  private follow = (): void => undefined;
  private leaves: (() => void)[] = [];

  constructor(offered: Trials, query: URLSearchParams, job: Job | undefined) {
    this.offered = offered;
    const { trials, populations } = offered;
    this.name = trials.find((one) => one.name === query.get("trial"))?.name ?? trials[0]?.name ?? "";
    const asked = Number(query.get("patients"));
    if (asked >= 2 && asked <= 100000) this.patients.value = String(asked);
    const choose = select(
      trials.map((one) => [one.name, one.title] as const),
      this.name,
      (name) => this.choose(name),
    );
    this.population = select(
      populations.map((one) => [one.name, one.title] as const),
      "",
      () => this.keep(),
    );
    const start = h("button", { type: "button", class: "main", onclick: () => void this.start() }, "Run the trial");
    const fields = [
      field("Trial", choose),
      field("Population", this.population),
      field("Virtual patients", this.patients),
    ];
    const form = [h("div", { class: "fields wide" }, fields), this.about];
    const head =
      "A design that ships, on a virtual population. 100,000 patients take hours; a trial can be canceled, and run again.";
    this.element = h(
      "div",
      {},
      h("h1", {}, "In-silico trials"),
      h("p", { class: "quiet" }, head),
      panel("design", "Design", form, start, this.running),
      this.results,
    );
    this.choose(this.name, query, job);
  }

  leave(): void {
    this.follow();
    this.clear();
  }

  private clear(): void {
    for (const leave of this.leaves.splice(0)) leave();
    fill(this.results);
  }

  private get trial(): Trial | undefined {
    return this.offered.trials.find((one) => one.name === this.name);
  }

  private choose(name: string, query?: URLSearchParams, job?: Job): void {
    this.name = name;
    const every = this.trial?.arms.map((arm) => arm.name) ?? [];
    const asked = query?.get("arms")?.split(" ") ?? every;
    this.arms = new Set(every.filter((arm) => asked.includes(arm)));
    const known = this.offered.populations.some((one) => one.name === query?.get("population"));
    this.population.value = known ? (query?.get("population") ?? "") : (this.trial?.population ?? "");
    const boxes = this.trial?.arms.map((arm) => this.box(arm.name, arm.title));
    fill(
      this.about,
      h("p", {}, this.trial?.question),
      h("fieldset", { class: "bare" }, h("legend", {}, "Arms"), boxes),
    );
    this.keep();
    if (job) this.show(job);
    else void this.last();
  }

  private box(name: string, title: string): HTMLElement {
    const box = h("input", { type: "checkbox", checked: this.arms.has(name), onchange: () => this.take(name, box) });
    return h("label", { class: "row" }, box, h("span", {}, h("strong", {}, name), `: ${title}`));
  }

  /** Takes an arm in or out; the last one stays. */
  private take(name: string, box: HTMLInputElement): void {
    if (box.checked) this.arms.add(name);
    else if (this.arms.size > 1) this.arms.delete(name);
    box.checked = this.arms.has(name);
    this.keep();
  }

  /** What differs from the design as it ships. */
  private changes(): { population: string | null; arms: string[] | null } {
    const every = this.trial?.arms ?? [];
    return {
      population: this.population.value === this.trial?.population ? null : this.population.value,
      arms: this.arms.size === every.length ? null : every.map((arm) => arm.name).filter((arm) => this.arms.has(arm)),
    };
  }

  private keep(job = ""): void {
    const { population, arms } = this.changes();
    const chosen = { trial: this.name, population: population ?? "", arms: arms?.join(" ") ?? "" };
    keepInAddress("trial", { ...chosen, patients: this.patients.value, job });
  }

  /** The last run of this trial, if there is one. */
  private async last(): Promise<void> {
    const found = (await runs()).find((job) => job.request["trial"] === this.name);
    this.clear();
    if (found) this.show(found);
    else fill(this.running);
  }

  private async start(): Promise<void> {
    this.keep();
    this.clear();
    try {
      const patients = this.patients.valueAsNumber;
      this.show(await startJob({ kind: "trial", trial: this.name, patients, seed: 1, ...this.changes() }));
    } catch (error) {
      fill(this.running, failure(error));
    }
  }

  private show(job: Job): void {
    this.follow();
    const view = jobView(job, (done) => void this.done(done));
    this.follow = view.leave;
    fill(this.running, view.element);
    this.keep(job.id);
  }

  private async done(job: Job): Promise<void> {
    const result = await get<Result>(`/jobs/${job.id}/files/result.json`);
    const curves = job.files.filter((file) => /^curve-.*\.svg$/.test(file)).map((file) => file.slice(0, -4));
    const shown = [...curves, ...Object.keys(PICTURES).filter((name) => job.files.includes(`${name}.svg`))];
    const arms = rowsTable("Arms", result.arms);
    const numbers = [rowsTable("Endpoints", result.endpoints), rowsTable("Differences", result.contrasts)];
    const all = h("details", {}, h("summary", {}, "Every endpoint by arm, and the differences"), numbers);
    const population = String(job.request["population"] ?? this.trial?.population ?? "");
    const title = `Results, ${String(job.request["patients"])} virtual patients`;
    this.clear();
    const pictures = shown.map((name) => {
      const { element, leave } = pictureOf(job, name);
      this.leaves.push(leave);
      return element;
    });
    const who = h("p", { class: "quiet small" }, `Population: ${population}`);
    const numbersPanel = panel("trial-results", title, who, arms, all);
    fill(this.results, numbersPanel, h("div", { class: "pictures" }, pictures));
  }
}

function pictureOf(job: Job, name: string): { element: HTMLElement; leave: () => void } {
  const words = PICTURES[name] ?? `Curve: ${name.replace("curve-", "").replaceAll("-", " ")}`;
  const file = (ending: string): string => address(`/jobs/${job.id}/files/${name}.${ending}`);
  const links = ["svg", "png", "csv"].map((ending) =>
    h("a", { class: "button", href: file(ending), download: `${name}.${ending}` }, ending.toUpperCase()),
  );
  const { element, leave } = picture(file("svg"), `${words}; the numbers are in the CSV`);
  const seen = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": words }, element);
  const behind = fileTable(file("csv"), words);
  return { element: panel(name, words, h("figure", {}, h("div", { class: "tools" }, links), seen, behind)), leave };
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
      columns.map(inWords),
      rows.map((row) => columns.map((column) => shown(row[column]))),
    ),
  ];
}
