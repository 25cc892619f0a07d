// What teams can work against what is promised of them.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { act, acts, calledDone } from "../parts/acts.js";
import { dash, day, number } from "../parts/figures.js";
import { subject } from "../parts/links.js";
import { badge, table } from "../parts/tables.js";

export function capacity() {
  const ask = { path: "capacity", query: { period: asked("period") }, lists: ["capacity", "teams"] };
  return {
    title: "Capacity",
    panels: [
      { heading: "Load", ask, show: load },
      { heading: "Teams", ask, show: teams },
    ],
  };
}

function load({ capacity: all }) {
  const choose = (event) => location.replace(here({ period: event.target.value }));
  return html`<form class="ask" @submit=${(event) => event.preventDefault()}>
      <label>Period <input name="period" size="10" autocomplete="off" placeholder="2026-Q4" .value=${asked("period") ?? ""} @change=${choose}></label>
    </form>${table({
    caption: "What is promised of teams, against their hours",
    hidden: true,
    empty: "No team was formed.",
    columns: [
      { head: "Team", cell: (one) => html`${subject(`team/${one.team}`, one.team)}` },
      { head: "Period", cell: (one) => one.period },
      { head: "Declared", number: true, cell: (one) => number(one.declared_hours, "hours") },
      { head: "Kept free", of: (one) => one.reserved_hours, as: "hours" },
      { head: "Assigned", number: true, cell: (one) => number(one.assigned_share, "percent") },
      { head: "Assigned hours", of: (one) => one.assigned_hours, as: "hours" },
      { head: "Intended", number: true, cell: (one) => number(one.intended_share, "percent") },
      { head: "Utilisation", of: (one) => one.utilisation, as: "percent" },
      { head: "Headroom", of: (one) => one.headroom, as: "percent" },
      { head: "Peak", number: true, cell: (one) => html`${number(one.peak_share, "percent")} <small>${one.peak_day ?? ""}</small>` },
      { head: "Days over all of it", number: true, cell: over },
      { head: "Worked", of: (one) => one.worked_hours, as: "hours" },
      { head: "Unplanned", of: (one) => one.unplanned_share, as: "percent" },
    ],
    rows: all,
  })}`;
}

function over(one) {
  if (!one.over_allocated_days) return number(0);
  return html`${number(one.over_allocated_days)} ${badge(one.over_allocation_accepted ? "accepted" : "not accepted", one.over_allocation_accepted ? "" : "bad")}`;
}

function teams({ teams: all }) {
  return table({
    caption: "Teams and what they work for",
    hidden: true,
    empty: "No team was formed.",
    columns: [
      { head: "Team", wide: true, cell: (one) => html`${one.name} <small>${one.team}, ${one.kind}</small>` },
      { head: "People", number: true, cell: (one) => number(one.people) },
      { head: "FTE", number: true, cell: (one) => number(one.fte) },
      { head: "Kept free", number: true, cell: (one) => number(one.reserve, "percent") },
      { head: "Assigned to", wide: true, cell: (one) => acts(one.assignments, assigned) },
      { head: "Intended for", wide: true, cell: (one) => acts(one.intended, intended) },
      { head: "Calls done", wide: true, cell: (one) => calledDone(one.definition_of_done) },
      { head: "Formed", cell: (one) => act(one.formed) },
      { head: "Dissolved", cell: (one) => (one.dissolved ? act(one.dissolved) : dash) },
    ],
    rows: all,
    mark: (one) => (one.dissolved ? "ended" : ""),
  });
}

const assigned = (one) => html`${subject(one.member)}: ${number(one.share, "percent")} from ${day(one.start)}${one.until ? html` to ${day(one.until)}` : nothing}`;
const intended = (one) => html`${subject(one.member)}: ${number(one.share, "percent")}, ${day(one.start)} to ${day(one.finish)}`;
