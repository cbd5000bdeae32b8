/** The lanes of the twin: treatments that are dragged by hand or moved by keys. */

import { fill, svg } from "../dom.ts";
import { digits } from "../numbers.ts";
import { inks } from "../charts/palette.ts";
import { amountOf, kindOf, type Item } from "./twin_kinds.ts";

const ROW = 34,
  LEFT = 58,
  RIGHT = 16,
  GRIP = 9;

export interface Lanes {
  element: SVGSVGElement;
  draw: (items: readonly Item[], days: number, width: number) => void;
}

type Edge = "start" | "stop" | "both";

/** Lanes that call back while an item moves; a double click on a free place of a lane adds one like the others there. */
export function lanes(moved: (item: Item) => void, removed: (item: Item) => void, added: (item: Item) => void): Lanes {
  let another = (_: MouseEvent): void => undefined;
  const ondblclick = (event: Event): void => another(event as MouseEvent);
  const element = svg("svg", { class: "lanes", role: "group", "aria-label": "Treatments over time", ondblclick });
  const draw = (items: readonly Item[], days: number, width: number): void => {
    const scale = (width - LEFT - RIGHT) / days;
    const kinds = [...new Set(items.filter((item) => item.start < days).map((item) => item.kind))];
    another = (event): void => {
      if (event.target !== element) return;
      const box = element.getBoundingClientRect();
      const kind = kinds[Math.floor((event.clientY - box.top) / ROW)],
        like = items.filter((item) => item.kind === kind).at(-1);
      if (like) added(placedAt(like, ((event.clientX - box.left) / box.width) * width - LEFT, scale, days));
    };
    element.setAttribute("viewBox", `0 0 ${width} ${kinds.length * ROW + 4}`);
    element.setAttribute("height", String(kinds.length * ROW + 4));
    const focused = element.querySelector(":focus")?.getAttribute("data-item");
    fill(
      element,
      svg("line", { x1: LEFT, x2: LEFT, y1: 0, y2: kinds.length * ROW, stroke: inks().line }),
      items.map((item, at) => {
        if (item.start >= days) return null;
        const y = kinds.indexOf(item.kind) * ROW;
        const next = Math.min(
          ...items.filter((other) => other.kind === item.kind && other.start > item.start).map((other) => other.start),
        );
        const before = items.some((other) => other.kind === item.kind && other.start < item.start);
        const end = Number.isFinite(next) ? next : before ? days : Infinity;
        const room = (end - Math.max(item.start, 0)) * scale - (end === days ? 0 : 8);
        return itemView({ item, room, at, y, scale, days, moved, removed });
      }),
    );
    if (focused) element.querySelector<SVGElement>(`[data-item="${focused}"]`)?.focus();
  };
  return { element, draw };
}

/** An item like another one, with its beginning so many pixels from day 0. */
function placedAt(like: Item, x: number, scale: number, days: number): Item {
  const start = snapped(Math.min(Math.max(x / scale, 0), days - HOUR), days);
  return { ...like, start, stop: kindOf(like).bar ? Math.min(start + days / 4, days) : 0 };
}

interface Placed {
  item: Item;
  /** Pixels to the next treatment of the lane, or to the end of the lane. */
  room: number;
  at: number;
  y: number;
  scale: number;
  days: number;
  moved: (item: Item) => void;
  removed: (item: Item) => void;
}

function itemView(placed: Placed): SVGGElement {
  const { item, at, y, scale, days } = placed,
    kind = kindOf(item);
  const x = (day: number): number => LEFT + Math.min(Math.max(day, 0), days) * scale;
  const amount = amountOf(kind, item.amount),
    until = kind.bar ? ` to ${digits(item.stop)}` : "";
  const group = svg("g", {
    tabindex: 0,
    role: "slider",
    "data-item": at,
    "aria-label": kind.label,
    "aria-valuemin": 0,
    "aria-valuemax": days,
    "aria-valuenow": Number(item.start.toFixed(2)),
    "aria-valuetext": `${amount}, day ${digits(item.start)}${until}`,
    onkeydown: (event) => keyed(event as KeyboardEvent, placed),
  });
  group.append(...(kind.bar ? barView(placed, x(item.start), x(item.stop)) : pointView(placed, x(item.start))));
  const label = labelOf(placed, x(item.start), y);
  if (label) group.append(label);
  return group;
}

