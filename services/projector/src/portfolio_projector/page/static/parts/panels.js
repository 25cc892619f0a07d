// Panels: one question to the read API each, and what is shown while it is asked, when it is told, and when it is not.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { address, again, answer, more } from "../app/answers.js";
import { plural } from "./words.js";

// What stands in the way of all of them is said once.
export function panels(all) {
  const known = all.filter((one) => one.ask).map((one) => answer(one.ask));
  const details = new Set(known.map((one) => (one?.data ? undefined : one?.problem?.detail)));
  if (known.length < 2 || details.size > 1 || details.has(undefined)) return all.map(panel);
  return html`<section class="panel" aria-label="Problem">${problem(known)}</section>${all.filter((one) => !one.ask).map(panel)}`;
}

// `{heading, ask, show, note, needed}`: `show` gets the answer; a panel without `ask` shows what it has, one that is not `needed` nothing.
function panel(one) {
  const known = one.ask && answer(one.ask);
  if (one.needed && known?.data && !one.needed(known.data)) return nothing;
  const name = `panel-${one.heading.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
  return html`<section class="panel" aria-labelledby=${name} aria-busy=${Boolean(known?.asking && !known.data)}>
    <div class="panel-head"><h2 id=${name}>${one.heading}</h2>${one.ask ? source(one.ask) : nothing}</div>
    ${one.note ? html`<p class="note">${one.note}</p>` : nothing}
    ${one.ask ? told(one, known) : one.show()}
  </section>`;
}

const source = (ask) => html`<a class="source" href=${address(ask)} title="The answer of the read API">JSON</a>`;

function told(one, known) {
  if (!known?.data) return known?.problem ? problem([known]) : html`<p class="asking" role="status">Asking the read API …</p>`;
  return html`${known.problem ? problem([known]) : nothing}${skipped(known.data)}${one.show(known.data)}${next(known)}`;
}

// The read API's own sentence, and what happens next.
function problem(all) {
  const [known] = all;
  const { code, detail, entry, retry } = known.problem;
  return html`<div class="problem" role="alert">
    <p><strong>${detail}</strong> <code>${code}</code></p>
    ${entry === undefined || entry === null ? nothing : html`<p>The read model stands at entry ${entry}.</p>`}
    ${known.data ? html`<p>What is shown below is the answer of before, at entry ${known.data.entry}.</p>` : nothing}
    <p>${retry === undefined ? nothing : `It is asked again in ${plural(retry, "second")}.`}
      <button type="button" @click=${() => new Set(all).forEach(again)}>Ask again now</button></p>
  </div>`;
}

function skipped(data) {
  if (!data.skipped?.length) return nothing;
  return html`<div class="problem"><p><strong>This leaves entries out, by an operator's word.</strong></p>
    <ul>${data.skipped.map((one) => html`<li>Entry ${one.entry} in ${one.read_model}: ${one.reason} (${one.actor})</li>`)}</ul></div>`;
}

function next(known) {
  if (!known.data.next_cursor || !known.ask.lists) return nothing;
  const shown = known.data[known.ask.lists[0]].length;
  return html`<p class="more">${plural(shown, "row")} shown.
    <button type="button" ?disabled=${known.asking} @click=${() => more(known)}>${known.asking ? "Asking …" : "Show more"}</button></p>`;
}
