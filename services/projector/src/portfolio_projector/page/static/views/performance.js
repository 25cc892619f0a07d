// Earned value and earned schedule: today and by period, against the current, the previous and the original baseline.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { chart, inMoney } from "../parts/charts.js";
import { act } from "../parts/acts.js";
import { amount, dash, day, figure, term } from "../parts/figures.js";
import { badge, facts, table } from "../parts/tables.js";
import { words } from "../parts/words.js";
import { value } from "./burn_up.js";

const AGAINST = ["current", "previous", "original"];

const FIGURES = [
  ["Budget at completion, BAC", (one) => one.bac],
  ["Planned value, PV", (one) => one.pv],
  ["Earned value, EV", (one) => one.ev],
  ["Actual cost, AC", (one) => one.ac],
  ["Schedule variance, SV", (one) => one.sv],
  ["Cost variance, CV", (one) => one.cv],
  ["SPI", (one) => one.spi, "ratio"],
  ["CPI", (one) => one.cpi, "ratio"],
  ["Done", (one) => one.percent_complete, "percent"],
  ["Spent", (one) => one.percent_spent, "percent"],
  ["Planned", (one) => one.percent_planned, "percent"],
  ["TCPI", (one) => one.tcpi, "ratio"],
  ["EAC, at the budgeted rate", (one) => one.eac_range.by_budget_rate],
  ["EAC, at CPI", (one) => one.eac_range.by_cpi],
  ["Planned duration", (one) => one.time.pd, "hours"],
  ["Time passed", (one) => one.time.at, "hours"],
  ["Earned schedule, ES", (one) => one.time.es, "hours"],
  ["SV(t)", (one) => one.time.sv_t, "hours"],
  ["SPI(t)", (one) => one.time.spi_t, "ratio"],
  ["Finish, at the planned rate", (one) => one.time.finish_by_plan_rate],
  ["Finish, at SPI(t)", (one) => one.time.finish_by_spi_t],
];

export function performance(id) {
  const ask = { path: "performance", of: { initiative: id }, lists: ["periods", "baselines", "agile"] };
  return [
    { heading: "How it goes", ask, show: range },
    { heading: "S-curve", ask, show: curve, needed: isPlanned },
    { heading: "Against each baseline", ask, show: today, needed: isPlanned },
    { heading: "Estimates at completion", ask, show: estimates, needed: isPlanned },
    { heading: "By period", ask, show: periods, needed: isPlanned },
    { heading: "Agile earned value", ask, show: agile, needed: (told) => told.agile.length },
    { heading: "Baselines it was measured against", ask, show: measured, needed: isPlanned },
  ];
}

const isPlanned = (told) => told.baselines.length;

function range({ today: now, rebaselines, days_since_rebaseline: since, zone }) {
  const against = now.current ?? undefined;
  if (!against) return html`<p class="empty">No baseline is approved, so there is no plan to measure against.</p>`;
  const { by_budget_rate: budget, by_cpi: cpi } = against.eac_range;
  return html`<p class="note">At the end of ${day(now.status_date)}, in ${zone}. ${against.is_final ? badge("final") : nothing}</p>${facts([
    [term("Cost at completion, as a range", budget.definition), html`${figure(cpi)} to ${figure(budget)} <small>of ${figure(against.bac)}</small>`],
    ["Done", against.percent_complete, "percent"],
    ["Spent", against.percent_spent, "percent"],
    ["Planned", against.percent_planned, "percent"],
    ["SPI", against.spi, "ratio"],
    ["CPI", against.cpi, "ratio"],
    ["SPI(t)", against.time.spi_t, "ratio"],
    ["Finish, at SPI(t)", against.time.finish_by_spi_t],
    ["Re-baselined", rebaselines],
    ["Last re-baselined", since, "days"],
  ])}`;
}

function curve({ s_curve: points, currency }) {
  return chart({
    title: "Planned, earned and spent",
    days: points.map((one) => one.day),
    ...inMoney(currency),
    series: [
      { label: "Planned first", colour: "original", dash: [3, 4], values: points.map((one) => one.original_pv) },
      { label: "Planned now", colour: "planned", dash: [8, 4], values: points.map((one) => one.current_pv) },
      { label: "Earned", colour: "earned", values: points.map((one) => one.ev) },
      { label: "Spent", colour: "spent", values: points.map((one) => one.ac) },
    ],
    empty: "There is no curve before a baseline is approved.",
  });
}

