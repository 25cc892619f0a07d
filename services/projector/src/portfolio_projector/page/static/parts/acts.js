// Who did something, when, why, and the entry that proves it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { dash, day } from "./figures.js";
import { entry } from "./links.js";

export function act(one) {
  if (!one) return dash;
  const corrected = one.corrected_by ?? undefined;
  return html`<span class="act">${day(one.at)} <span class="by">by <span class="who">${one.by}</span></span> ${entry(one.entry)}${
    corrected === undefined ? nothing : html` <span class="corrected">corrected by ${entry(corrected)}</span>`
  }${one.reason ? html` <q class="reason-given">${one.reason}</q>` : nothing}</span>`;
}

// What a team calls done, and since when.
export function calledDone(one) {
  if (!one) return dash;
  return html`${one.criteria.join("; ")} ${act(one.changed)}`;
}

export function acts(list, tell) {
  if (!list.length) return dash;
  return html`<ul class="acts">${list.map((one) => html`<li>${tell(one)}</li>`)}</ul>`;
}