function pointView(placed: Placed, x: number): SVGElement[] {
  const y = placed.y + ROW - 12,
    points = `${x},${y - 9} ${x + 9},${y} ${x},${y + 9} ${x - 9},${y}`;
  const look = { points, fill: kindOf(placed.item).color, class: "grip" };
  return [svg("polygon", { ...look, onpointerdown: drag(placed, "both") })];
}

/** A bar, and a grip at each of its ends. */
function barView(placed: Placed, x0: number, x1: number): SVGElement[] {
  const y = placed.y + ROW - 12,
    color = kindOf(placed.item).color;
  const body = { x: x0, y: y - 6, width: Math.max(x1 - x0, 2), height: 12, rx: 2, fill: color, class: "grip" };
  const grip = { y: y - 9, width: GRIP, height: 18, rx: 3, fill: inks().paper, stroke: color, "stroke-width": 2 };
  const end = (x: number, edge: Edge): SVGElement =>
    svg("rect", { ...grip, x: x - GRIP / 2, class: "grip", onpointerdown: drag(placed, edge) });
  return [svg("rect", { ...body, onpointerdown: drag(placed, "both") }), end(x0, "start"), end(x1, "stop")];
}

/** What is written over a treatment: name and amount, or the amount alone, or nothing, as there is room. */
function labelOf(placed: Placed, x0: number, y: number): SVGTextElement | null {
  const { item, room, scale, days } = placed,
    kind = kindOf(item);
  const amount = amountOf(kind, item.amount);
  const words = [`${kind.label}, ${amount}`, amount, amount.split(" of ")[0] ?? ""].find(
    (one) => one.length * 6.4 <= room,
  );
  const end = LEFT + days * scale;
  return words
    ? svg("text", { x: Math.max(LEFT, Math.min(x0, end - words.length * 6.4)) + GRIP, y: y + 11 }, words)
    : null;
}

const HOUR = 1 / 24;

function snapped(day: number, days: number): number {
  const step = days > 30 ? 0.25 : HOUR;
  return Math.round(day / step) * step;
}

/** Moves an item by so many days at one of its edges, or whole; a bar keeps at least an hour. */
export function shifted(item: Item, edge: Edge, by: number, days: number): Item {
  const move = (day: number): number => Math.min(Math.max(snapped(day + by, days), 0), days);
  if (edge === "start") return { ...item, start: Math.min(move(item.start), item.stop - HOUR) };
  if (edge === "stop") return { ...item, stop: Math.max(move(item.stop), item.start + HOUR) };
  const start = move(item.start);
  return { ...item, start, stop: item.stop + (start - item.start) };
}

function drag(placed: Placed, edge: Edge) {
  return (event: Event): void => {
    const first = event as PointerEvent,
      from = { ...placed.item };
    first.preventDefault();
    const ratio =
      ((first.target as SVGElement).ownerSVGElement?.getBoundingClientRect().width ?? 1) /
      ((first.target as SVGElement).ownerSVGElement?.viewBox.baseVal.width || 1);
    const follow = (next: PointerEvent): void => {
      Object.assign(
        placed.item,
        shifted(from, edge, (next.clientX - first.clientX) / ratio / placed.scale, placed.days),
      );
      placed.moved(placed.item);
    };
    const end = (): void => {
      removeEventListener("pointermove", follow);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
    };
    addEventListener("pointermove", follow);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  };
}

function keyed(event: KeyboardEvent, placed: Placed): void {
  const { item, days, moved, removed } = placed,
    kind = kindOf(item);
  const step = (days > 30 ? 1 : 0.25) * (event.key === "ArrowLeft" ? -1 : 1);
  if (event.key === "ArrowLeft" || event.key === "ArrowRight")
    Object.assign(item, shifted(item, event.shiftKey && kind.bar ? "stop" : "both", step, days));
  else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    const amount = item.amount + kind.step * (event.key === "ArrowUp" ? 1 : -1);
    item.amount = Number(Math.min(Math.max(amount, kind.low), kind.high).toFixed(3));
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    return removed(item);
  } else return;
  event.preventDefault();
  moved(item);
}
