// What is ugly but true: flags of the ledger, and what only all entries together show. And what was refused, and why.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { dash, day, instant, number, who } from "../parts/figures.js";
import { entry, separated, subject } from "../parts/links.js";
import { badge, table } from "../parts/tables.js";
import { plural, typeName, words } from "../parts/words.js";

const PAGE = 100;

export function anomalies() {
  const query = { code: asked("code"), holds: asked("holds"), source: asked("source"), limit: PAGE };
  const ask = { path: "anomalies", query, lists: ["anomalies"] };
  const show = (told) => html`${narrowing(told, true)}${found(told)}`;
  return { title: "Anomalies", panels: [{ heading: "By code", ask, show: byCode }, { heading: "Ugly but true, the newest first", ask, show }] };
}

export function refusals() {
  const ask = { path: "refusals", query: { code: asked("code"), source: asked("source"), limit: PAGE }, lists: ["refusals"] };
  const show = (told) => html`${narrowing(told, false)}${refused(told)}`;
  return { title: "Refusals", panels: [{ heading: "By code", ask, show: byCode }, { heading: "What was refused, the newest first", ask, show }] };
}

// What each code means is told once; the rows below say what it was in each case.
function byCode({ codes }) {
  return table({
    caption: "How many there are of each code",
    hidden: true,
    empty: "There is none.",
    columns: [
      { head: "Code", cell: (one) => html`<a href=${here({ code: one.code })}>${words(one.code)}</a>` },
      { head: "So many", number: true, cell: (one) => number(one.count) },
      { head: "What it means", wide: true, cell: (one) => one.sentence },
      { head: "The newest", cell: (one) => entry(one.last_entry) },
    ],
    rows: codes,
  });
}

function narrowing({ codes, total }, canBeOver) {
  const set = (name) => (event) => location.replace(here({ [name]: event.target.value }));
  const named = codes.some((one) => one.code === asked("code")) || !asked("code") ? codes : [{ code: asked("code") }, ...codes];
  return html`<form class="ask" @submit=${(event) => event.preventDefault()}>
    <label>Code <select name="code" @change=${set("code")}><option value="">any</option>${named.map(
      (one) => html`<option value=${one.code} ?selected=${asked("code") === one.code}>${words(one.code)}${one.count === undefined ? "" : ` (${one.count})`}</option>`,
    )}</select></label>
    ${canBeOver ? holding(set) : nothing}
    <label>Source <input name="source" autocomplete="off" .value=${asked("source") ?? ""} @change=${set("source")}></label>
  </form><p class="note" role="status">${plural(total, "entry", "entries")} of what is asked for</p>`;
}

const holding = (set) => html`<label>Still true <select name="holds" @change=${set("holds")}>
  <option value="">or not</option>
  <option value="true" ?selected=${asked("holds") === "true"}>yes</option>
  <option value="false" ?selected=${asked("holds") === "false"}>not any more</option>
</select></label>`;

function found({ anomalies: all }) {
  return table({
    caption: "Anomalies",
    hidden: true,
    empty: "There is none.",
    columns: [
      { head: "What", wide: true, cell: (one) => html`<span title=${one.sentence}>${words(one.code)}</span>${one.detail ? html`<br><small>${one.detail}</small>` : nothing}` },
      { head: "Subject", cell: (one) => subject(one.subject) },
      { head: "Concerns", cell: (one) => (one.members.length ? separated(one.members.map((member) => subject(member))) : dash) },
      { head: "Since", cell: (one) => instant(one.since) },
      { head: "Standing", cell: standing },
      { head: "Found by", cell: (one) => (one.found_by === "ledger" ? "the ledger" : "all entries") },
      { head: "Source", cell: (one) => html`${one.source} <small>${who(one.actor)}</small>` },
      { head: "Entry", cell: (one) => entry(one.entry) },
    ],
    rows: all,
    mark: (one) => (one.holds ? "" : "ended"),
  });
}

function standing(one) {
  if (one.corrected_by !== null) return html`corrected by ${entry(one.corrected_by)}`;
  if (one.holds) return badge("still true", "bad");
  return html`over ${one.until === null ? nothing : html`by ${day(one.until)}`}`;
}

function refused({ refusals: all }) {
  return table({
    caption: "Refusals",
    hidden: true,
    empty: "Nothing was refused.",
    columns: [
      { head: "Entry", cell: (one) => entry(one.entry) },
      { head: "Why", wide: true, cell: (one) => html`<span title=${one.sentence}>${words(one.code)}</span>: ${one.detail}${one.errors.map((error) => html`<br><small><code>${error.pointer}</code> ${error.detail}</small>`)}` },
      { head: "What", cell: (one) => typeName(one.type) },
      { head: "Subject", cell: (one) => subject(one.subject) },
      { head: "Who", cell: (one) => who(one.actor) },
      { head: "Source and id", cell: (one) => html`${one.source} <small>${one.id}</small>` },
      { head: "True at", cell: (one) => instant(one.time) },
      { head: "Recorded", cell: (one) => instant(one.recordedtime) },
      { head: "Door", cell: (one) => one.door },
    ],
    rows: all,
  });
}
