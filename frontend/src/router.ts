/** The address of a view: `#/page/part?name=value`. It stays in the browser and holds no data of a patient. */

export interface Route {
  page: string;
  parts: string[];
  query: URLSearchParams;
}

/** The view that an address names. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page = "", ...parts] = path.split("/").map(decoded);
  return { page: page || "case", parts: parts.filter((part) => part !== ""), query: new URLSearchParams(query) };
}

/** The address of a view. */
export function addressOf(page: string, parts: readonly string[] = [], query: Record<string, string> = {}): string {
  const path = [page, ...parts].map(encodeURIComponent).join("/");
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `#/${path}${search ? `?${search}` : ""}`;
}

/** Changes the query of a page without opening it anew; nothing when the address is one of another page by now. */
export function keepInAddress(page: string, query: Record<string, string>): void {
  const route = parseRoute(location.hash);
  if (route.page !== page) return;
  const merged = { ...Object.fromEntries(route.query), ...query };
  history.replaceState(null, "", addressOf(route.page, route.parts, merged));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
