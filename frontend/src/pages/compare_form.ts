/** What is compared: a record, whose draws, and up to four scenarios that can be changed here. */

import type { Job } from "../jobs.ts";
import { add, download, fill, h } from "../dom.ts";
import { failure, field } from "../parts.ts";
import { checkScenario, freeName, scenarioName, type Chosen, type Scenario } from "./scenarios.ts";
import type { RecordName } from "./twin_picker.ts";

const MOST = 4,
  LEAST_DRAWS = 20,
  MOST_DRAWS = 1000;

/** A request for a comparison, as the API takes it. */
export interface Request {
  record: string;
  scenarios: { name: string; text: string | null }[];
  posterior: string | null;
  draws: number;
}

interface Shown {
  record: string;
  offered: readonly Scenario[];
  calibrations: readonly Job[];
  chosen: Chosen[];
}

interface Acts {
  record: (id: string) => void;
  start: () => void;
  changed: () => void;
}

export class CompareForm {
  readonly element: HTMLElement;
  private readonly acts: Acts;
  private readonly list = h("div", { class: "columns" });
  private readonly adder = h("div", { class: "row ends" });
  private readonly told = h("div", { "aria-live": "polite" });
  private readonly record;
  private readonly posterior = h("select");
  private readonly draws = h("input", { type: "number", min: LEAST_DRAWS, max: MOST_DRAWS, step: 1, value: 100 });
  private readonly start;
  private shown: Shown = { record: "", offered: [], calibrations: [], chosen: [] };

  constructor(records: readonly RecordName[], acts: Acts) {
    this.acts = acts;
    const options = records.map((one) => h("option", { value: one.id }, one.title));
    this.record = h("select", { onchange: () => acts.record(this.record.value) }, options);
    this.start = h("button", { type: "button", class: "main", onclick: acts.start }, "Compare");
    const fields = [
      field("Record", this.record),
      field("Draws of", this.posterior),
      field("How many draws", this.draws),
    ];
    this.element = h(
      "div",
      {},
      h("div", { class: "fields wide" }, fields),
      this.list,
      this.told,
      this.adder,
      this.start,
    );
  }

  show(shown: Shown): void {
    this.shown = shown;
    this.record.value = shown.record;
    const quick = h("option", { value: "" }, "quick calibration, made first");
    fill(this.posterior, shown.calibrations.map(calibrationOption), quick);
    fill(this.told);
    this.refresh();
  }

  /** Takes draws and posterior of a job that is opened again. */
  set(request: Request): void {
    this.draws.value = String(request.draws);
    this.posterior.value = request.posterior ?? "";
  }

  request(): Request {
    return {
      record: this.shown.record,
      scenarios: this.shown.chosen.map(({ name, text, own }) => ({ name, text: own ? text : null })),
      posterior: this.posterior.value || null,
      draws: this.draws.valueAsNumber,
    };
  }

  private refresh(): void {
    fill(
      this.list,
      this.shown.chosen.map((one) => this.card(one)),
    );
    fill(
      this.adder,
      this.shown.chosen.length < MOST ? this.adding() : h("p", { class: "quiet small" }, `At most ${MOST}.`),
    );
    this.start.disabled = this.shown.chosen.length === 0;
  }

  private put(chosen: Chosen[]): void {
    this.shown.chosen = chosen;
    fill(this.told);
    this.refresh();
    this.acts.changed();
  }

  private adding(): HTMLElement[] {
    const taken = this.shown.chosen.map((one) => one.name);
    const free = this.shown.offered.filter((one) => one.fits && !taken.includes(one.name));
    const choose = h(
      "select",
      {},
      free.map((one) => h("option", { value: one.name }, one.name)),
    );
    const put = (): void => {
      const one = free.find((item) => item.name === choose.value);
      if (one) this.put([...this.shown.chosen, { ...one, own: false }]);
    };
    const file = h("input", { type: "file", accept: ".yaml,.yml", onchange: () => void this.upload(file.files?.[0]) });
    return [
      field("Add a scenario", choose),
      h("button", { type: "button", disabled: free.length === 0, onclick: put }, "Add"),
      field("or a file of your own (YAML)", file),
    ];
  }

  private async upload(file: File | undefined): Promise<void> {
    if (!file) return;
    const name = freeName(
      scenarioName(file.name),
      this.shown.chosen.map((one) => one.name),
    );
    await this.checked(name, await file.text(), (one) => this.put([...this.shown.chosen, one]));
  }

  private async checked(name: string, text: string, use: (one: Chosen) => void): Promise<void> {
    try {
      use(await checkScenario(name, text, this.shown.record));
    } catch (error) {
      fill(this.told, failure(error));
    }
  }

  /** A scenario with its file, which can be changed and kept. */
  private card(one: Chosen): HTMLElement {
    const text = h("textarea", { rows: 8, spellcheck: "false", "aria-label": `The file of ${one.name}` });
    text.value = one.text;
    const use = (): void => {
      const taken = this.shown.chosen.map((item) => item.name);
      const name = one.own ? one.name : freeName(`${one.name.slice(0, 52)}-changed`, taken);
      const replaced = (next: Chosen): void => this.put(this.shown.chosen.map((item) => (item === one ? next : item)));
      void this.checked(name, text.value, replaced);
    };
    const keep = (): void => download(text.value, `${one.name}.yaml`, "application/yaml");
    const drop = (): void => this.put(this.shown.chosen.filter((item) => item !== one));
    const act = (words: string, onclick: () => void): HTMLElement =>
      h("button", { type: "button", "aria-label": `${words}: ${one.name}`, onclick }, words);
    const element = h("fieldset", {}, h("legend", {}, one.name), h("p", { class: "small" }, one.meaning));
    const file = h(
      "details",
      {},
      h("summary", {}, "The file"),
      text,
      h("div", { class: "row" }, act("Use the changes", use)),
    );
    add(element, [file, h("div", { class: "row" }, act("Save the file", keep), act("Remove", drop))]);
    return element;
  }
}

function calibrationOption(job: Job): HTMLElement {
  const when = new Date(1000 * (job.ended ?? job.created));
  const words = when.toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return h("option", { value: job.id }, `calibration of ${words}; ${String(job.request["draws"])} draws`);
}
