// Tables and lists of facts: a caption, heads with their scope, figures to the right.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { changed, state } from "../app/state.js";
import { figure, term } from "./figures.js";

const TO_THE_LEFT = new Set(["day", "words"]);

// Columns: `{head, cell}`, or `{head, of, as}` where `of` gives a metric; `number` puts it to the right; `sort` makes the head a link.
export function table({ caption, columns, rows, empty = "There is none.", hidden = false, mark = () => "" }) {
  if (!rows.length) return html`<p class="empty">${empty}</p>`;
  return html`<div class="scroll" role="region" tabindex="0" aria-label=${caption}>
    <table>
      <caption class=${hidden ? "unseen" : ""}>${caption}</caption>
      <thead><tr>${columns.map((column) => head(column, rows))}</tr></thead>
      <tbody>${rows.map((row) => html`<tr class=${mark(row)}>${columns.map((column, index) => cell(column, row, index))}</tr>`)}</tbody>
    </table>
  </div>`;
}

const toTheRight = (column) => column.number || (column.of && !TO_THE_LEFT.has(column.as));

function head(column, rows) {
  const kind = `${toTheRight(column) ? "number" : ""} ${column.wide ? "wide" : ""}`;
  const name = column.sort ? html`<a href=${column.sort.to}>${column.head}<span aria-hidden="true">${column.sort.arrow}</span></a>` : column.head;
  const about = column.of && rows.map(column.of).find((metric) => metric?.definition)?.definition;
  const told = about && column.sort ? html`${name} ${term("?", about)}` : term(name, about);
  return html`<th scope="col" class=${kind} aria-sort=${column.sort?.direction ?? nothing}>${told}</th>`;
}

function cell(column, row, index) {
  const content = column.of ? figure(column.of(row), column.as) : column.cell(row);
  const kind = `${toTheRight(column) ? "number" : ""} ${column.wide ? "wide" : ""}`;
  return index ? html`<td class=${kind}>${content}</td>` : html`<th scope="row" class=${kind}>${content}</th>`;
}

// Facts: `[label, content]`, or `[label, metric, as]` where the content is a metric.
export function facts(pairs) {
  return html`<dl class="facts">${pairs.filter(Boolean).map(fact)}</dl>`;
}

function fact([label, content, as]) {
  const isMetric = content && typeof content === "object" && "reason" in content && "value" in content;
  if (!isMetric) return html`<div><dt>${label}</dt><dd>${content}</dd></div>`;
  return html`<div><dt>${term(label, content.definition)}</dt><dd>${figure(content, as)}</dd></div>`;
}

export const badge = (text, kind = "") => html`<span class="badge ${kind}">${text}</span>`;

// What is long and asked for rarely: shown, and made, when somebody opens it.
export function folded(label, show, of = "") {
  const key = `${location.hash.split("?")[0]} ${label} ${of}`;
  const open = state.opened.has(key);
  return html`<details ?open=${open} @toggle=${(event) => toggle(key, event.target.open)}>
    <summary>${label}</summary>${open ? show() : nothing}
  </details>`;
}

function toggle(key, open) {
  if (open === state.opened.has(key)) return;
  if (open) state.opened.add(key);
  else state.opened.delete(key);
  changed();
}
