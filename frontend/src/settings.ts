/** What the reader has chosen for all pages: the unit of glucose, light or dark. Kept in this browser. */

export type Unit = "mg/dL" | "mmol/L";
export type Theme = "light" | "dark";

const listeners = new Set<() => void>();

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    /* A browser that keeps nothing still shows the page. */
  }
}

/** The unit in which glucose is shown. */
export function unit(): Unit {
  return kept("unit") === "mmol/L" ? "mmol/L" : "mg/dL";
}

/** The theme: the reader's choice, else that of the system. */
export function theme(): Theme {
  const chosen = kept("theme");
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Chooses the unit. */
export function setUnit(value: Unit): void {
  keep("unit", value);
  tell();
}

/** Chooses the theme. */
export function setTheme(value: Theme): void {
  keep("theme", value);
  applyTheme();
  tell();
}

/** Puts the theme on the page. */
export function applyTheme(): void {
  document.documentElement.dataset["theme"] = theme();
}

/** Calls back when a setting changes; returns how to stop that. */
export function onSettings(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows the system as long as nothing was chosen. */
export function followSystem(): void {
  applyTheme();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    applyTheme();
    tell();
  });
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}
