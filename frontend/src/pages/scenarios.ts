/** Scenarios on their way between pages: what one page hands over, and how a file becomes one. */

import { post } from "../api.ts";

export interface Scenario {
  name: string;
  meaning: string;
  text: string;
  fits: boolean;
}

/** A scenario of one's own: its text is sent with the job, one that ships is sent by name. */
export interface Chosen extends Scenario {
  own: boolean;
}

interface Handed {
  record: string;
  name: string;
  text: string;
}

const KEY = "scenario";

/** Keeps a scenario for the page that is opened next, in this tab alone. */
export function handOver(scenario: Handed): void {
  sessionStorage.setItem(KEY, JSON.stringify(scenario));
}

/** Takes what was handed over for a record, once. */
export function handed(record: string): Handed | null {
  const kept = sessionStorage.getItem(KEY);
  if (kept === null) return null;
  const found = JSON.parse(kept) as Handed;
  if (found.record !== record) return null;
  sessionStorage.removeItem(KEY);
  return found;
}

/** A name of a file as that of a scenario: small letters, digits and dashes. */
export function scenarioName(file: string): string {
  const name = file
    .replace(/\.ya?ml$/i, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return name === "" || name === "as-done" ? "my-scenario" : name;
}

/** A name that no other scenario has. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let count = 2; ; count += 1) {
    const next = `${name.slice(0, 57)}-${count}`;
    if (!taken.includes(next)) return next;
  }
}

/** The scenario of a text for a record; a refusal lists its faults by line. */
export async function checkScenario(name: string, text: string, record: string): Promise<Chosen> {
  return { ...(await post<Scenario>("/scenarios", { name, text, record })), own: true };
}
