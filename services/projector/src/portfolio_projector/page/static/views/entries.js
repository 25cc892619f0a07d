// The entries themselves, recorded and refused, with the hashes that link them; the history of a subject; a single entry.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { body } from "../parts/bodies.js";
import { dash, instant, number, who } from "../parts/figures.js";
import { entry as link, subject } from "../parts/links.js";
import { badge, facts, table } from "../parts/tables.js";
import { typeName, words } from "../parts/words.js";

const PAGE = 100;
const LISTS = ["entries", "hashes"];

export function entries() {
  const ask = { path: "entries", query: { from: asked("from"), limit: PAGE }, lists: LISTS };
  return { title: "Entries", panels: [{ heading: "As they lie in the log", ask, show: (told) => html`${from()}${list(told)}` }] };
}

function from() {
  const go = (event) => {
    event.preventDefault();
    location.hash = here({ from: new FormData(event.target).get("from").trim() });
  };
  return html`<form class="ask" @submit=${go}>
    <label>From entry <input name="from" inputmode="numeric" autocomplete="off" placeholder="0" .value=${asked("from") ?? ""}></label><button>Show</button></form>`;
}

export function history(aggregate, id) {
  if (id === undefined) return undefined;
  const name = `${aggregate}/${id}`;
  const ask = { path: "history", of: { aggregate, id }, query: { limit: PAGE }, lists: LISTS };
  const isMember = aggregate === "initiative" || aggregate === "product";
  const about = () => (isMember ? html`<span class="about">${subject(name, "Its pages")}</span>` : nothing);
  return { title: `History of ${name}`, about, panels: [{ heading: "Every entry", ask, show: list }] };
}

const said = (one) => one.event ?? one.refusal;

function list({ entries: all, hashes }) {
  return table({
    caption: "Entries in their order",
    hidden: true,
    empty: "There is no entry.",
    columns: [
      { head: "Entry", cell: ({ one }) => link(one.entry) },
      { head: "What", cell: ({ one }) => html`${typeName(said(one).type)}${one.refusal ? html` ${badge("refused", "bad")}` : nothing}` },
      { head: "Subject", cell: ({ one }) => subject(said(one).subject) },
      { head: "Version", number: true, cell: ({ one }) => (one.event ? number(one.version) : dash) },
      { head: "True at", cell: ({ one }) => instant(said(one).time) },
      { head: "Recorded", cell: ({ one }) => instant(one.recordedtime) },
      { head: "Who", cell: ({ one }) => html`${who(said(one).actor)} <small>${said(one).source}</small>` },
      { head: "What it says", wide: true, cell: ({ one }) => content(one) },
      { head: "Hash", cell: ({ hash }) => html`<code title=${hash}>${hash.slice(0, 8)}</code>` },
    ],
    rows: all.map((one, index) => ({ one, hash: hashes[index] })),
    mark: ({ one }) => (one.refusal ? "refused" : ""),
  });
}

function content(one) {
  if (one.refusal) return html`<strong>${words(one.refusal.code)}</strong>: ${one.refusal.detail}`;
  const { data, reason, corrects } = one.event;
  return html`${corrects === undefined ? nothing : html`corrects ${link(corrects)}; `}${body(data)}${reason ? html` <q class="reason-given">${reason}</q>` : nothing}${one.flags.map((flag) => badge(words(flag.code ?? flag), "bad"))}`;
}

export function entry(which) {
  if (!/^\d+$/.test(which ?? "")) return undefined;
  const ask = { path: "entries", query: { from: which, limit: 1 } };
  return { title: `Entry ${which}`, panels: [{ heading: "What it says", ask, show: single }] };
}

function single({ entries: [one], hashes: [hash] }) {
  if (!one) return html`<p class="empty">The log has no such entry at this moment.</p>`;
  const it = said(one);
  const event = one.event ?? {};
  return html`${facts([
    ["What", html`${typeName(it.type)} ${one.refusal ? badge("refused", "bad") : badge("recorded", "good")}`],
    ["Subject", html`${subject(it.subject)} ${one.event ? html`<small>version ${one.version}</small>` : nothing}`],
    ["Who", html`${who(it.actor)}`],
    ["True at", instant(it.time)],
    ["Recorded", instant(one.recordedtime)],
    ["Source and id", html`${it.source} <small>${it.id}</small>`],
    event.reason && ["Why", event.reason],
    event.corrects !== undefined && ["Corrects", link(event.corrects)],
    event.causationid !== undefined && ["Caused by", /^\d+$/.test(event.causationid) ? link(event.causationid) : event.causationid],
    ["Door", one.door ?? dash],
    ["Submission", one.submission],
    one.refusal && ["Why not", html`<strong>${words(one.refusal.code)}</strong>: ${one.refusal.detail}`],
  ])}
  <h3>Its place in the log</h3>
  ${facts([
    ["Hash", html`<code class="hash">${hash}</code>`],
    ["Hash of the entry before it", html`<code class="hash">${one.previous}</code>`],
    ["Its append began at", link(one.append)],
    ["Before and after", html`${one.entry ? link(one.entry - 1) : nothing} ${link(one.entry + 1)}`],
  ])}
  <h3>The entry itself</h3>
  <pre tabindex="0">${JSON.stringify(one, null, 2)}</pre>`;
}
