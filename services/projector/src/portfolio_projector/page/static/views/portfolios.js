// The portfolios to choose from, and what to do where there is none.

import { html } from "../vendor/lit-html/lit-html.js";
import { portfolio } from "../app/address.js";
import { number } from "../parts/figures.js";
import { badge, table } from "../parts/tables.js";

const ask = { path: "portfolios", lists: ["portfolios"] };

export function portfolios() {
  return { title: "Portfolios", panels: [{ heading: "To choose from", ask, show }] };
}

function show({ portfolios: all }) {
  if (!all.length) return none();
  return table({
    caption: "Portfolios",
    hidden: true,
    columns: [
      { head: "Portfolio", cell: (one) => html`<a href=${portfolio(one.portfolio)}>${one.name}</a>` },
      { head: "Id", cell: (one) => one.portfolio },
      { head: "Currency", cell: (one) => one.currency },
      { head: "Last entry", number: true, cell: (one) => number(one.entry) },
      { head: "Standing", cell: (one) => (one.stopped ? badge("stopped: waits for an operator", "bad") : "open") },
    ],
    rows: all,
  });
}

function none() {
  return html`<p><strong>There is no portfolio yet.</strong> A portfolio begins with its first event, <code>PortfolioOpened</code>, which is posted to
    the ledger's <code>/events</code>; the README shows how, in one command. <code>portfolio demo | portfolio publish -</code> loads one to look at.
    This page shows it as soon as it is projected.</p>`;
}

export function nowhere() {
  const show = () => html`<p>Nothing stands at this address. <a href="#/">All portfolios</a></p>`;
  return { title: "There is no such page", panels: [{ heading: "Not here", show }] };
}
