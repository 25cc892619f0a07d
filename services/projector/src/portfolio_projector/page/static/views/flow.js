// Flow: cumulative flow, throughput, cycle times, ages, and what they are counted by.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { chart } from "../parts/charts.js";
import { dash, day, number } from "../parts/figures.js";
import { percent } from "../parts/amounts.js";
import { item } from "../parts/links.js";
import { badge, facts, folded, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

const KINDS = ["feature", "defect", "risk", "debt"];
const COLOURS = 6;

export function flow(id) {
  const ask = { path: "flow", of: { product: id }, query: { from: asked("from"), to: asked("to") } };
  return [
    { heading: "Cumulative flow", ask, show: cumulative },
    { heading: "Cycle time", ask, show: cycles },
    { heading: "Throughput", ask, show: throughput },
    { heading: "In work", ask, show: inWork },
    { heading: "What it is counted by", ask, show: basis },
  ];
}

export function between(first, last) {
  const go = (event) => {
    event.preventDefault();
    const fields = new FormData(event.target);
    location.hash = here({ from: fields.get("from"), to: fields.get("to") });
  };
  return html`<form class="ask" @submit=${go}>
    <label>From <input name="from" type="date" .value=${first}></label><label>to <input name="to" type="date" .value=${last}></label>
    <button>Show</button></form>`;
}

// Each line counts the items that have ever reached a state: what lies between two of them is in the upper one.
function cumulative({ cfd, basis: by, first_day: first, last_day: last }) {
  const states = by.workflow.states.map((one) => one.name);
  const lines = [
    { label: "Added", values: cfd.map((one) => one.added) },
    ...states.map((name) => ({ label: name, values: cfd.map((one) => one.states[name] ?? null) })),
    { label: "Done", values: cfd.map((one) => one.done) },
  ];
  const series = lines.map((line, index) => ({ ...line, kind: "area", colour: `flow-${Math.min(index, COLOURS - 1)}` }));
  return html`${between(first, last)}${chart({
    title: "Items that have reached each state, by day",
    days: cfd.map((one) => one.day),
    series,
    close: true,
    empty: "No item was in the backlog in these days.",
  })}`;
}

function cycles({ cycle_time: time, completed, flow_efficiency: efficiency, littles_law: law }) {
  const done = [...completed].filter((one) => one.cycle_time_days !== null).sort((one, other) => (one.done_on < other.done_on ? -1 : 1));
  return html`${facts([
    ...time.percentiles.map((one) => [`${percent(one.share, 0)} within`, one, "days"]),
    ["Mean", time.mean, "days"],
    ["Completed", number(time.completed)],
    ["Left out", number(time.excluded)],
    ["Flow efficiency", efficiency, "percent"],
    ["Little's law, seen to implied", law.ratio, "ratio"],
  ])}${law.warning ? html`<p class="note">${law.warning}</p>` : nothing}${chart({
    title: "Days from commitment to done, by the day it was done",
    days: done.map((one) => one.done_on),
    series: [{ label: "Days", colour: "done", kind: "points", values: done.map((one) => one.cycle_time_days) }],
    empty: "Nothing was finished in these days.",
  })}${completed.length ? folded("What was finished", () => finished(completed)) : nothing}`;
}

const finished = (completed) =>
  table({
    caption: "What was finished, the last first",
    hidden: true,
    columns: [
      { head: "Item", cell: (one) => item(one.item) },
      { head: "Kind", cell: (one) => one.kind },
      { head: "Committed", cell: (one) => day(one.committed_on) },
      { head: "Done", cell: (one) => day(one.done_on) },
      { head: "Cycle time", number: true, cell: (one) => number(one.cycle_time_days, "days") },
      { head: "Left out", cell: (one) => (one.excluded ? words(one.excluded) : dash) },
    ],
    rows: completed,
  });

function throughput({ weeks, distribution, churn }) {
  return html`${facts([...KINDS.map((kind) => [`Share of ${kind}`, distribution[kind], "percent"]), ["Churn", churn, "ratio"]])}${chart({
    title: "Items done, by week",
    days: weeks.map((one) => one.first_day),
    series: [{ label: "Done", colour: "done", kind: "bars", values: weeks.map((one) => one.throughput) }],
  })}${table({
    caption: "By week",
    columns: [
      { head: "Week", cell: (one) => html`${one.week}${one.whole ? nothing : html` <small>not whole</small>`}` },
      { head: "Done", number: true, cell: (one) => number(one.throughput) },
      ...KINDS.map((kind) => ({ head: words(kind), number: true, cell: (one) => number(one.kinds[kind]) })),
      { head: "Added", number: true, cell: (one) => number(one.additions) },
      { head: "Moved", number: true, cell: (one) => number(one.moves) },
      { head: "Dropped", number: true, cell: (one) => number(one.drops) },
      { head: "Churn", of: (one) => one.churn, as: "ratio" },
    ],
    rows: [...weeks].reverse(),
  })}`;
}

function inWork({ in_work: work, wip_limits: limits }) {
  return html`${facts([["In work", work.load], ...work.age.map((one) => [`${percent(one.share, 0)} are younger than`, one, "days"])])}${table({
    caption: "What is in work, the oldest first",
    hidden: true,
    empty: "Nothing is in work.",
    columns: [
      { head: "Item", cell: (one) => item(one.item) },
      { head: "Kind", cell: (one) => one.kind },
      { head: "State", cell: (one) => html`${one.state ?? dash} ${one.blocked ? badge("blocked", "bad") : nothing}` },
      { head: "Committed", cell: (one) => day(one.committed_on) },
      { head: "Age", number: true, cell: (one) => number(one.age_days, "days") },
    ],
    rows: work.items,
  })}${table({
    caption: "Limits of work in progress",
    empty: "No limit is set.",
    columns: [
      { head: "State", cell: (one) => one.state },
      { head: "Limit", number: true, cell: (one) => number(one.limit) },
      { head: "Items", number: true, cell: (one) => number(one.items) },
      { head: "Standing", cell: (one) => (one.exceeded ? badge("exceeded", "bad") : badge("kept", "good")) },
      { head: "Days over it", number: true, cell: (one) => number(one.days_exceeded) },
    ],
    rows: limits,
  })}`;
}

function basis({ basis: by, first_day: first, last_day: last }) {
  return facts([
    ["Days", html`${day(first)} to ${day(last)}`],
    ["Zone", by.conventions.zone],
    ["Workflow", html`${by.workflow.states.map((one) => one.name).join(" → ")} <small>version ${by.workflow.version}</small>`],
    ["Committed at", by.committed],
    ["Cycle time", words(by.conventions.cycle_time)],
    ["A move back counts from", words(by.conventions.backward_move)],
    ["Dropped items", words(by.conventions.dropped)],
  ]);
}
