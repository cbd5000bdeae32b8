/** Treatments on the lanes of the twin: what they are, the orders that they become, the address that keeps them. */
import { BY_ID, KINDS, kindOf, placeOf, type Habits, type Item, type Kind } from "./twin_kinds.ts";

export interface OrderEntry {
  give: string;
  amount: string;
  at?: string;
  from?: string;
  to?: string;
  every?: string;
  times?: number;
}

/** An order of a record, as the server tells it. */
export interface RecordOrder {
  what: string;
  amount: number;
  unit: string;
  start: number;
  stop: number | null;
  every: number;
  times: number;
  fact: string;
}

/** How a subject lives, as items. */
export function habitItems(habits: Habits, days: number): Item[] {
  const found: Item[] = [];
  if (habits.meals.length > 0)
    found.push({ kind: "meals", start: 0, stop: days, amount: habits.carbohydrate_g_per_kg });
  if (habits.dextrose_mg_per_kg_min > 0)
    found.push({ kind: "dextrose", start: 0, stop: days, amount: habits.dextrose_mg_per_kg_min });
  return found;
}

const FIVE: [number, number][] = [
  [7, 0.2],
  [10, 0.12],
  [13, 0.28],
  [18, 0.28],
  [22, 0.12],
];

/** The orders that items become. */
export function ordersOf(items: readonly Item[], habits: Habits): OrderEntry[] {
  return items
    .filter((item) => item.amount > 0 && (!kindOf(item).bar || item.stop > item.start))
    .flatMap((item) => {
      const kind = kindOf(item);
      if (kind.id === "meals") return mealOrders(item, habits);
      const give = placeOf(kind, habits) ?? kind.give;
      if (!kind.bar) return [{ give, amount: String(item.amount), at: at(item.start) }];
      if (!kind.doses)
        return [{ give, amount: `${item.amount} ${kind.unit}`, from: at(item.start), to: at(item.stop) }];
      const times = Math.max(1, Math.round((item.stop - item.start) * kind.doses));
      const single = kind.id === "rescue" ? item.amount : item.amount / kind.doses;
      return [
        {
          give,
          amount: `${single.toFixed(4)} ${kind.unit.split(/[ /]/)[0]}`,
          at: at(item.start),
          every: `${24 / kind.doses} h`,
          times,
        },
      ];
    });
}

function mealOrders(item: Item, habits: Habits): OrderEntry[] {
  const meals = habits.meals.length > 0 ? habits.meals : FIVE;
  return meals.flatMap(([hour, share]) => {
    const first = Math.ceil(item.start - hour / 24 - 1e-9) + hour / 24;
    const times = Math.floor(item.stop - first - 1e-9) + 1;
    const grams = share * item.amount * habits.weight_kg;
    return times > 0
      ? [{ give: "absorption.meal", amount: `${grams.toFixed(4)} g`, at: at(first), every: "1 d", times }]
      : [];
  });
}

const at = (day: number): string => `${(day * 24).toFixed(4)} h`;

/** The lane of an order, if there is one. */
export function kindFor(order: RecordOrder): Kind | undefined {
  return KINDS.find((one) => one.give === order.what || one.give.endsWith(`.${order.what}`));
}

/** Orders of a record that have no lane. */
export function unplaced(orders: readonly RecordOrder[]): RecordOrder[] {
  return orders.filter((order) => !kindFor(order));
}

/** An order of a record in the words of a regimen file. */
export function orderEntry(order: RecordOrder): OrderEntry {
  const amount = order.unit === "1" ? String(order.amount) : `${order.amount} ${order.unit}`;
  const when =
    order.stop === null ? { at: `${order.start} min` } : { from: `${order.start} min`, to: `${order.stop} min` };
  const often = order.times > 1 ? { every: `${order.every} min`, times: order.times } : {};
  return { give: order.what, amount, ...when, ...often };
}

/** Items of the orders of a record. */
export function itemsOf(orders: readonly RecordOrder[], habits: Habits): Item[] {
  const meals = new Map<string, Item>();
  const found: Item[] = [];
  for (const order of orders) {
    const kind = kindFor(order);
    if (!kind) continue;
    const day = order.start / 1440,
      stop = order.stop === null ? day + (order.every * order.times) / 1440 : order.stop / 1440;
    if (kind.id === "meals") {
      const key = `${Math.floor(day)} ${order.times}`;
      const item = meals.get(key) ?? {
        kind: "meals",
        start: Math.floor(day),
        stop: Math.floor(day) + order.times,
        amount: 0,
      };
      item.amount += order.amount / habits.weight_kg;
      meals.set(key, item);
    } else if (!kind.bar) {
      for (let count = 0; count < order.times; count += 1)
        found.push({ kind: kind.id, start: day + (count * order.every) / 1440, stop: day, amount: order.amount });
    } else {
      const daily = kind.doses && kind.id !== "rescue" ? order.amount * (1440 / order.every) : order.amount;
      found.push({ kind: kind.id, start: day, stop, amount: daily });
    }
  }
  return [...[...meals.values()].map((item) => ({ ...item, amount: Number(item.amount.toFixed(3)) })), ...found];
}

/** Items as they stand in an address. */
export function writeItems(items: readonly Item[]): string {
  const short = (value: number): string => String(Number(value.toFixed(3)));
  return items.map((item) => [item.kind, short(item.start), short(item.stop), short(item.amount)].join("~")).join("!");
}

/** Items of an address; what cannot be read is left out. */
export function readItems(text: string): Item[] {
  return text.split("!").flatMap((part) => {
    const [kind = "", ...numbers] = part.split("~");
    const [start, stop, amount] = numbers.map(Number);
    const fine =
      BY_ID.has(kind) && [start, stop, amount].every((value) => value !== undefined && Number.isFinite(value));
    return fine ? [{ kind, start: start ?? 0, stop: stop ?? 0, amount: amount ?? 0 }] : [];
  });
}
