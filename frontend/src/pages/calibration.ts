/** The calibration of a record: started as a job, followed, canceled; its diagnostics when it is done. */

import { get } from "../api.ts";
import { fill, h } from "../dom.ts";
import { jobView, startJob, type Job } from "../jobs.ts";
import { failure, field, panel, select } from "../parts.ts";
import { onSettings } from "../settings.ts";
import { calibrationView, type Calibration } from "./calibration_result.ts";
import { calibrations } from "./twin_source.ts";

interface Effort {
  words: string;
  request: Record<string, string | number>;
}

const EFFORTS: Record<string, Effort> = {
  quick: { words: "Quick: 200 draws, some minutes", request: { draws: 200, method: "importance", rounds: 3 } },
  full: { words: "Full: 400 draws, until its diagnostics hold", request: { draws: 400, method: "auto", rounds: 12 } },
};

/** The section that calibrates a record; `done` is called when a calibration is there. */
export function calibrationPanel(record: string, done: () => void): { element: HTMLElement; leave: () => void } {
  const place = h("div"),
    result = h("div");
  let effort = EFFORTS["quick"];
  let leave = (): void => undefined,
    found: Calibration | null = null;
  const draw = (): void => fill(result, found && calibrationView(found));
  const stop = onSettings(draw);
  const show = async (job: Job): Promise<void> => {
    try {
      found = await get<Calibration>(`/jobs/${job.id}/files/result.json`);
      draw();
    } catch (error) {
      fill(result, failure(error));
    }
  };
  const follow = (job: Job): void => {
    leave();
    const view = jobView(job, (ended) => {
      done();
      void show(ended);
    });
    leave = view.leave;
    found = null;
    draw();
    fill(place, view.element);
  };
  const start = async (): Promise<void> => {
    try {
      follow(await startJob({ kind: "calibrate", record, ...effort?.request }));
    } catch (error) {
      fill(place, failure(error));
    }
  };
  void calibrations(record).then(([last]) => last && follow(last));
  const choose = select(
    Object.entries(EFFORTS).map(([name, { words }]) => [name, words] as const),
    "quick",
    (name) => {
      effort = EFFORTS[name];
    },
  );
  const about =
    "Infers the parameters of this patient from all facts of the record. It runs as a job and goes on when you leave this page.";
  const button = h("button", { type: "button", class: "main", onclick: () => void start() }, "Calibrate");
  const form = h("div", { class: "row ends" }, field("How thoroughly", choose), button);
  return {
    element: panel("calibration", "Calibration to the record", h("p", {}, about), form, place, result),
    leave: () => {
      leave();
      stop();
    },
  };
}
