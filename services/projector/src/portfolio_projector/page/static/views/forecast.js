// Monte Carlo: when what is open is done, and how much is done in some weeks; with the seed, so that anybody gets the same.

import { html } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { chart } from "../parts/charts.js";
import { number } from "../parts/figures.js";
import { percent } from "../parts/amounts.js";
import { facts, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

const ASKED = ["remaining", "item", "weeks", "window", "seed"];

export function forecast(id) {
  const query = Object.fromEntries(ASKED.map((name) => [name, asked(name)]));
  return [{ heading: "Forecast", ask: { path: "forecast", of: { product: id }, query }, show }];
}

function chooser() {
  const go = (event) => {
    event.preventDefault();
    location.hash = here(Object.fromEntries(new FormData(event.target)));
  };
  const field = (name, label, hint) => html`<label>${label} <input name=${name} size="10" autocomplete="off" placeholder=${hint} .value=${asked(name) ?? ""}></label>`;
  return html`<form class="ask" @submit=${go}>
    ${field("remaining", "So many items", "the open ones")} ${field("item", "or all up to item", "")} ${field("weeks", "In so many weeks", "4")}
    ${field("window", "Drawn from so many weeks", "12")} ${field("seed", "Seed", "by what is asked")} <button>Forecast</button></form>`;
}

function show(told) {
  return html`${chooser()}${facts([
    ["Items to be done", number(told.remaining)],
    ["Which are", told.item ? html`all up to ${told.item}` : words(told.remaining_is)],
    ["Futures", number(told.runs)],
    ["Seed", html`${told.seed}`],
    ["How", words(told.method)],
  ])}<div class="columns"><div>${when("When they are done", told.when)}${told.when_exactly ? when("The same, worked out exactly", told.when_exactly) : ""}</div>
    <div>${amounts(`How many are done in ${told.weeks} weeks, until ${told.last_day}`, told.how_many)}${told.how_many_exactly ? amounts("The same, worked out exactly", told.how_many_exactly) : ""}</div></div>
    ${chart({
      title: "What is drawn from: items done, by week",
      days: told.samples.map((one) => one.first_day),
      series: [{ label: "Done", colour: "done", kind: "bars", values: told.samples.map((one) => one.throughput) }],
      empty: "No whole week was observed.",
    })}`;
}

const when = (caption, rows) =>
  table({
    caption,
    columns: [
      { head: "Of the futures", cell: (one) => percent(one.share, 0) },
      { head: "Done by", of: (one) => one.day, as: "day" },
      { head: "Within", of: (one) => one.weeks, as: "weeks" },
    ],
    rows,
  });

const amounts = (caption, rows) =>
  table({
    caption,
    columns: [
      { head: "Of the futures", cell: (one) => percent(one.share, 0) },
      { head: "At least so many", of: (one) => one },
    ],
    rows,
  });
