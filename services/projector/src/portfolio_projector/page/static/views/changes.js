// What changed between two moments, by subject, with the entries that did it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { dash, instant, number, who } from "../parts/figures.js";
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
  ])}${table({
    caption: "What changed, by subject",
    hidden: true,
    empty: "Nothing changed in between.",
    columns: [
      { head: "Subject", cell: ({ one, first }) => (first ? about(one) : html`<span class="unseen">${one.subject}</span>`) },
      { head: "Entry", cell: ({ row }) => (row ? entry(row.entry) : dash) },
      { head: "What", cell: ({ row }) => (row ? what(row) : dash) },
      { head: "When", cell: ({ row }) => (row ? instant(row.time) : dash) },
      { head: "Who", cell: ({ row }) => (row ? who(row.actor) : dash) },
      { head: "What it says", wide: true, cell: ({ row }) => (row ? said(row) : dash) },
    ],
    rows: told.subjects.flatMap(rowsOf),
  })}`;
}

const rowsOf = (one) => (one.entries.length ? one.entries.map((row, index) => ({ one, row, first: !index })) : [{ one, first: true }]);

function about({ subject: name, is_new: isNew, recorded, refused }) {
  const counts = [plural(recorded, "change"), refused ? `${refused} refused` : ""].filter(Boolean).join(", ");
  return html`${subject(name)} ${isNew ? badge("new", "good") : nothing}<br><small>${counts}</small>`;
}

const what = (row) => html`${typeName(row.type)} ${row.corrects === null ? nothing : html`<small>corrects ${entry(row.corrects)}</small>`}`;

const said = (row) => html`${body(row.data)}${row.reason ? html` <q class="reason-given">${row.reason}</q>` : nothing}`;
