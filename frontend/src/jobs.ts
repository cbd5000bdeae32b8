/** Jobs on a page: progress, cancel, run again, files. */

import { address, get, post } from "./api.ts";
import { fill, h } from "./dom.ts";
import { failure } from "./parts.ts";

export interface Job {
  id: string;
  kind: string;
  request: Record<string, unknown>;
  status: string;
  done: number;
  step: string;
  message: string;
  created: number;
  ended: number | null;
  files: string[];
}

const RUNS = new Set(["waiting", "running"]);
const EVERY_MS = 400;

/** A job that shows itself until it ends; `ended` is called when it is done. */
export function jobView(
  first: Job,
  ended: (job: Job) => void = () => undefined,
): { element: HTMLElement; leave: () => void } {
  const element = h("div", { class: "job", "aria-live": "polite" });
  let timer = 0;
  const show = (job: Job): void => {
    draw(element, job, act);
    if (RUNS.has(job.status)) timer = window.setTimeout(() => void follow(job.id), EVERY_MS);
    else if (job.status === "done") ended(job);
  };
  const follow = async (id: string): Promise<void> => {
    try {
      show(await get<Job>(`/jobs/${id}`));
    } catch (error) {
      fill(element, failure(error));
    }
  };
  const act = async (path: string): Promise<void> => {
    clearTimeout(timer);
    try {
      show(await post<Job>(path));
    } catch (error) {
      fill(element, failure(error));
    }
  };
  show(first);
  return { element, leave: () => clearTimeout(timer) };
}

/** A job that is started now. */
export async function startJob(request: Record<string, unknown>): Promise<Job> {
  return post<Job>("/jobs", request);
}

function draw(element: HTMLElement, job: Job, act: (path: string) => Promise<void>): void {
  const running = RUNS.has(job.status);
  const button = (words: string, path: string): HTMLElement =>
    h("button", { type: "button", onclick: () => void act(`/jobs/${job.id}/${path}`) }, words);
  fill(
    element,
    h(
      "div",
      { class: "row" },
      h("span", { class: `badge ${job.status}` }, job.status),
      h("span", { class: "small" }, running ? job.step : job.message),
      running ? button("Cancel", "cancel") : job.status !== "done" && button("Run again", "again"),
    ),
    running && h("progress", { max: 1, value: job.done, "aria-label": "Progress" }),
    job.files.length > 0 && filesOf(job),
  );
}

/** The files of a job; many of them are folded away, the report first. */
function filesOf(job: Job): HTMLElement {
  const link = (name: string): HTMLElement =>
    h("a", { href: address(`/jobs/${job.id}/files/${encodeURIComponent(name)}`), download: name }, name);
  const report = job.files.filter((name) => name.startsWith("report.")),
    others = job.files.filter((name) => !report.includes(name));
  const list = (names: readonly string[]): HTMLElement =>
    h(
      "ul",
      { class: "tight" },
      names.map((name) => h("li", {}, link(name))),
    );
  const folded = h(
    "details",
    {},
    h("summary", {}, `${others.length} ${report.length > 0 ? "other " : ""}files`),
    list(others),
  );
  return h("div", {}, report.length > 0 && list(report), folded);
}
