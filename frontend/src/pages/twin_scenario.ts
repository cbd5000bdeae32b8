/** What was changed on the lanes of a record, as the file of a scenario. */

import { ordersOf, writeItems, kindFor, type OrderEntry, type RecordOrder } from "./twin_items.ts";
import { BY_ID, type Habits, type Item, type Kind } from "./twin_kinds.ts";

interface Told {
  habits: Habits;
  given: { before: readonly RecordOrder[]; given: readonly RecordOrder[] } | null;
  first: (days: number) => Item[];
}

/** The YAML of the changes against what was given; nothing where nothing was changed. */
export function scenarioText(items: readonly Item[], source: Told): string | null {
  if (source.given === null) return null;
  const done = source.first(0);
  const kinds = [...new Set([...done, ...items].map((item) => item.kind))].flatMap((id) => BY_ID.get(id) ?? []);
  const changed = kinds.filter((kind) => of(kind, done) !== of(kind, items));
  if (changed.length === 0) return null;
  const taken = changed.filter((kind) => done.some((item) => item.kind === kind.id));
  const before = source.given.before.filter((order) => taken.some((kind) => kind.id === kindFor(order)?.id));
  const now = items.filter((item) => changed.some((kind) => kind.id === item.kind));
  const given = [...before.map(early), ...ordersOf(now, source.habits).map(short)];
  const names = changed.map((kind) => kind.label.toLowerCase()).join("; ");
  return [
    `meaning: "As moved on the lanes of the twin: ${names}"`,
    ...(taken.length > 0 ? [`remove: [${taken.map(nameOf).join(", ")}]`] : []),
    ...(given.length > 0 ? ["give:", ...given.map(line)] : []),
    "",
  ].join("\n");
}

const of = (kind: Kind, items: readonly Item[]): string => writeItems(items.filter((item) => item.kind === kind.id));

/** The name under which the record gives it: a procedure with its site, a drug alone. */
function nameOf(kind: Kind): string {
  return kind.bar ? bare(kind.give) : kind.give;
}

const bare = (give: string): string => give.slice(give.indexOf(".") + 1);

/** What was given before day 0 stays as it was. */
function early(order: RecordOrder): OrderEntry {
  const amount = order.unit === "1" ? String(order.amount) : `${order.amount} ${order.unit}`;
  const days = (minutes: number): string => `${(minutes / 1440).toFixed(5)} d`;
  return order.stop === null
    ? { give: order.what, amount, at: days(order.start) }
    : { give: order.what, amount, from: days(order.start), to: days(order.stop) };
}

function short(order: OrderEntry): OrderEntry {
  return /embolize|ablate|resect/.test(order.give) ? order : { ...order, give: bare(order.give) };
}

function line(order: OrderEntry): string {
  const parts = Object.entries(order).map(([key, value]) => `${key}: '${String(value)}'`);
  return `- {${parts.join(", ")}}`;
}
