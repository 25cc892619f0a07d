// The rolling backlog in its order, and every move of an item: who and why.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { dash, day, instant, number, who } from "../parts/figures.js";
import { entry, item, items } from "../parts/links.js";
import { badge, table } from "../parts/tables.js";
import { plural, words } from "../parts/words.js";

const PAGE = 200;
const MOVES = 50;

export function backlog(id) {
  const of = { product: id };
  const list = { heading: "In its order", ask: { path: "backlog", of, query: { limit: PAGE }, lists: ["items"] }, show };
  const moves = { path: "moves", of, query: { item: asked("item"), limit: MOVES }, lists: ["moves"] };
  const scored = { heading: "By weighted shortest job first", ask: { path: "priorities", of, query: { limit: PAGE } }, show: priorities };
  const history = { heading: asked("item") ? `Every move of ${asked("item")}` : "Every move", ask: moves, show: moved };
  return asked("item") ? [history, list] : [list, scored, history];
}

function show({ items: all, open_items: open }) {
  return html`<p class="note">${plural(open, "open item")}. A bar marks the horizon: now, next, later.</p>${table({
    caption: "Open items in their order",
    hidden: true,
    empty: "No item is open.",
    columns: [
      { head: "Item", wide: true, cell: (one) => html`${one.title}<br><small>${one.position}. ${item(one.item)}</small>` },
      { head: "Horizon", cell: (one) => one.horizon },
      { head: "Kind", cell: (one) => one.kind },
      { head: "Class", cell: (one) => words(one.service) },
      { head: "State", cell: (one) => html`${words(one.workflow_state ?? one.state)} ${one.blocked ? badge("blocked", "bad") : nothing}` },
      { head: "Age", number: true, cell: (one) => number(one.age_days, "days") },
      { head: "Points", number: true, cell: (one) => number(one.points) },
      { head: "WSJF", of: (one) => one.wsjf },
      { head: "Added", cell: (one) => day(one.added_at) },
      { head: "Started", cell: (one) => day(one.started_at) },
      { head: "Its source says", cell: source },
      { head: "Linked to", cell: (one) => items(one.links) },
      { head: "Moves", cell: (one) => html`<a href=${here({ item: one.item })} aria-label="Moves of ${one.item}">moves</a>` },
    ],
    rows: all,
    mark: (one) => one.horizon,
  })}`;
}

function source(one) {
  const targets = Object.entries(one.targets).map(([gate, target]) => `${gate}: ${target}`);
  const said = [one.status, one.stage, one.milestone, ...targets].filter(Boolean);
  return said.length ? said.join(", ") : dash;
}

function moved({ moves: all }) {
  const back = asked("item") ? html`<p><a href=${here({ item: undefined })}>Moves of all items</a></p>` : nothing;
  return html`${back}${table({
    caption: "Moves in their order",
    hidden: true,
    empty: "Nothing was moved.",
    columns: [
      { head: "Entry", cell: (one) => entry(one.entry) },
      { head: "Item", cell: (one) => item(one.item) },
      { head: "Move", cell: (one) => words(one.move) },
      { head: "Was after", cell: (one) => (one.was_after ? item(one.was_after) : dash) },
      { head: "Came after", cell: (one) => (one.after ? item(one.after) : dash) },
      { head: "Who", cell: (one) => who(one.actor) },
      { head: "When", cell: (one) => instant(one.time) },
      { head: "Why", wide: true, cell: (one) => html`${one.reason ?? dash}${one.corrected_by === null ? nothing : html` <small>corrected by ${entry(one.corrected_by)}</small>`}` },
    ],
    rows: all,
  })}`;
}

function priorities({ priorities: all }) {
  return table({
    caption: "Scored items in the order that their scores suggest, and where they stand",
    hidden: true,
    empty: "No open item is scored.",
    columns: [
      { head: "Item", wide: true, cell: (one) => html`${one.title}<br><small>${item(one.item)}</small>` },
      { head: "Suggested", number: true, cell: (one) => number(one.suggested) },
      { head: "Stands at", number: true, cell: (one) => number(one.position) },
      { head: "WSJF", of: (one) => one.wsjf },
      { head: "Cost of delay", number: true, cell: (one) => number(one.cost_of_delay) },
      { head: "Value", number: true, cell: (one) => number(one.value) },
      { head: "Time criticality", number: true, cell: (one) => number(one.time_criticality) },
      { head: "Risk reduction", number: true, cell: (one) => number(one.risk_reduction) },
      { head: "Size", number: true, cell: (one) => number(one.size) },
      { head: "Scored by", cell: (one) => entry(one.scored_by) },
    ],
    rows: all,
  });
}
