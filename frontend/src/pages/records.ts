/** Records to open: those that ship, those that were uploaded, and the upload of another. */

import { get, remove, upload } from "../api.ts";
import { fill, h } from "../dom.ts";
import type { Page } from "../main.ts";
import { failure, panel, table } from "../parts.ts";
import { addressOf } from "../router.ts";

interface RecordItem {
  id: string;
  title: string;
  file: string;
  shipped: boolean;
  added: number | null;
}

interface Added {
  id: string;
  check: {
    file: string;
    not_read?: { place: string; what: string; why: string }[];
    record: { id: string; facts: Record<string, number> };
  };
}

/** Opens the list of records. */
export async function openRecords(): Promise<Page> {
  const list = h("div");
  const show = async (): Promise<void> => {
    const { records } = await get<{ records: RecordItem[] }>("/records");
    fill(
      list,
      table(
        "Records",
        ["Record", "File", "Added", ""],
        records.map((one) => [
          h("a", { href: addressOf("case", [one.id]) }, one.title),
          one.file,
          one.shipped
            ? "ships with the program"
            : one.added === null
              ? ""
              : new Date(one.added * 1000).toLocaleString(),
          one.shipped
            ? ""
            : h(
                "button",
                { type: "button", "aria-label": `Remove ${one.title}`, onclick: () => void drop(one) },
                "Remove",
              ),
        ]),
      ),
    );
  };
  const drop = async (one: RecordItem): Promise<void> => {
    if (!confirm("Remove this record from the workspace?")) return;
    await remove(`/records/${one.id}`);
    await show();
  };
  await show();
  return {
    title: "Records",
    element: h(
      "div",
      {},
      h(
        "div",
        { class: "head" },
        h("h1", {}, "Records"),
        h("a", { class: "button", href: addressOf("write") }, "Write a record"),
      ),
      panel("upload", "Upload", uploader(show)),
      panel("records", "Open", list),
    ),
  };
}

function uploader(added: () => Promise<void>): HTMLElement {
  const told = h("div", { "aria-live": "polite" });
  const send = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return;
    fill(told, h("p", { class: "quiet" }, `Reading ${files.map((file) => file.name).join(", ")} …`));
    try {
      const found = await upload<Added>("/records", files);
      fill(told, accepted(found));
      await added();
    } catch (error) {
      fill(told, failure(error));
    }
  };
  const input = h("input", {
    type: "file",
    id: "file",
    multiple: true,
    accept: ".yaml,.yml,.json,.csv,.zip",
    onchange: () => {
      void send([...(input.files ?? [])]);
      input.value = "";
    },
  });
  const place = h(
    "div",
    { class: "drop" },
    h("label", { for: "file" }, "Choose a file, or drop it here"),
    input,
    h(
      "p",
      { class: "small" },
      "YAML, FHIR R4 bundle, Phenopacket v2, or the CSV tables of a record (all of them, or as zip). At most 4 MiB. It stays on this machine.",
    ),
  );
  const over =
    (on: boolean) =>
    (event: Event): void => {
      event.preventDefault();
      place.classList.toggle("over", on);
    };
  place.addEventListener("dragover", over(true));
  place.addEventListener("dragleave", over(false));
  place.addEventListener("drop", (event) => {
    over(false)(event);
    void send([...(event.dataTransfer?.files ?? [])]);
  });
  return h("div", {}, place, told);
}

function accepted(found: Added): HTMLElement {
  const counts = Object.entries(found.check.record.facts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  const unread = found.check.not_read ?? [];
  return h(
    "div",
    {},
    h(
      "p",
      {},
      h("strong", {}, `${found.check.file} is valid. `),
      `${counts.join(", ")}. `,
      h("a", { href: addressOf("case", [found.id]) }, "Open it"),
    ),
    unread.length > 0 &&
      h(
        "details",
        {},
        h("summary", {}, `${unread.length} parts of the file were not read`),
        h(
          "ul",
          { class: "tight small" },
          unread.map((part) => h("li", {}, `${part.place}: ${part.what} (${part.why})`)),
        ),
      ),
  );
}
