/** The fields of the form, and the record that they make. */

export type Item = Record<string, string>;
export interface Form {
  head: Item;
  items: Record<string, Item[]>;
}

export interface Column {
  name: string;
  label: string;
  table?: string;
  choices?: readonly string[];
  example?: string;
  number?: boolean;
}

export type Vocabulary = Record<string, { name: string; label: string; units?: string[] }[]>;

const WHEN: Column = { name: "when", label: "When", example: "day 12, after day 61, unknown" };
const SOURCE: Column = { name: "source", label: "Source", example: "source:12 or source p. 4" };
const NOTE: Column = { name: "note", label: "Note" };
const ID: Column = { name: "id", label: "Id", example: "small letters and hyphens" };

/** Fields of the case itself. */
export const FIXED: readonly Column[] = [
  { name: "id", label: "Id of the record", example: "smith-2026" },
  { name: "title", label: "Title", example: "One line on the case" },
  { name: "kind", label: "Kind of source", example: "case report, chart" },
  { name: "day_zero", label: "What day 0 is", example: "admission" },
  { name: "age", label: "Age in years", number: true },
  { name: "sex", label: "Sex", choices: ["female", "male"] },
  { name: "source", label: "Source of age and sex", example: "source:1" },
];

/** The sections that can be filled in, and their fields. */
export const SECTIONS: Record<string, { title: string; one: string; columns: readonly Column[] }> = {
  measurements: {
    title: "Measurements",
    one: "Measurement",
    columns: [
      { name: "analyte", label: "Analyte", table: "analytes" },
      { name: "value", label: "Value", number: true, example: "54" },
      { name: "unit", label: "Unit, as printed", example: "mg/dL" },
      WHEN,
      SOURCE,
      { name: "sample", label: "Sample (drawn together)" },
      { name: "condition", label: "Condition" },
      NOTE,
    ],
  },
  treatments: {
    title: "Treatments",
    one: "Treatment",
    columns: [
      ID,
      { name: "treatment", label: "Treatment", table: "treatments" },
      { name: "dose", label: "Dose", example: "300 mg/day" },
      WHEN,
      { name: "start", label: "Start" },
      { name: "stop", label: "Stop" },
      { name: "response", label: "Response", choices: ["effective", "partial", "not effective", "not evaluable"] },
      { name: "site", label: "Site", table: "sites" },
      SOURCE,
      NOTE,
    ],
  },
  findings: {
    title: "Findings",
    one: "Finding",
    columns: [
      { name: "finding", label: "Finding", table: "findings" },
      { name: "present", label: "Present", choices: ["true", "false"] },
      WHEN,
      SOURCE,
      NOTE,
    ],
  },
  events: {
    title: "Events",
    one: "Event",
    columns: [
      ID,
      { name: "event", label: "Event", table: "events" },
      WHEN,
      { name: "cause", label: "Cause" },
      SOURCE,
      NOTE,
    ],
  },
};

/** An item with nothing in it. */
export function newItem(): Item {
  return {};
}

/** A number where the text is one; otherwise the text, so that the check can say what is wrong with it. */
export function numberOr(text: string | undefined): string | number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  return /^[-+]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
}

/** The data of the record that a form makes; empty fields are left out by the server. */
export function draftOf(form: Form): Record<string, unknown> {
  const { id, title, kind, day_zero, age, sex, source } = form.head;
  const items = Object.fromEntries(
    Object.entries(form.items).map(([name, list]) => [name, list.map((item) => typed(name, item))]),
  );
  return {
    schema: "insulinoma-case/1",
    id,
    title,
    documents: { source: { kind: kind || undefined } },
    clock: { day_zero },
    patient: {
      ...(age?.trim() ? { age: { years: numberOr(age), source } } : {}),
      ...(sex ? { sex: { value: sex, source } } : {}),
    },
    ...items,
  };
}

function typed(section: string, item: Item): Record<string, unknown> {
  const data: Record<string, unknown> = { ...item };
  if (section === "measurements") data["value"] = numberOr(item["value"]);
  if (item["present"]) data["present"] = item["present"] === "true";
  return data;
}
