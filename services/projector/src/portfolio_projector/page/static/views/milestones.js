// Milestones: their date in every baseline, every forecast, and when they were reached.

import { html } from "../vendor/lit-html/lit-html.js";
import { act, acts } from "../parts/acts.js";
import { dash, day, moved, number } from "../parts/figures.js";
import { badge, table } from "../parts/tables.js";

export function milestones(id) {
  return [{ heading: "Milestones", ask: { path: "milestones", of: { initiative: id }, lists: ["milestones"] }, show }];
}

function show({ milestones: all }) {
  return table({
    caption: "Milestones",
    hidden: true,
    empty: "No milestone is planned.",
    columns: [
      { head: "Milestone", wide: true, cell: (one) => html`${one.name ?? one.milestone}<br><small>${one.milestone}</small>` },
      { head: "State", cell: (one) => badge(one.state, one.state === "reached" ? "good" : "") },
      { head: "First promised", cell: (one) => day(one.original_date) },
      { head: "Promised now", cell: (one) => day(one.baseline_date) },
      { head: "Expected", cell: (one) => day(one.expected_date) },
      { head: "Reached", cell: (one) => (one.reached ? html`${day(one.reached.date)} ${act(one.reached.reached)}` : dash) },
      { head: "Slip from first", of: (one) => one.slip_from_original, as: "moved" },
      { head: "Slip from now", of: (one) => one.slip_from_baseline, as: "moved" },
      { head: "Overdue", of: (one) => one.overdue, as: "days" },
      { head: "Forecast moves", number: true, cell: (one) => number(one.forecast_moves) },
      { head: "In each baseline", wide: true, cell: (one) => acts(one.baselines, promised) },
      { head: "Forecasts", wide: true, cell: (one) => acts(one.forecasts, forecast) },
    ],
    rows: all,
  });
}

const promised = (one) => html`${one.version}: ${day(one.date)} ${one.moved_days ? moved(one.moved_days) : ""}`;
const forecast = (one) => html`${day(one.date)} ${one.moved_days === null ? "" : moved(one.moved_days)} ${act(one.forecast)}`;