function today({ today: now }) {
  const known = AGAINST.filter((name) => now[name]);
  if (!known.length) return html`<p class="empty">No baseline is approved.</p>`;
  return table({
    caption: `At the end of ${now.status_date}`,
    columns: [
      { head: "Figure", cell: ([label, of]) => term(label, of(now[known[0]])?.definition) },
      ...known.map((name) => ({
        head: `${words(name)}, baseline ${now[name].baseline}`,
        number: true,
        cell: ([, of, as]) => figure(of(now[name]), as),
      })),
    ],
    rows: FIGURES,
  });
}

// `cpi_spi_t`, `08cpi_02spi`: CPI · SPI(t), 0.8 CPI + 0.2 SPI.
function performanceOf(method) {
  return words(method)
    .replace(/08cpi 02(spi(?: t)?)/, "0.8 cpi + 0.2 $1")
    .replace("cpi spi", "cpi · spi")
    .replace("spi t", "spi(t)")
    .replaceAll(/cpi|spi/g, (index) => index.toUpperCase());
}

function estimates({ today: now }) {
  return table({
    caption: "Ways to say what it will cost; the two at the budgeted rate and at CPI are to be read first",
    empty: "No baseline is approved.",
    columns: [
      { head: "The rest is done at", cell: (one) => term(performanceOf(one.method), one.eac.definition) },
      { head: "Performance", of: (one) => one.performance, as: "ratio" },
      { head: "Estimate to complete", of: (one) => one.etc },
      { head: "Estimate at completion", number: true, cell: (one) => figure(one.eac) },
      { head: "Variance at completion", of: (one) => one.vac },
      { head: "TCPI for it", of: (one) => one.tcpi, as: "ratio" },
    ],
    rows: now.current?.estimates ?? [],
  });
}

function periods({ periods: all, periods_by: by }) {
  const against = (of) => (one) => (one.current ? of(one.current) : undefined);
  return table({
    caption: `By ${by === "month" ? "month, since no period was stated" : "reporting period"}; against the baseline that was current then`,
    empty: "No period is over yet.",
    columns: [
      { head: "Status date", cell: (one) => html`${day(one.status_date)} <small>${by === "month" ? "" : one.period}</small>` },
      { head: "Baseline", number: true, cell: (one) => one.current?.baseline ?? dash },
      { head: "PV", of: against((one) => one.pv) },
      { head: "EV", of: against((one) => one.ev) },
      { head: "AC", of: (one) => one.ac },
      { head: "SV", of: against((one) => one.sv) },
      { head: "CV", of: against((one) => one.cv) },
      { head: "SPI", of: against((one) => one.spi), as: "ratio" },
      { head: "CPI", of: against((one) => one.cpi), as: "ratio" },
      { head: "SPI(t)", of: against((one) => one.time.spi_t), as: "ratio" },
      { head: "EAC, at CPI", of: against((one) => one.eac_range.by_cpi) },
      { head: "The source said", cell: (one) => stated(one.stated) },
      { head: "Flags", cell: (one) => one.flags.map((flag) => badge(words(flag), "bad")) },
    ],
    rows: [...all].reverse(),
  });
}

function stated(one) {
  if (!one) return dash;
  return html`${["pv", "ev", "ac"].map((name) => (one[name] ? html`<div>${name.toUpperCase()} ${amount(one[name])}</div>` : nothing))}`;
}

function agile({ agile: releases }) {
  return releases.map((one) => html`<h3>${one.name} ${one.is_current ? badge("worked on now", "good") : nothing}</h3>${value(one)}`);
}

function measured({ baselines: all }) {
  return table({
    caption: "Approved baselines",
    hidden: true,
    empty: "None is approved.",
    columns: [
      { head: "No", cell: (one) => one.baseline },
      { head: "Effective", cell: (one) => day(one.effective_date) },
      { head: "Class", cell: (one) => words(one.change_class) },
      { head: "Budget", number: true, cell: (one) => amount(one.bac) },
      { head: "Variances", cell: (one) => (one.variances_kept ? "kept" : "set to nothing") },
      { head: "Calendar", cell: (one) => html`${one.calendar ?? dash} <small>${one.zone}</small>` },
      { head: "Approved", wide: true, cell: (one) => act(one) },
    ],
    rows: all,
  });
}
