// The members of the portfolio in their rank: who was admitted, ranked and scored, by whom and why.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { act, acts } from "../parts/acts.js";
import { amount, dash, figure, number } from "../parts/figures.js";
import { subject } from "../parts/links.js";
import { badge, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

export function members() {
  const ask = { path: "members", lists: ["members"] };
  return { title: "Members in their rank", about: ended, panels: [{ heading: "Members", ask, show: memberTable }] };
}

const ended = (told) => (told?.closed ? html`<p>${badge("ended", "bad")} ${act(told.closed)}</p>` : nothing);

const METHODS = { wsjf: "weighted shortest job first", npv: "net present value", cod: "cost of delay of a month" };

function memberTable({ members: all }) {
  return table({
    caption: "Members",
    hidden: true,
    empty: "Nothing was admitted to the portfolio, and nothing weighed.",
    columns: [
      { head: "Member", cell: (one) => subject(one.member) },
      { head: "Rank", number: true, cell: (one) => number(one.rank) },
      { head: "State", cell: (one) => badge(words(one.state), one.rank === null ? "" : "good") },
      { head: "Theme", cell: (one) => one.theme ?? dash },
      { head: "Horizon", cell: (one) => (one.horizon ? words(one.horizon) : dash) },
      { head: "Score", of: (one) => one.score?.wsjf },
      { head: "Weighed", wide: true, cell: (one) => acts(one.scores, score) },
      { head: "Ranked", wide: true, cell: (one) => acts(one.moves, move) },
      { head: "Admitted", wide: true, cell: (one) => acts(one.stays, stay) },
    ],
    rows: all,
    mark: (one) => (one.rank === null ? "ended" : ""),
  });
}

function score(one) {
  const worth = one.method === "wsjf" ? figure(one.wsjf) : amount(one.npv ?? one.cost_of_delay);
  const weights = one.weights
    ? html` <small>(${number(one.weights.value)} + ${number(one.weights.time_criticality)} + ${number(one.weights.risk_reduction)}) / ${number(one.weights.size)}</small>`
    : nothing;
  return html`${worth} <small>${METHODS[one.method]}</small>${weights} <span class="who">${one.scorer}</span> ${act(one.scored)}`;
}

const move = (one) => html`${one.after ? html`after ${subject(one.after)}` : "first"} ${act(one.ranked)}`;

const stay = (one) => html`${act(one.admitted)}${one.released ? html` until ${act(one.released)}` : nothing}`;
