// Decisions with what was noted and sealed of them, and the reviews that held them.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { act, acts } from "../parts/acts.js";
import { dash, number } from "../parts/figures.js";
import { entry, separated, subject } from "../parts/links.js";
import { table } from "../parts/tables.js";

export function decisions() {
  const ask = { path: "decisions", lists: ["decisions", "reviews"] };
  return {
    title: "Decisions",
    panels: [
      { heading: "Decisions", ask, show: decisionTable },
      { heading: "Reviews", ask, show: reviews },
    ],
  };
}

const subjects = (all) => (all.length ? separated(all.map((one) => subject(one))) : dash);
const people = (all) => (all.length ? separated(all.map((one) => html`<span class="who">${one}</span>`)) : dash);

export function decisionTable({ decisions: all }) {
  return table({
    caption: "Decisions",
    hidden: true,
    empty: "No decision is recorded.",
    columns: [
      { head: "Decision", wide: true, cell: (one) => html`${subject(`decision/${one.decision}`, one.question ?? one.decision)}${one.question ? html`<br><small>${one.decision}</small>` : nothing}` },
      { head: "Choice", wide: true, cell: (one) => html`${one.choice ?? dash}${one.options.length ? html`<br><small>of: ${one.options.join("; ")}</small>` : nothing}` },
      { head: "About", cell: (one) => subjects(one.about) },
      { head: "Decided by", cell: (one) => people(one.decided_by) },
      { head: "Why", wide: true, cell: (one) => act(one.recorded) },
      { head: "Reviews", cell: (one) => (one.reviews.length ? separated(one.reviews.map(entry)) : dash) },
      { head: "Notes", wide: true, cell: (one) => acts(one.notes, note) },
      { head: "Sealed", wide: true, cell: (one) => acts(one.seals, seal) },
    ],
    rows: all,
  });
}

const note = (one) =>
  html`${one.note}${one.about.length ? html` on ${subjects(one.about)}` : nothing}${one.entry === null ? nothing : html` on ${entry(one.entry)}`} ${act(one.noted)}`;

const seal = (one) =>
  html`${one.name} <code title=${one.sha256}>${one.sha256.slice(0, 12)}</code>${one.size === null ? nothing : html` <small>${number(one.size)} bytes</small>`}${one.media_type ? html` <small>${one.media_type}</small>` : nothing} ${act(one.sealed)}`;

function reviews({ reviews: all }) {
  return table({
    caption: "Reviews of the portfolio",
    hidden: true,
    empty: "No review was held.",
    columns: [
      { head: "Held", wide: true, cell: (one) => act(one.held) },
      { head: "By", cell: (one) => people(one.attendees) },
      { head: "Decisions", cell: (one) => subjects(one.decisions) },
      { head: "Summary", wide: true, cell: (one) => one.summary ?? dash },
    ],
    rows: all,
  });
}
