// An initiative: its head, and the places below it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { to } from "../app/address.js";
import { amount, day, figure, instant, number, who } from "../parts/figures.js";
import { badge, facts, table } from "../parts/tables.js";
import { words } from "../parts/words.js";
import { baselines } from "./baselines.js";
import { burnUp } from "./burn_up.js";
import { exceptions } from "./exceptions.js";
import { gates } from "./gates.js";
import { iterations } from "./iterations.js";
import { matters } from "./matters.js";
import { milestones } from "./milestones.js";
import { performance } from "./performance.js";
import { register } from "./register.js";

const TABS = {
  "": ["Summary", summary],
  baselines: ["Baselines", baselines],
  performance: ["Performance", performance],
  gates: ["Gates", gates],
  changes: ["Changes", register],
  exceptions: ["Exceptions", exceptions],
  milestones: ["Milestones", milestones],
  iterations: ["Iterations", iterations],
  "burn-up": ["Burn-up", (id) => burnUp("initiative", id)],
  matters: ["Risks and outcomes", (id) => matters(`initiative/${id}`)],
};

export function initiative(id, tab = "") {
  if (id === undefined || !Object.hasOwn(TABS, tab)) return undefined;
  const ask = { path: "initiative", of: { initiative: id } };
  const head = { heading: "Now", ask, show: standing };
  const place = `initiative/${id}`;
  return {
    title: (told) => told?.name ?? place,
    about: (told) => html`<span class="about">${place}</span> ${told ? badges(told) : nothing}`,
    kind: "Initiative",
    tabs: Object.entries(TABS).map(([name, [label]]) => [name ? `${place}/${name}` : place, label, name === tab]),
    panels: [head, ...TABS[tab][1](id)],
  };
}

const badges = (told) => html`${badge(told.mode, told.mode)} ${badge(words(told.state))}`;

function standing(told) {
  return facts([
    ["State", html`${words(told.state)} <small>since ${day(told.state_since)}</small>`],
    ["Stage", told.stage],
    ["Sponsor", who(told.sponsor)],
    ["Next promise", html`${figure(told.next_promise)} ${told.promised_by === null ? nothing : html`<small>by ${told.promised_by}</small>`}`],
    ["Budget at completion", told.money.budget_at_completion],
    ["Management reserve", told.money.management_reserve],
    ["Cost", told.money.cost],
    ["History", html`<a href=${to(`subject/initiative/${told.initiative}`)}>Every entry</a>`],
  ]);
}

function summary(id) {
  const ask = { path: "initiative", of: { initiative: id } };
  return [
    { heading: "What it is", ask, show: about },
    { heading: "Work packages", ask, show: packages },
  ];
}

function about(told) {
  return html`${told.objective ? html`<p>${told.objective}</p>` : nothing}${facts([
    ["Proposed", html`${instant(told.proposed_at)} <small>by ${told.proposed_by}</small>`],
    ["First idea: start", day(told.rough_start)],
    ["First idea: finish", day(told.rough_finish)],
    ["First idea: cost", told.money.rough_cost],
    ["Planned start", told.planned_start],
    ["Baselines approved", number(told.baselines_approved)],
  ])}`;
}

function packages({ work_packages: all }) {
  return table({
    caption: "Work packages of the current plan",
    hidden: true,
    empty: "No work package is planned.",
    columns: [
      { head: "Work package", wide: true, cell: (one) => html`${one.name}<br><small>${one.wbs ?? ""} ${one.work_package}</small>` },
      { head: "State", cell: (one) => words(one.state) },
      { head: "Planned start", cell: (one) => day(one.planned_start) },
      { head: "Planned finish", cell: (one) => day(one.planned_finish) },
      { head: "Began", cell: (one) => day(one.actual_start) },
      { head: "Completed", cell: (one) => day(one.completed_at) },
      { head: "Done", number: true, cell: (one) => number(one.fraction, "percent") },
      { head: "Hours left", number: true, cell: (one) => number(one.remaining_hours, "hours") },
      { head: "Budget", number: true, cell: (one) => amount(one.budget) },
      { head: "Measured by", cell: (one) => words(one.ev_method) },
    ],
    rows: all,
  });
}
