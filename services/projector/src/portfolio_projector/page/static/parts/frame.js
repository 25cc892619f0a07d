// What stands around every view: the head with its places, the bar of time, the panels, and the foot.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { portfolio, to } from "../app/address.js";
import { address, answer } from "../app/answers.js";
import { state } from "../app/state.js";
import { explanation } from "./explaining.js";
import { panels } from "./panels.js";
import { timeBar } from "./time_bar.js";

const PLACES = [
  ["overview", "Overview"],
  ["members", "Members"],
  ["transitions", "Transitions"],
  ["dependencies", "Dependencies"],
  ["risks", "Risks"],
  ["outcomes", "Outcomes"],
  ["capacity", "Capacity"],
  ["experiments", "Experiments"],
  ["decisions", "Decisions"],
  ["freshness", "Freshness"],
  ["anomalies", "Anomalies"],
  ["refusals", "Refusals"],
  ["changes", "What changed"],
  ["entries", "Entries"],
];

// A view: `{title, about, tabs, panels, place}`; `title` may be a function of the first panel's answer.
export function page(view) {
  const first = view.panels.find((one) => one.ask);
  const told = first && answer(first.ask)?.data;
  const title = typeof view.title === "function" ? view.title(told) : view.title;
  document.title = `${title} · ${state.route.portfolio ?? "Portfolio ledger"}`;
  return html`
    <a class="skip" href="#content" @click=${skip}>To the content</a>
    <header class="head">${brand()} ${state.route.portfolio ? places(view) : nothing}</header>
    ${state.route.portfolio ? timeBar(told) : nothing} ${stopped()}
    <main id="content" tabindex="-1" data-place=${location.hash || "#/"}>
      <div class="title"><h1 id="title" tabindex="-1">${title}</h1>${view.about?.(told) ?? nothing}</div>
      ${view.tabs ? tabs(view) : nothing}
      ${panels(view.panels)}
    </main>
    <footer class="foot">
      <span>Read-only. Every figure is the <a href=${first ? address(first.ask) : "/portfolios"}>read API</a>'s own.</span>
      <span><a href="/docs">All paths</a> · <a href="/metrics-definitions">All definitions</a></span>
    </footer>
    ${explanation()}`;
}

function skip(event) {
  event.preventDefault();
  document.getElementById("content").focus();
}

function current() {
  const known = answer({ path: "portfolios" })?.data?.portfolios ?? [];
  return known.find((one) => one.portfolio === state.route.portfolio);
}

function stopped() {
  if (!current()?.stopped) return nothing;
  return html`<div class="past" role="status"><p><strong>This portfolio is stopped.</strong> What follows entry ${current().entry} waits for an
    operator; <code>portfolio status</code> says why.</p></div>`;
}

function brand() {
  const name = state.route.portfolio;
  return html`<div class="brand"><a href="#/">Portfolios</a>${
    name ? html`<span aria-hidden="true">/</span><a href=${portfolio(name)} class="name">${current()?.name ?? name}</a>` : nothing
  }</div>`;
}

function places(view) {
  return html`<nav aria-label="Portfolio"><ul>${PLACES.map(
    ([place, label]) =>
      html`<li><a href=${to(place)} aria-current=${place === view.place ? "page" : nothing}>${label}</a></li>`,
  )}</ul></nav>`;
}

function tabs(view) {
  return html`<nav class="tabs" aria-label=${view.kind}><ul>${view.tabs.map(
    ([place, label, current]) => html`<li><a href=${to(place)} aria-current=${current ? "page" : nothing}>${label}</a></li>`,
  )}</ul></nav>`;
}
