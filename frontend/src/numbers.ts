/** Numbers and words for people. */

const MG_DL_PER_MMOL_L = 18.016;

/** A number with so many significant digits and without an exponent, absent as a dash. */
export function digits(value: number | null | undefined, count = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const places = Math.max(0, count - 1 - Math.floor(Math.log10(Math.abs(value))));
  return Number(value.toFixed(Math.min(places, 8))).toLocaleString("en-US", { maximumFractionDigits: 8 });
}

/** Glucose in mg/dL in another unit. */
export function glucoseIn(unit: string, mgDl: number): number {
  return unit === "mmol/L" ? mgDl / MG_DL_PER_MMOL_L : mgDl;
}

/** The unit in which a quantity is drawn, and the factor to it from its own: glucose in the one that was chosen. */
export function scaleOf(isGlucose: boolean, chosen: string, own: string): { name: string; factor: number } {
  return isGlucose && chosen === "mmol/L" ? { name: chosen, factor: glucoseIn(chosen, 1) } : { name: own, factor: 1 };
}

/** A name of the JSON in words: `who_2022` is "WHO 2022". */
export function inWords(name: string): string {
  const words = name.replaceAll("_", " ").replaceAll("-", " ");
  const known = words
    .replace(/^who\b/, "WHO")
    .replace(/^ajcc\b/, "AJCC")
    .replace(/^enets\b/, "ENETS")
    .replace(/^recist 1 1/, "RECIST 1.1")
    .replace(/^mrecist/, "mRECIST")
    .replace(/^easl/, "EASL")
    .replace(/^homa (b|ir)$/, (_, part: string) => `HOMA-${part.toUpperCase()}`)
    .replace(/\bc peptide\b/, "C-peptide");
  return known.charAt(0) === known.charAt(0).toUpperCase() || known.startsWith("mRECIST")
    ? known
    : known.charAt(0).toUpperCase() + known.slice(1);
}

/** Units and limits of the JSON as they are printed: `>= 3.0 uU/mL` is "≥ 3.0 µU/mL". */
export function printed(text: string): string {
  return text
    .replaceAll(">=", "≥")
    .replaceAll("<=", "≤")
    .replace(/\bu(?=U\b|g\b|mol\b|L\b)/g, "µ");
}

/** Names of the JSON within a text, in words. */
export function spaced(text: string): string {
  return text.replace(/(?<=[a-z0-9])_(?=[a-z0-9])/g, " ");
}

/** Minutes as people say them. */
export function duration(minutes: number): string {
  if (minutes < 120) return `${digits(minutes)} min`;
  if (minutes < 2 * 1440) return `${digits(minutes / 60)} h`;
  return `${digits(minutes / 1440)} days`;
}

/** Rows as CSV text: quoted where needed, and nothing that a spreadsheet would run. */
export function csv(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [columns, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
}

/** The rows of a CSV text, the head first. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
