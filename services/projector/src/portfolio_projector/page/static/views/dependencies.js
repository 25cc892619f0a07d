// Who waits for whom, across all modes: what is promised, how it moved, and whether it is in time.

import { html } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { act, acts } from "../parts/acts.js";
import { dash, day, figure, moved } from "../parts/figures.js";
import { separated, subject } from "../parts/links.js";
import { badge, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

const STATES = ["identified", "committed", "fulfilled", "broken", "withdrawn"];

export function dependencies() {
  const ask = { path: "dependencies", query: { state: asked("state") }, lists: ["dependencies"] };
  return {
    title: "Dependencies",
    panels: [
      { heading: "Who waits for whom", ask, show: (told) => html`${filter()}${dependencyTable(told)}` },
      { heading: "Circles", ask, show: circles },
    ],
  };
}

function filter() {
  const choose = (event) => location.replace(here({ state: event.target.value }));
  return html`<form class="ask"><label>State <select @change=${choose}><option value="">any</option>${STATES.map(
    (one) => html`<option ?selected=${asked("state") === one}>${one}</option>`,
  )}</select></label></form>`;
}

const end = (one) => html`${subject(one.member, one.name ?? one.member)} ${one.mode ? badge(one.mode, one.mode) : ""}`;

export function dependencyTable({ dependencies: all }) {
  return table({
    caption: "Dependencies",
    hidden: true,
    empty: "Nobody waits for anybody.",
    columns: [
      { head: "Dependency", wide: true, cell: (one) => html`${subject(`dependency/${one.dependency}`, one.dependency)} ${one.description ?? ""}` },
      { head: "Waits", cell: (one) => end(one.from) },
      { head: "Kind", cell: (one) => words(one.kind) },
      { head: "For", cell: (one) => end(one.to) },
      { head: "State", cell: (one) => badge(one.state, { fulfilled: "good", broken: "bad" }[one.state]) },
      { head: "Promised", cell: (one) => html`${day(one.committed)} <small>${one.committed_with ?? ""}</small>` },
      { head: "Needed", cell: (one) => html`${figure(one.needed)} <small>${one.needed.basis ? `by ${one.needed.basis} ${one.needed.of ?? ""}` : ""}</small>` },
      { head: "In time", cell: (one) => (one.is_late === null ? dash : one.is_late ? badge("late", "bad") : badge("in time", "good")) },
      { head: "Late", of: (one) => one.late, as: "moved" },
      { head: "Overdue", of: (one) => one.overdue, as: "days" },
      { head: "Slip", of: (one) => one.slip, as: "moved" },
      { head: "Every promise", wide: true, cell: (one) => acts(one.moves, (step) => html`${day(step.day)} ${step.release ?? ""} ${step.moved_days === null ? "" : moved(step.moved_days)} ${act(step.stated)}`) },
      { head: "Repointed", wide: true, cell: (one) => acts(one.repointed, (step) => html`${subject(step.old)} → ${subject(step.new)} ${act(step.stated)}`) },
    ],
    rows: all,
  });
}

function circles({ cycles: all }) {
  return table({
    caption: "Circles: each waits for the next, and the last for the first",
    hidden: true,
    empty: "Nobody waits for itself.",
    columns: [
      { head: "Members", cell: (one) => separated(one.members.map((member) => subject(member))) },
      { head: "Dependencies", cell: (one) => separated(one.dependencies.map((id) => subject(`dependency/${id}`, id))) },
    ],
    rows: all,
  });
}
