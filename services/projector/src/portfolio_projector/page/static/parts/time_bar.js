// The time machine: what the ledger knew at an entry or an instant, and what was true by the end of a day.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here, isPast } from "../app/address.js";
import { refresh } from "../app/answers.js";
import { state } from "../app/state.js";
import { RECORDED } from "../app/paths.js";

const NOW = { as_of: undefined, effective: undefined };
const STANDINGS = {
  live: ["live", "Live: new entries are shown as they are projected."],
  connecting: ["connecting …", "Asking for news."],
  away: ["not live", "The stream of news does not answer; it is asked for again. What is shown may be old."],
  paused: ["paused", "No news while this page is hidden."],
};

export function timeBar(told) {
  return html`<div class="time" role="region" aria-label="Time">
      <form @submit=${travel}>
        <label>What the ledger knew at
          <input name="as_of" autocomplete="off" placeholder="now; an entry, or an instant" title="An entry number such as 1500, or an instant with its offset such as 2026-03-31T14:00:00Z" .value=${asked("as_of") ?? ""}></label>
        <label>True by the end of <input name="effective" type="date" .value=${asked("effective") ?? ""}></label>
        <button>Go there</button>
        ${told?.entry === undefined ? nothing : steps(told.entry)}
      </form>
      <p class="standing">${standing(told)}${live()}</p>
    </div>
    ${isPast() ? banner(told) : nothing}`;
}

function travel(event) {
  event.preventDefault();
  const fields = new FormData(event.target);
  location.hash = here({ as_of: fields.get("as_of").trim(), effective: fields.get("effective") });
}

function steps(entry) {
  return html`<span class="steps">
    ${entry > 0 ? html`<a href=${here({ as_of: entry - 1 })} title="One entry earlier">‹ #${entry - 1}</a>` : nothing}
    ${asked("as_of") ? html`<a href=${here({ as_of: entry + 1 })} title="One entry later">#${entry + 1} ›</a>` : nothing}
  </span>`;
}

function standing(told) {
  if (told?.entry === undefined) return nothing;
  const settled = told.settled
    ? html`<span title="The same question about this moment will always be answered like this.">settled</span>`
    : html`<span title="The same question about this moment can still be answered otherwise.">not settled yet</span>`;
  return html`Entry <strong class="shown-entry">${told.entry}</strong>, ${settled}`;
}

function live() {
  const [short, long] = STANDINGS[state.live.standing] ?? [];
  if (!short) return nothing;
  const button = html`<button type="button" @click=${() => refresh()}>Ask again</button>`;
  return html` <span class="live ${state.live.standing}" role="status" title=${long}>${short}</span> ${state.live.standing === "away" ? button : nothing}`;
}

function banner(told) {
  const [knew, day] = [asked("as_of"), asked("effective")];
  const isEntry = /^\d+$/.test(knew ?? "");
  return html`<div class="past" role="status"><p><strong>You look at the past.</strong>
    ${knew ? `What the ledger knew at ${isEntry ? "entry " : ""}${knew}` : "What the ledger knows now"}${
      day ? `, of what was true by the end of ${day}` : ""
    }${knew && !isEntry && told ? `: entry ${told.entry}` : ""}. ${day && recorded() ? "This view shows what was recorded, whatever the day." : ""}</p>
    <a class="button" href=${here(NOW)}>Back to now</a></div>`;
}

const recorded = () => [...RECORDED, "subject", "entry"].includes(state.route.parts[0]);
