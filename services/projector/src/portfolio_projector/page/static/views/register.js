// The change register: what each request would change, who raised, assessed and decided, and what came of it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { act, acts } from "../parts/acts.js";
import { amount, dash, moved, number } from "../parts/figures.js";
import { badge, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

const STATES = ["Raised", "Assessed", "Approved", "Rejected", "Implemented", "Withdrawn"];

export function register(id) {
  const ask = { path: "register", of: { initiative: id }, query: { state: asked("state") }, lists: ["changes"] };
  return [
    { heading: "By state", ask, show: totals },
    { heading: "Change requests", ask, show: requests },
  ];
}

function totals({ totals: all }) {
  return table({
    caption: "Change requests by state",
    hidden: true,
    empty: "No change was requested.",
    columns: [
      { head: "State", cell: (one) => words(one.state) },
      { head: "Requests", number: true, cell: (one) => number(one.requests) },
      { head: "Cost", number: true, cell: (one) => amount(one.cost_delta) },
      { head: "Days", number: true, cell: (one) => moved(one.days_delta) },
    ],
    rows: all,
  });
}

function requests({ changes: all }) {
  const choose = (event) => location.replace(here({ state: event.target.value }));
  return html`<form class="ask"><label>State <select @change=${choose}><option value="">any</option>${STATES.map(
    (one) => html`<option value=${one} ?selected=${asked("state") === one}>${words(one)}</option>`,
  )}</select></label></form>${table({
    caption: "Change requests",
    hidden: true,
    empty: "There is no such request.",
    columns: [
      { head: "Request", wide: true, cell: (one) => html`${one.title}<br><small>${one.change_request}, ${words(one.kind)}</small>` },
      { head: "State", cell: (one) => badge(words(one.state)) },
      { head: "Cost", number: true, cell: (one) => amount(one.cost_delta) },
      { head: "Days", number: true, cell: (one) => moved(one.days_delta) },
      { head: "Open", of: (one) => one.open_days, as: "days" },
      { head: "What for", wide: true, cell: (one) => one.scope_delta ?? dash },
      { head: "Raised, assessed, decided", wide: true, cell: story },
      { head: "Came of it", wide: true, cell: outcome },
    ],
    rows: all,
  })}`;
}

function story(one) {
  return html`<div>Raised ${act(one.raised)}</div>${one.assessments.map(assessed)}
    ${one.decided ? html`<div>${words(one.decision)} ${act(one.decided)}</div>` : nothing}
    ${one.withdrawn ? html`<div>Withdrawn ${act(one.withdrawn)}</div>` : nothing}`;
}

const assessed = (one) => html`<div>Assessed ${act(one.assessed)} <q class="reason-given">${one.findings}</q></div>`;

function outcome(one) {
  if (!one.baselines.length && !one.tranches.length && !one.implemented) return dash;
  return html`${one.implemented ? html`<div>Implemented ${act(one.implemented)}</div>` : nothing}
    ${acts(one.baselines, (made) => html`Baseline ${made.version}: finish ${moved(made.finish_moved_days)}, budget ${amount(made.bac_moved)} ${act(made.approved)}`)}
    ${one.tranches.length ? acts(one.tranches, (made) => html`Tranche ${made.tranche_no}: ${amount(made.amount)} ${act(made.released)}`) : nothing}`;
}
