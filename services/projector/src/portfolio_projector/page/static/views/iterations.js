// Iterations of an agile initiative, releases with their velocity, and what was frozen when it changed its mode.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { act, acts, calledDone } from "../parts/acts.js";
import { dash, day, number } from "../parts/figures.js";
import { items } from "../parts/links.js";
import { badge, facts, table } from "../parts/tables.js";

export function iterations(id) {
  const ask = { path: "iterations", of: { initiative: id }, lists: ["releases", "iterations"] };
  return [
    { heading: "Releases", ask, show: releases },
    { heading: "Iterations", ask, show },
    { heading: "Before it was agile", ask, show: frozen },
  ];
}

function releases({ releases: all }) {
  return table({
    caption: "Releases",
    hidden: true,
    empty: "No release is planned.",
    columns: [
      { head: "Release", wide: true, cell: (one) => html`${one.name} <small>${one.version ?? ""}</small>` },
      { head: "State", cell: (one) => badge(one.state, one.state === "shipped" ? "good" : "") },
      { head: "Start", cell: (one) => day(one.start) },
      { head: "Planned finish", cell: (one) => day(one.planned_finish) },
      { head: "Budget", of: (one) => one.bac },
      { head: "Points planned", of: (one) => one.planned_points },
      { head: "In scope", of: (one) => one.scope_points },
      { head: "Done", of: (one) => one.points_done },
      { head: "Iterations", number: true, cell: (one) => html`${number(one.iterations_closed)} of ${number(one.planned_iterations)}` },
      { head: "Velocity", of: (one) => one.velocity.mean },
      { head: "Lately", of: (one) => one.velocity.recent },
      { head: "By iteration", cell: (one) => (one.velocity.points.length ? one.velocity.points.join(", ") : dash) },
      { head: "Others expect it by", wide: true, cell: (one) => acts(one.published_forecasts, expected) },
      { head: "Approved, shipped", wide: true, cell: (one) => html`${act(one.approved)} ${one.shipped ? act(one.shipped) : nothing}` },
    ],
    rows: all,
  });
}

function show({ iterations: all }) {
  return table({
    caption: "Iterations, the last one first",
    hidden: true,
    empty: "No iteration is planned.",
    columns: [
      { head: "Iteration", wide: true, cell: (one) => html`${one.iteration}<br><small>${one.team}</small>` },
      { head: "State", cell: (one) => badge(one.state, one.state === "started" ? "good" : "") },
      { head: "From", cell: (one) => day(one.start) },
      { head: "To", cell: (one) => day(one.finish) },
      { head: "Goal", wide: true, cell: (one) => one.goal ?? dash },
      { head: "Committed", of: (one) => one.committed_points },
      { head: "Done", of: (one) => one.points_done },
      { head: "Carried over", of: (one) => one.points_carried_over },
      { head: "Kept", of: (one) => one.commitment_kept, as: "percent" },
      { head: "Done items", cell: (one) => items(one.completed) },
      { head: "Carried over items", cell: (one) => items(one.carried_over) },
      { head: "Scope changes", wide: true, cell: (one) => acts(one.scope_changes, scopeChange) },
      { head: "Called done", wide: true, cell: (one) => calledDone(one.definition_of_done) },
      { head: "Closed", cell: (one) => act(one.closed ?? one.cancelled) },
    ],
    rows: [...all].reverse(),
  });
}

const expected = (one) => html`${day(one.p50)} (50 %), ${day(one.p85)} (85 %) ${act(one.published)}`;

const scopeChange = (one) => html`${one.added.length ? html`in: ${items(one.added)} ` : nothing}${one.removed.length ? html`out: ${items(one.removed)} ` : nothing}${act(one.changed)}`;

function frozen({ frozen: one, mode_changed: changed }) {
  if (!one) return html`<p class="empty">${changed ? html`It became agile: ${act(changed)}` : "It did not change its mode."}</p>`;
  return html`<p class="note">The figures of baseline ${one.version} at ${day(one.status_date)}, which never change again. ${act(one.frozen)}</p>${facts([
    ["BAC", one.bac],
    ["PV", one.pv],
    ["EV", one.ev],
    ["AC", one.ac],
    ["EAC", one.eac],
  ])}`;
}
