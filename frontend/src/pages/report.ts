/** The report of a case, and its record in other formats, to keep. */

import { address, get } from "../api.ts";
import { fill, h } from "../dom.ts";
import { jobView, startJob, type Job } from "../jobs.ts";
import { failure, panel } from "../parts.ts";
import { unit } from "../settings.ts";

const FORMATS = [
  ["yaml", "YAML"],
  ["fhir", "FHIR R4"],
  ["phenopacket", "Phenopacket"],
] as const;

/** The section of a case that makes the report. */
export function reportPanel(id: string): { element: HTMLElement; leave: () => void } {
  const place = h("div");
  let leave = (): void => undefined;
  const follow = (job: Job): void => {
    leave();
    const view = jobView(job);
    leave = view.leave;
    fill(place, view.element);
  };
  const make = async (): Promise<void> => {
    try {
      follow(await startJob({ kind: "report", record: id, glucose_unit: unit() }));
    } catch (error) {
      fill(place, failure(error));
    }
  };
  void lastReport(id).then((job) => job && follow(job));
  const path = `/records/${encodeURIComponent(id)}`;
  const element = panel(
    "report",
    "Report",
    h("p", {}, "The whole report as a page (HTML) and for print (PDF), with every figure and table."),
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", class: "main", onclick: () => void make() }, "Make the report"),
      h("span", { class: "quiet small" }, "The record as"),
      FORMATS.map(([form, words]) =>
        h("a", { class: "button", href: address(`${path}/convert/${form}`), download: "" }, words),
      ),
    ),
    place,
  );
  return { element, leave: () => leave() };
}

async function lastReport(id: string): Promise<Job | undefined> {
  const { jobs } = await get<{ jobs: Job[] }>("/jobs");
  return jobs.find((job) => job.kind === "report" && job.request["record"] === id);
}
