// Burn-up: the scope line and the done line, of a release in points and of a backlog in items; forecasts; agile earned value.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { act, acts } from "../parts/acts.js";
import { chart } from "../parts/charts.js";
import { dash, day, figure, number, term } from "../parts/figures.js";
import { items } from "../parts/links.js";
import { facts, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

export function burnUp(kind, id) {
  const of = { [kind]: id };
  if (kind === "product") return [{ heading: "Burn-up of the backlog", ask: { path: "productBurnUp", of }, show: inItems }];
  const ask = { path: "initiativeBurnUp", of, query: { release: asked("release") } };
  return [
    { heading: "Burn-up of the release", ask, show: inPoints },
    { heading: "When it will be done", ask, show: forecasts },
    { heading: "Agile earned value", ask, show: value },
    { heading: "Burn-up of the backlog", ask, show: inItems },
  ];
}

const lines = (title, days, empty) =>
  chart({
    title,
    days: days.map((one) => one.date),
    series: [
      { label: "In scope", colour: "scope", values: days.map((one) => one.scope) },
      { label: "Done", colour: "done", values: days.map((one) => one.done) },
    ],
    empty,
  });

function inPoints({ burn_up: burn, release, releases }) {
  if (!release) return html`<p class="empty">No release is planned.</p>`;
  return html`${choice(release, releases)}${facts([
    ["State", release.state],
    ["Points in scope", release.scope_points],
    ["Points done", release.points_done],
    ["Points left", burn?.remaining],
    ["Velocity", release.velocity.mean],
    ["Planned finish", day(release.planned_finish)],
  ])}${lines(`Points of ${release.name}, by day`, burn?.days ?? [])}${burn ? changes(burn) : nothing}`;
}

function choice(release, releases) {
  if (releases.length < 2) return nothing;
  const choose = (event) => location.replace(here({ release: event.target.value }));
  return html`<form class="ask"><label>Release <select @change=${choose}>${releases.map(
    (one) => html`<option ?selected=${one === release.release}>${one}</option>`,
  )}</select></label></form>`;
}

function changes({ scope_changes: all, iterations }) {
  return html`<div class="columns"><div>${table({
    caption: "Changes of scope",
    empty: "The scope never changed.",
    columns: [
      { head: "Points", number: true, cell: (one) => number(one.points) },
      { head: "Scope then", number: true, cell: (one) => number(one.scope) },
      { head: "Items", cell: (one) => items(one.items) },
      { head: "Changed", wide: true, cell: (one) => act(one.changed) },
    ],
    rows: all,
  })}</div><div>${table({
    caption: "Closed iterations",
    empty: "No iteration is closed yet.",
    columns: [
      { head: "Iteration", cell: (one) => one.iteration },
      { head: "Day", cell: (one) => day(one.status_date) },
      { head: "Points done", number: true, cell: (one) => number(one.points_done) },
      { head: "In all", number: true, cell: (one) => number(one.done) },
    ],
    rows: iterations,
  })}</div></div>`;
}

function forecasts({ burn_up: burn }) {
  if (!burn) return html`<p class="empty">No release is planned.</p>`;
  const { simulated, published, planned_finish: planned, release_day: byVelocity } = burn.forecasts;
  return html`${facts([
    ["Planned finish", day(planned)],
    ["By velocity", byVelocity],
    ["Half of the futures by", simulated.p50],
    ["85 % by", simulated.p85],
    ["95 % by", simulated.p95],
    ["How", simulated.method ? words(simulated.method) : dash],
    ["Futures, seed", simulated.runs === null ? dash : html`${number(simulated.runs)}, ${simulated.seed}`],
    ["Drawn from", simulated.samples.length ? simulated.samples.join(", ") : dash],
  ])}${table({
    caption: "Forecasts that were published",
    empty: "Nobody published a forecast.",
    columns: [
      { head: "Method", cell: (one) => words(one.method) },
      { head: "50 %", cell: (one) => day(one.p50) },
      { head: "85 %", cell: (one) => day(one.p85) },
      { head: "95 %", cell: (one) => day(one.p95) },
      { head: "Published", wide: true, cell: (one) => act(one.published) },
    ],
    rows: published,
  })}`;
}

const FIGURES = [
  ["Points in scope", (one) => one.scope_points],
  ["Points done", (one) => one.points_done],
  ["Expected", (one) => one.expected_complete, "percent"],
  ["Complete", (one) => one.actual_complete, "percent"],
  ["PV", (one) => one.pv],
  ["EV", (one) => one.ev],
  ["AC", (one) => one.ac],
  ["SV", (one) => one.sv],
  ["CV", (one) => one.cv],
  ["SPI", (one) => one.spi, "ratio"],
  ["CPI", (one) => one.cpi, "ratio"],
  ["EAC, at the budgeted rate", (one) => one.eac_budget_rate],
  ["EAC, at CPI", (one) => one.eac_cpi],
  ["Iterations left, by SPI", (one) => one.iterations_by_spi],
  ["Iterations left, by velocity", (one) => one.iterations_by_velocity],
  ["Release day", (one) => one.release_day],
];

// Agile earned value of a release, as of its last closed iteration.
export function value({ performance: one }) {
  if (!one) return html`<p class="empty">No release is planned.</p>`;
  const carried = one.with_carried;
  return html`${table({
    caption: one.iteration ? `As of the last closed iteration, ${one.iteration}` : "No iteration is closed yet",
    columns: [
      { head: "Figure", cell: ([label, of]) => term(label, of(one.at_close)?.definition) },
      { head: "With the scope of then", number: true, cell: ([, of, as]) => figure(of(one.at_close), as) },
      { head: "With the scope of now", number: true, cell: ([, of, as]) => figure(of(one.with_current_scope), as) },
    ],
    rows: FIGURES,
  })}${carried ? facts([["BAC with what was earned before", carried.bac], ["EV", carried.ev], ["AC", carried.ac], ["CV", carried.cv], ["CPI", carried.cpi, "ratio"]]) : nothing}${steps(one)}`;
}

function steps(one) {
  if (!one.history.length) return nothing;
  return table({
    caption: "As of each iteration, with the scope of then",
    columns: [
      { head: "Iteration", cell: (step) => step.iteration },
      { head: "Day", cell: (step) => day(step.status_date) },
      { head: "PV", of: (step) => step.at_close.pv },
      { head: "EV", of: (step) => step.at_close.ev },
      { head: "AC", of: (step) => step.at_close.ac },
      { head: "SPI", of: (step) => step.at_close.spi, as: "ratio" },
      { head: "CPI", of: (step) => step.at_close.cpi, as: "ratio" },
      { head: "EAC, at CPI", of: (step) => step.at_close.eac_cpi },
    ],
    rows: [...one.history].reverse(),
  });
}

function inItems({ items: one }) {
  const [from, until] = [one.scope_from ?? "added", one.done_at ?? "done"];
  return lines(`Items of the backlog, from ${from} to ${until}, by day`, one.days, "No item was added yet.");
}
