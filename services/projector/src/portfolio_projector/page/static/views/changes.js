// What changed between two moments, by subject, with the entries that did it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { instant, number } from "../parts/figures.js";
import { entry, subject } from "../parts/links.js";
import { body } from "../parts/bodies.js";
import { badge, facts, table } from "../parts/tables.js";
import { plural, typeName } from "../parts/words.js";

export function changes() {
  const ask = { path: "changes", query: { from: asked("from"), to: asked("to") }, lists: ["subjects"] };
  const choose = { heading: "Between", show: chooser };
  if (!asked("from")) return { title: "What changed", panels: [choose] };
  return { title: "What changed", panels: [choose, { heading: "By subject", ask, show }] };
}

function chooser() {
  const go = (event) => {
    event.preventDefault();
    const fields = new FormData(event.target);
    location.hash = here({ from: fields.get("from").trim(), to: fields.get("to").trim() });
  };
  return html`<form class="ask" @submit=${go}>
    <label>After <input name="from" required autocomplete="off" placeholder="7000, or 2026-03-31T14:00:00Z" .value=${asked("from") ?? ""}></label>
    <label>up to <input name="to" autocomplete="off" placeholder="now" .value=${asked("to") ?? ""}></label>
    <button>Show</button>
  </form><p class="note">An entry number, or an instant with its offset. What stands at the first moment is not told, what stands at the second is.</p>`;
}

function show(told) {
  return html`${facts([
    ["After entry", entry(told.from_entry)],
    ["Up to entry", entry(told.to_entry)],
    ["Recorded", number(told.recorded)],
    ["Refused", number(told.refused)],
  ])}${told.subjects.map(one)}${told.subjects.length ? nothing : html`<p class="empty">Nothing changed in between.</p>`}`;
}

function one({ subject: name, is_new: isNew, recorded, refused, entries }) {
  const counts = [plural(recorded, "change"), refused ? `${refused} refused` : ""].filter(Boolean).join(", ");
  return html`<h3>${subject(name)} ${isNew ? badge("new", "good") : nothing} <small>${counts}</small></h3>${
    entries.length
      ? table({
          caption: `Entries of ${name}`,
          hidden: true,
          columns: [
            { head: "Entry", cell: (row) => entry(row.entry) },
            { head: "What", cell: (row) => html`${typeName(row.type)} ${row.corrects === null ? nothing : html`<small>corrects ${entry(row.corrects)}</small>`}` },
            { head: "When", cell: (row) => instant(row.time) },
            { head: "Who", cell: (row) => row.actor },
            { head: "Why", cell: (row) => row.reason ?? "" },
            { head: "What it says", wide: true, cell: (row) => body(row.data) },
          ],
          rows: entries,
        })
      : nothing
  }`;
}
