/** Compare: up to four scenarios side by side on the same draws, run as a job that the address reopens. */

import { get } from "../api.ts";
import { fill, h } from "../dom.ts";
import { jobView, startJob, type Job } from "../jobs.ts";
import type { Page } from "../main.ts";
import { failure, panel } from "../parts.ts";
import { keepInAddress, type Route } from "../router.ts";
import { CompareForm, type Request } from "./compare_form.ts";
import { compareResults, type Results } from "./compare_results.ts";
import { checkScenario, handed, type Chosen, type Scenario } from "./scenarios.ts";
import { calibrations } from "./twin_source.ts";
import type { RecordName } from "./twin_picker.ts";

const FIRST = ["no-embolization", "embolize-on-day-5"],
  INDEX_CASE = "muro-2014";

/** Opens the page; the address names a record and scenarios that ship, or a job that has all of it. */
export async function openCompare(route: Route): Promise<Page> {
  const { records } = await get<{ records: RecordName[] }>("/records");
  const asked = route.query.get("job");
  const job = asked === null ? null : await get<Job>(`/jobs/${encodeURIComponent(asked)}`);
  const request = job?.kind === "what-if" ? (job.request as unknown as Request) : null;
  const wanted = request?.record ?? route.query.get("record") ?? INDEX_CASE;
  const record = records.find((one) => one.id === wanted)?.id ?? INDEX_CASE;
  const names = route.query.get("scenarios")?.split(" ") ?? FIRST;
  const view = new CompareView(records);
  await view.load(record, (offered) => (request ? asRequested(request, offered) : named(names, offered)));
  if (request) view.form.set(request);
  if (job && request) view.follow(job);
  return { title: "Compare", element: view.element, leave: () => view.leave() };
}

function named(names: readonly string[], offered: readonly Scenario[]): Promise<Chosen[]> {
  const found = offered.filter((one) => one.fits && names.includes(one.name));
  return Promise.resolve(found.slice(0, 4).map((one) => ({ ...one, own: false })));
}

/** The scenarios of a job: those that ship by name, those of one's own by their text. */
async function asRequested(request: Request, offered: readonly Scenario[]): Promise<Chosen[]> {
  const found = request.scenarios.map(async ({ name, text }): Promise<Chosen | undefined> => {
    if (text !== null) return checkScenario(name, text, request.record);
    const shipped = offered.find((one) => one.name === name);
    return shipped && { ...shipped, own: false };
  });
  return (await Promise.all(found)).filter((one) => one !== undefined);
}

class CompareView {
  readonly element: HTMLElement;
  readonly form: CompareForm;
  private readonly running = h("div");
  private readonly results = h("div");
  private leaveJob = (): void => undefined;
  private shown: Results | null = null;

  constructor(records: readonly RecordName[]) {
    this.form = new CompareForm(records, {
      record: (id) => void this.change(id),
      start: () => void this.start(),
      changed: () => this.keep(),
    });
    const about =
      "The same draws of one patient under up to four other regimens, each draw its own control. A model, not a forecast for anyone, and no advice.";
    this.element = h(
      "div",
      {},
      h("h1", {}, "What would have been"),
      h("p", { class: "quiet" }, about),
      panel("scenarios", "Scenarios", this.form.element, this.running),
      this.results,
    );
  }

  /** Shows a record with what can be compared for it. */
  async load(record: string, choose: (offered: readonly Scenario[]) => Promise<Chosen[]>): Promise<void> {
    const [{ scenarios }, jobs] = await Promise.all([
      get<{ scenarios: Scenario[] }>(`/scenarios?record=${encodeURIComponent(record)}`),
      calibrations(record),
    ]);
    const taken = handed(record);
    const own = taken ? [await checkScenario(taken.name, taken.text, record)] : [];
    const chosen = own.length > 0 ? own : await choose(scenarios);
    const done = jobs.filter((job) => job.status === "done");
    this.form.show({ record, offered: scenarios, calibrations: done, chosen });
  }

  leave(): void {
    this.leaveJob();
    this.shown?.dispose();
  }

  private async change(record: string): Promise<void> {
    this.clear();
    try {
      await this.load(record, (offered) => named(FIRST, offered));
      this.keep();
    } catch (error) {
      fill(this.running, failure(error));
    }
  }

  private clear(): void {
    this.leaveJob();
    this.shown?.dispose();
    this.shown = null;
    fill(this.running);
    fill(this.results);
  }

  /** The address keeps names of scenarios that ship; those of one's own are in the job. */
  private keep(job = ""): void {
    const { record, scenarios } = this.form.request();
    const shipped = scenarios.filter((one) => one.text === null).map((one) => one.name);
    keepInAddress("compare", { record, scenarios: shipped.join(" "), job });
  }

  private async start(): Promise<void> {
    this.clear();
    try {
      const job = await startJob({ kind: "what-if", ...this.form.request() });
      this.keep(job.id);
      this.follow(job);
    } catch (error) {
      fill(this.running, failure(error));
    }
  }

  /** Follows a job until it is done, and shows what it found. */
  follow(job: Job): void {
    this.leaveJob();
    const view = jobView(job, (done) => void this.show(done));
    this.leaveJob = view.leave;
    fill(this.running, view.element);
  }

  private async show(job: Job): Promise<void> {
    try {
      this.shown?.dispose();
      this.shown = await compareResults(job);
      fill(this.results, this.shown.element);
    } catch (error) {
      fill(this.results, failure(error));
    }
  }
}
