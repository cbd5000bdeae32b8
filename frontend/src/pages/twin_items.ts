/** Treatments on the lanes of the twin: what they are, the orders that they become, the address that keeps them. */

export interface Kind {
  id: string;
  label: string;
  give: string;
  unit: string;
  low: number;
  high: number;
  step: number;
  usual: number;
  /** A bar lasts from a day to a day; a point is done at one moment. */
  bar: boolean;
  /** Doses a day; an infusion has none. */
  doses?: number;
  color: string;
}

/** A treatment: days count from the first midnight that is shown. */
export interface Item {
  kind: string;
  start: number;
  stop: number;
  amount: number;
}

export interface Habits {
  subject: string;
  weight_kg: number;
  carbohydrate_g_per_kg: number;
  meals: [number, number][];
  dextrose_mg_per_kg_min: number;
  orders: Record<string, string>;
}

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

const DEXTROSE = "#E69F00",
  OPENER = "#56B4E9",
  ANALOG = "#0072B2",
  OTHER = "#D55E00",
  SLOW = "#009E73",
  DONE = "#CC79A7";
const part = { unit: "of the site", low: 0, high: 1, step: 0.05, usual: 1, bar: false, color: DONE };

export const KINDS: readonly Kind[] = [
  {
    id: "meals",
    label: "Meals",
    give: "absorption.meal",
    unit: "g/kg a day",
    low: 0,
    high: 8,
    step: 0.1,
    usual: 3.6,
    bar: true,
    doses: 5,
    color: DEXTROSE,
  },
  {
    id: "dextrose",
    label: "Dextrose i.v.",
    give: "dextrose.dextrose",
    unit: "mg/kg/min",
    low: 0,
    high: 15,
    step: 0.1,
    usual: 3,
    bar: true,
    color: DEXTROSE,
  },
  {
    id: "nutrition",
    label: "Parenteral nutrition",
    give: "dextrose.parenteral_nutrition",
    unit: "g/d",
    low: 0,
    high: 600,
    step: 5,
    usual: 240,
    bar: true,
    color: DEXTROSE,
  },
  {
    id: "rescue",
    label: "Rescue glucose",
    give: "absorption.drink",
    unit: "g a dose",
    low: 0,
    high: 60,
    step: 5,
    usual: 20,
    bar: true,
    doses: 2,
    color: DEXTROSE,
  },
  {
    id: "diazoxide",
    label: "Diazoxide",
    give: "diazoxide.diazoxide",
    unit: "mg/d",
    low: 0,
    high: 1200,
    step: 15,
    usual: 300,
    bar: true,
    doses: 3,
    color: OPENER,
  },
  {
    id: "octreotide",
    label: "Octreotide s.c. drip",
    give: "octreotide.octreotide_sc_drip",
    unit: "ug/h",
    low: 0,
    high: 100,
    step: 1,
    usual: 20,
    bar: true,
    color: ANALOG,
  },
  {
    id: "glucagon",
    label: "Glucagon drip",
    give: "glucagon.glucagon_drip",
    unit: "mg/h",
    low: 0,
    high: 0.5,
    step: 0.01,
    usual: 0.1,
    bar: true,
    color: OTHER,
  },
  {
    id: "prednisolone",
    label: "Prednisolone",
    give: "glucocorticoid.prednisolone",
    unit: "mg/d",
    low: 0,
    high: 100,
    step: 5,
    usual: 40,
    bar: true,
    doses: 1,
    color: OTHER,
  },
  {
    id: "everolimus",
    label: "Everolimus",
    give: "everolimus.everolimus",
    unit: "mg/d",
    low: 0,
    high: 10,
    step: 0.5,
    usual: 10,
    bar: true,
    doses: 1,
    color: SLOW,
  },
  { ...part, id: "embolize_right", label: "Embolization, right lobe", give: "right_lobe.embolize" },
  { ...part, id: "embolize_left", label: "Embolization, left lobe", give: "left_lobe.embolize" },
  { ...part, id: "ablate_right", label: "Ablation, right lobe", give: "right_lobe.ablate" },
  { ...part, id: "ablate_primary", label: "Ablation, primary", give: "primary.ablate" },
  { ...part, id: "resect_primary", label: "Resection, primary", give: "primary.resect" },
  {
    ...part,
    id: "etoposide_cisplatin",
    label: "Etoposide + cisplatin",
    give: "etoposide_cisplatin.etoposide_cisplatin",
    unit: "of the full dose",
    color: SLOW,
  },
];

const BY_ID = new Map(KINDS.map((kind) => [kind.id, kind]));

/** The kind of an item. */
export function kindOf(item: Item): Kind {
  const found = BY_ID.get(item.kind);
  if (!found) throw new Error(`There is no treatment ${item.kind}.`);
  return found;
}

/** The kinds that can be given or done to a subject. */
export function kindsFor(habits: Habits): Kind[] {
  return KINDS.filter((kind) => kind.give in habits.orders);
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
      if (!kind.bar) return [{ give: kind.give, amount: String(item.amount), at: at(item.start) }];
      if (!kind.doses)
        return [{ give: kind.give, amount: `${item.amount} ${kind.unit}`, from: at(item.start), to: at(item.stop) }];
      const times = Math.max(1, Math.round((item.stop - item.start) * kind.doses));
      const single = kind.id === "rescue" ? item.amount : item.amount / kind.doses;
      return [
        {
          give: kind.give,
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

/** Items of the orders of a record. */
export function itemsOf(orders: readonly RecordOrder[], habits: Habits): Item[] {
  const meals = new Map<string, Item>();
  const found: Item[] = [];
  for (const order of orders) {
    const kind = KINDS.find((one) => one.give === order.what || one.give.endsWith(`.${order.what}`));
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
