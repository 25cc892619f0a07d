// What became what: proposals, decisions, what went along; chains in both directions, and what each cost over its whole life.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { act, acts } from "../parts/acts.js";
import { amount, dash, day, number } from "../parts/figures.js";
import { item, items, separated, subject } from "../parts/links.js";
import { badge, facts, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

export function transitions() {
  const ask = { path: "transitions", lists: ["transitions", "lineages"] };
  return {
    title: "Transitions",
    panels: [
      { heading: "What became what", ask, show: transitionList },
      { heading: "Lineage and lifetime cost", ask, show: lineages },
    ],
  };
}

export function transitionList({ transitions: all }) {
  if (!all.length) return html`<p class="empty">Nothing became anything else.</p>`;
  return all.map(one);
}

function one(step) {
  const name = html`${words(step.kind)}: ${step.from ? subject(step.from) : step.promoted ? item(step.promoted) : dash} → ${
    step.to.length ? separated(step.to.map(part)) : (step.to_mode ?? dash)
  }`;
  return html`<h3>${name} ${badge(step.state, step.state === "done" ? "good" : "")}</h3>
    ${facts([
      step.proposed && ["Proposed", act(step.proposed)],
      ["Decided", act(step.decided)],
      step.cut_over && ["Cut-over", day(step.cut_over)],
      step.release && ["Release", subject(step.release)],
      step.conditions && ["Conditions", step.conditions],
    ])}
    ${step.frozen ? frozen(step.frozen) : nothing} ${step.funds ? funds(step.funds) : nothing} ${went(step)}`;
}

const part = (to) => html`${subject(to.member)}${to.share === "1" ? nothing : html` (${number(to.share, "percent")})`}${to.opened ? html` <small>new</small>` : nothing}`;

function frozen(at) {
  return html`<p class="note">Frozen at ${day(at.status_date)}, against baseline ${at.baseline}:</p>${facts([
    ["BAC", at.bac],
    ["PV", at.pv],
    ["EV", at.ev],
    ["AC", at.ac],
    ["SPI", at.spi, "ratio"],
    ["CPI", at.cpi, "ratio"],
    ["EAC", at.eac],
  ])}`;
}

function funds(money) {
  return html`<p class="note">The money:</p>${facts([
    ["Approved", amount(money.approved)],
    ["Received", amount(money.received)],
    ["Spent", amount(money.spent)],
    ["Returned", amount(money.returned)],
    ["Carried over", money.carried_over.length ? separated(money.carried_over.map((to) => html`${amount(to.amount)} to ${subject(to.to)}`)) : dash],
    ["Left", amount(money.left)],
  ])}`;
}

function went(step) {
  const rows = [
    ...step.converted.map((done) => [done.work_package, "became an item", item(done.item), amount(done.remaining_budget)]),
    ...step.dropped.map((done) => [done.work_package, `was dropped: ${done.reason}`, dash, amount(done.remaining_budget)]),
    ...step.matters.map((done) => [subject(done.subject), words(done.what), subject(done.to), done.owner ?? dash]),
    step.items.length ? ["Items", "moved", separated([...new Set(step.items.map((moved) => moved.to))].map((to) => subject(to))), items(step.items.map((moved) => moved.item))] : undefined,
  ].filter(Boolean);
  if (!rows.length) return step.dispositions.length ? acts(step.dispositions, (to) => html`${to.work_package}: ${words(to.becomes)} ${item(to.item)} ${to.reason ?? ""}`) : nothing;
  return table({
    caption: "What went along",
    columns: [
      { head: "What", cell: ([what]) => what },
      { head: "How", cell: ([, how]) => how },
      { head: "Where to", cell: ([, , to]) => to },
      { head: "With", cell: ([, , , also]) => also },
    ],
    rows,
  });
}

function lineages({ lineages: all }) {
  return table({
    caption: "Members that came from or became something, with what they cost",
    hidden: true,
    empty: "No member came from another.",
    columns: [
      { head: "Member", wide: true, cell: (row) => html`${subject(row.member, row.name ?? row.member)} ${row.mode ? badge(row.mode, row.mode) : nothing}` },
      { head: "Came from", cell: (row) => links(row.origins) },
      { head: "Became", cell: (row) => links(row.successors) },
      { head: "All before", cell: (row) => members(row.ancestors) },
      { head: "All after", cell: (row) => members(row.descendants) },
      { head: "Own cost", of: (row) => row.own_cost },
      { head: "Inherited", of: (row) => row.inherited_cost },
      { head: "Over its life", of: (row) => row.lifetime_cost },
    ],
    rows: all,
  });
}

const members = (all) => (all.length ? separated(all.map((member) => subject(member))) : dash);
const links = (all) => acts(all, (to) => html`${subject(to.member)} <small>${words(to.kind)}${to.share === "1" ? nothing : html`, ${number(to.share, "percent")}`}</small>`);
