// Tolerances against current figures and forecasts, exceptions with their plans, and the management reserve.

import { html } from "../vendor/lit-html/lit-html.js";
import { act, acts } from "../parts/acts.js";
import { amount, dash, number } from "../parts/figures.js";
import { badge, facts, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

export function exceptions(id) {
  const ask = { path: "exceptions", of: { initiative: id }, lists: ["forecasts", "exceptions"] };
  return [
    { heading: "Tolerances", ask, show: tolerances },
    { heading: "Exceptions", ask, show: raised },
    { heading: "Forecasts beyond tolerance", ask, show: forecasts },
    { heading: "Management reserve", ask, show: reserve },
  ];
}

const yes = (value) => (value === null ? dash : value ? badge("exceeded", "bad") : "no");

function limits(one) {
  if (!one) return dash;
  const parts = [];
  if (one.cost) parts.push(amount(one.cost));
  if (one.days !== null) parts.push(number(one.days, "days"));
  if (one.scope !== null) parts.push(one.scope);
  if (one.benefit !== null) parts.push(one.benefit);
  return parts.length ? parts.map((part) => html`<div>${part}</div>`) : dash;
}

function tolerances({ tolerances: all }) {
  return table({
    caption: "Tolerances by dimension",
    hidden: true,
    empty: "No tolerance is set.",
    columns: [
      { head: "Dimension", cell: (one) => words(one.dimension) },
      { head: "Limit", number: true, cell: (one) => limits(one.limits) },
      { head: "Cost now", of: (one) => one.current.cost },
      { head: "Days now", of: (one) => one.current.days, as: "moved" },
      { head: "By current figures", cell: (one) => yes(one.exceeded_by_current) },
      { head: "By forecast", cell: (one) => yes(one.exceeded_by_forecast) },
      { head: "From", cell: (one) => words(one.source) },
      { head: "Set", wide: true, cell: (one) => html`${act(one.set)} <small>proposed by ${one.proposed_by}</small>` },
    ],
    rows: all,
  });
}

function raised({ exceptions: all }) {
  return table({
    caption: "Exceptions",
    hidden: true,
    empty: "No exception was raised.",
    columns: [
      { head: "Dimension", cell: (one) => words(one.dimension) },
      { head: "State", cell: (one) => badge(one.state, one.state === "open" ? "bad" : "") },
      { head: "Open", of: (one) => one.open_days, as: "days" },
      { head: "Options", wide: true, cell: (one) => acts(one.options, (option) => option) },
      { head: "Plan", wide: true, cell: (one) => one.plan ?? dash },
      { head: "Raised", cell: (one) => act(one.raised) },
      { head: "Ended", cell: (one) => act(one.ended) },
    ],
    rows: all,
  });
}

function forecasts({ forecasts: all }) {
  return table({
    caption: "Forecasts of breaches",
    hidden: true,
    empty: "Nobody forecasts that a tolerance will be exceeded.",
    columns: [
      { head: "Dimension", cell: (one) => words(one.dimension) },
      { head: "Forecast", number: true, cell: (one) => limits(one.forecast) },
      { head: "Limit", number: true, cell: (one) => limits(one.limits) },
      { head: "Beyond it", cell: (one) => yes(one.exceeds) },
      { head: "Basis", wide: true, cell: (one) => one.basis },
      { head: "Stated", wide: true, cell: (one) => act(one.stated) },
    ],
    rows: all,
  });
}

function reserve({ reserve: one }) {
  return html`${facts([
    ["Budget", one.budget],
    ["Drawn", one.drawn],
    ["Left", one.left],
  ])}${table({
    caption: "What was drawn",
    empty: "Nothing was drawn.",
    columns: [
      { head: "For work package", cell: (draw) => draw.work_package },
      { head: "Amount", number: true, cell: (draw) => amount(draw.amount) },
      { head: "Proposed by", cell: (draw) => draw.proposed_by },
      { head: "Drawn", wide: true, cell: (draw) => act(draw.drawn) },
    ],
    rows: one.draws,
  })}`;
}
