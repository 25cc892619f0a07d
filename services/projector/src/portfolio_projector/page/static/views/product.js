// A product: its head, and the places below it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { to } from "../app/address.js";
import { act, acts } from "../parts/acts.js";
import { dash, day, number, who } from "../parts/figures.js";
import { separated, subject } from "../parts/links.js";
import { badge, facts, table } from "../parts/tables.js";
import { words } from "../parts/words.js";
import { backlog } from "./backlog.js";
import { burnUp } from "./burn_up.js";
import { delivery } from "./delivery.js";
import { flow } from "./flow.js";
import { forecast } from "./forecast.js";
import { funding } from "./funding.js";
import { productGates } from "./gates.js";
import { matters } from "./matters.js";

const TABS = {
  "": ["Summary", summary],
  backlog: ["Backlog", backlog],
  flow: ["Flow", flow],
  forecast: ["Forecast", forecast],
  "burn-up": ["Burn-up", (id) => burnUp("product", id)],
  funding: ["Funding", funding],
  delivery: ["Delivery", delivery],
  gates: ["Gates", productGates],
  matters: ["Risks and outcomes", (id) => matters(`product/${id}`)],
};

export function product(id, tab = "") {
  if (id === undefined || !Object.hasOwn(TABS, tab)) return undefined;
  const place = `product/${id}`;
  return {
    title: (told) => told?.name ?? place,
    about: (told) => html`<span class="about">${place}</span> ${told ? html`${badge("product", "product")} ${badge(words(told.state))}` : nothing}`,
    kind: "Product",
    tabs: Object.entries(TABS).map(([name, [label]]) => [name ? `${place}/${name}` : place, label, name === tab]),
    panels: [{ heading: "Now", ask: { path: "product", of: { product: id } }, show: standing }, ...TABS[tab][1](id)],
  };
}

function standing(told) {
  return facts([
    ["State", html`${words(told.state)} <small>since ${day(told.since)}</small>`],
    ["Owner", who(told.owner)],
    ["Promise", told.promise ? promised(told.promise) : dash],
    ["Balance", told.funding.balance],
    ["Runway", told.funding.runway, "months"],
    ["Open items", number(told.open_items)],
    ["Open incidents", incidents(told.open_incidents)],
    ["History", html`<a href=${to(`subject/product/${told.product}`)}>Every entry</a>`],
  ]);
}

const incidents = ({ count, worst_severity: worst }) => html`${number(count)}${worst === null ? nothing : html` <small>worst: ${worst}</small>`}`;
const promised = (one) => html`${one.date ? day(one.date) : one.target} <small>${words(one.kind)}${one.gate ? `, ${one.gate}` : ""}</small>`;

function summary(id) {
  const ask = { path: "product", of: { product: id } };
  return [
    { heading: "What it is", ask, show: about },
    { heading: "Promises", ask, show: promises },
    { heading: "How it came about", ask, show: life },
    { heading: "Published versions", ask, show: versions },
  ];
}

const origin = (one) => html`${subject(one.member)}${one.share === "1" ? nothing : html` (${number(one.share, "percent")})`} ${act(one.at)}`;

function about(told) {
  return html`${told.vision ? html`<p>${told.vision}</p>` : nothing}${facts([
    ["Conceived", day(told.conceived_at)],
    ["Activated", day(told.activated_at)],
    told.sunset_on && ["Sunset", day(told.sunset_on)],
    ["Teams", told.teams.length ? separated(told.teams.map((one) => html`${subject(`team/${one.team.replace("team/", "")}`, one.team)} ${number(one.share, "percent")}`)) : dash],
    ["Came from", acts(told.opened_from, origin)],
    ["Became", acts(told.became, origin)],
    told.data_disposition && ["Its data", told.data_disposition],
  ])}`;
}

function promises({ promises: all }) {
  return table({
    caption: "What is promised",
    hidden: true,
    empty: "Nothing is promised.",
    columns: [
      { head: "Promise", cell: promised },
      { head: "Kind", cell: (one) => words(one.kind) },
      { head: "Items", number: true, cell: (one) => number(one.items) },
    ],
    rows: all,
  });
}

function life(told) {
  return html`<div class="columns">
    <div><h3>Life</h3>${acts(told.phases, (one) => html`${words(one.state)} ${act(one.since)}`)}</div>
    <div><h3>Owners</h3>${acts(told.owners, (one) => html`${who(one.owner)} ${act(one.stated)}`)}</div>
    <div><h3>Visions</h3>${acts(told.visions, (one) => html`${one.vision ?? dash} ${act(one.stated)}`)}</div>
    <div><h3>Pivot or persevere</h3>${acts(told.directions, (one) => html`${words(one.decision)}: ${one.hypothesis} <small>${one.evidence}</small> ${act(one.decided)}`)}</div>
  </div>`;
}

function versions({ versions: all }) {
  return table({
    caption: "Published versions",
    hidden: true,
    empty: "No version was published.",
    columns: [
      { head: "Version", cell: (one) => one.version },
      { head: "Release", cell: (one) => subject(one.release.includes("/") ? one.release : `release/${one.release}`, one.release) },
      { head: "Series", cell: (one) => one.series ?? dash },
      { head: "Published", cell: (one) => act(one.published) },
    ],
    rows: all,
  });
}
