// Money of a product: tranches, what came and went, burn and runway, guardrails, forecasts against limits.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { chart, inMoney } from "../parts/charts.js";
import { act, acts } from "../parts/acts.js";
import { amount, dash, day, figure, minor, number } from "../parts/figures.js";
import { entry } from "../parts/links.js";
import { badge, facts, folded, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

const LATELY = 2;

export function funding(id) {
  const ask = { path: "funding", of: { product: id }, lists: ["tranches", "requests", "moves", "periods"] };
  return [
    { heading: "How long the money lasts", ask, show: standing },
    { heading: "By month", ask, show: months },
    { heading: "What it went into", ask, show: uses },
    { heading: "Tranches and requests", ask, show: tranches },
    { heading: "Guardrails", ask, show: guardrails },
    { heading: "Forecasts and limits", ask, show: forecasts },
  ];
}

function standing(told) {
  const { burn, currency } = told;
  return html`${facts([
    ["Balance", told.balance],
    ["Runway", told.runway, "months"],
    ["Burn a month", burn],
    ["Released", told.released],
    ["Spent", told.spent],
    ["Reserved", minor(told.reserved, currency)],
    ["Available", minor(told.available, currency)],
    ["Approved, not released", minor(told.approved, currency)],
  ])}${burn.months.length ? html`<p class="note">Burn is the mean of ${burn.months.join(", ")}, months that ${burn.closed_by === "calendar" ? "are over" : "the books have closed"}.</p>` : nothing}`;
}

function months({ periods, currency }) {
  const of = (name) => periods.map((one) => one[name]);
  const money = (head, name) => ({ head, number: true, cell: (one) => minor(one[name], currency) });
  return html`${chart({
    title: "Released and spent, by month",
    days: periods.map((one) => `${one.period}-01`),
    ...inMoney(currency ?? "EUR"),
    series: [
      { label: "Released", colour: "released", kind: "bars", values: of("released") },
      { label: "Spent", colour: "spent", kind: "bars", values: of("spent") },
    ],
    empty: "No money came or went yet.",
  })}${table({
    caption: "By month, the last one first",
    empty: "No money came or went yet.",
    columns: [
      { head: "Month", cell: (one) => html`${one.period} ${one.closed ? nothing : html`<small>open</small>`}` },
      money("Released", "released"),
      money("Reserved", "reserved"),
      money("Spent", "spent"),
      money("Accrued", "accrued"),
    ],
    rows: [...periods].reverse(),
  })}`;
}

function uses({ totals, currency, capitalisation: rule }) {
  const split = (caption, parts) =>
    table({
      caption,
      columns: [
        { head: caption, cell: ([name]) => words(name) },
        { head: "Spent", number: true, cell: ([, spent]) => minor(spent, currency) },
      ],
      rows: Object.entries(parts),
      hidden: true,
    });
  return html`<div class="columns"><div>${split("Kind of work", totals.by_work_type)}</div><div>${split("Category", totals.by_category)}</div>
    <div>${split("Treatment", totals.by_treatment)}</div></div>${rule ? html`<p class="note">Capitalised: ${rule.capitalised.join(", ")}. ${rule.rule} ${act(rule.set)}</p>` : nothing}`;
}

function tranches({ tranches: all, requests }) {
  return html`${table({
    caption: "Tranches",
    empty: "No tranche was released.",
    columns: [
      { head: "No", cell: (one) => one.tranche_no },
      { head: "Amount", number: true, cell: (one) => amount(one.amount) },
      { head: "Valid from", cell: (one) => day(one.valid_from) },
      { head: "to", cell: (one) => day(one.valid_to) },
      { head: "Validity", cell: (one) => badge(one.validity, one.validity === "valid" ? "good" : "") },
      { head: "Released", cell: (one) => html`${day(one.released_at)} ${entry(one.entry)}` },
    ],
    rows: all,
  })}${table({
    caption: "Requests",
    empty: "No money was requested.",
    columns: [
      { head: "Request", cell: (one) => one.request },
      { head: "Amount", number: true, cell: (one) => amount(one.amount) },
      { head: "Purpose", wide: true, cell: (one) => one.purpose },
      { head: "Approved", number: true, cell: (one) => amount(one.approved) },
      { head: "Conditions", cell: (one) => one.conditions ?? dash },
      { head: "Asked", cell: (one) => act(one.asked) },
      { head: "Answered", cell: (one) => act(one.answered) },
    ],
    rows: requests,
  })}`;
}

function guardrails({ guardrails: all, currency }) {
  if (!all.length) return html`<p class="empty">No guardrail is set.</p>`;
  return all.map(
    (one) => html`<h3>${words(one.kind)} <small>${one.scope}</small></h3><p class="note">${one.epic ? html`From ${amount(one.epic)} on. ` : nothing}${act(one.set)}</p>${
      one.periods.length ? html`${shares(one, one.periods.slice(-LATELY), currency)}${earlier(one, currency)}` : nothing
    }`,
  );
}

function earlier(one, currency) {
  const before = one.periods.slice(0, -LATELY);
  return before.length ? folded("Earlier periods", () => shares(one, before, currency), `${one.kind} ${one.scope}`) : nothing;
}

function shares(one, periods, currency) {
  return table({
    caption: `Shares of ${words(one.kind)} by quarter`,
    hidden: true,
    columns: [
      { head: "Period", cell: ({ period }) => period.period },
      { head: "Of", cell: ({ share }) => words(share.key) },
      { head: "Spent", number: true, cell: ({ share }) => minor(share.spent, currency) },
      { head: "Target", number: true, cell: ({ share }) => number(share.target, "percent") },
      { head: "Share", of: ({ share }) => share.actual, as: "percent" },
      { head: "Off by", of: ({ share }) => share.deviation, as: "percent" },
      { head: "Breach", cell: ({ share }) => (share.breach ? badge(share.breach, "bad") : dash) },
    ],
    rows: [...periods].reverse().flatMap((period) => period.shares.map((share) => ({ period, share }))),
  });
}

function forecasts({ forecast, limits, currency }) {
  return html`${table({
    caption: "By year",
    empty: "Nothing is forecast.",
    columns: [
      { head: "Year", cell: (one) => one.period },
      { head: "Spent", number: true, cell: (one) => minor(one.spent, currency) },
      { head: "By the stated rate", of: (one) => one.by_run_rate },
      { head: "By burn", of: (one) => one.by_burn },
    ],
    rows: forecast.years,
  })}${acts(forecast.rates, (one) => html`${amount(one.monthly)} a month from ${day(one.start)}: ${one.basis} ${act(one.stated)}`)}
  <p class="note">Runway by the stated rate: ${figure(forecast.runway_by_run_rate, "months")}</p>${table({
    caption: "Limits by fiscal period",
    empty: "No limit is set.",
    columns: [
      { head: "Period", cell: (one) => one.fiscal_period },
      { head: "Limit", number: true, cell: (one) => amount(one.limit) },
      { head: "Released", number: true, cell: (one) => minor(one.released, currency) },
      { head: "Left", number: true, cell: (one) => minor(one.left, currency) },
      { head: "Spent", number: true, cell: (one) => minor(one.spent, currency) },
      { head: "Forecast", of: (one) => one.forecast },
      { head: "Off by", of: (one) => one.deviation },
      { head: "Set", cell: (one) => act(one.set) },
    ],
    rows: limits,
  })}`;
}
