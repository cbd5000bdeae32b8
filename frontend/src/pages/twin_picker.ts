/** Who is shown on the page of the twin, for how long, and the way from there to a comparison. */

import { h, type Child } from "../dom.ts";
import { field } from "../parts.ts";
import { addressOf } from "../router.ts";
import type { Catalog } from "./protocols.ts";
import { handOver } from "./scenarios.ts";
import { scenarioText } from "./twin_scenario.ts";
import type { Item } from "./twin_kinds.ts";
import type { Source } from "./twin_source.ts";

export interface RecordName {
  id: string;
  title: string;
  shipped: boolean;
}

export const WINDOWS: readonly number[] = [3, 7, 14, 28, 157];
const MOST_DAYS = 160,
  RECORD = "record:";

/** The lengths that can be shown: those of a record end with its own. */
export function windowsOf(source: Source): number[] {
  if (source.given === null) return [...WINDOWS];
  const whole = Math.min(Math.max(source.given.days, 1), MOST_DAYS);
  return [...WINDOWS.filter((days) => days < 0.9 * whole), whole];
}

interface State {
  catalog: Catalog;
  records: readonly RecordName[];
  source: Source;
  days: number;
}

interface Acts {
  subject: (name: string) => void;
  record: (id: string) => void;
  days: (days: number) => void;
}

/** The choices above the course. */
export function picker(state: State, items: () => readonly Item[], acts: Acts): Child[] {
  const { source } = state;
  const who = h(
    "select",
    {
      onchange: () =>
        who.value.startsWith(RECORD) ? acts.record(who.value.slice(RECORD.length)) : acts.subject(who.value),
    },
    h(
      "optgroup",
      { label: "Subjects of the model" },
      state.catalog.subjects.map((one) => option(one.name, one.name)),
    ),
    h(
      "optgroup",
      { label: "Records" },
      state.records.map((one) => option(RECORD + one.id, one.title)),
    ),
  );
  who.value = source.record === null ? source.habits.subject : RECORD + source.record;
  const days = h(
    "select",
    { onchange: () => acts.days(Number(days.value)) },
    windowsOf(source).map((count) => option(String(count), `${count} days`)),
  );
  days.value = String(state.days);
  return [field("Whose twin", who), field("Shown", days), source.record !== null && compareButton(source, items)];
}

function option(value: string, words: string): HTMLElement {
  return h("option", { value }, words);
}

/** Takes what is on the lanes to the page that compares it with what was done. */
function compareButton(source: Source, items: () => readonly Item[]): HTMLElement {
  const go = (): void => {
    const record = source.record ?? "",
      text = scenarioText(items(), source);
    if (text !== null) handOver({ record, name: "from-the-twin", text });
    location.hash = addressOf("compare", [], { record });
  };
  return h("button", { type: "button", onclick: go }, "Compare with what was done");
}
