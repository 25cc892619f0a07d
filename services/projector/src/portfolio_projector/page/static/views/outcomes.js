// Outcomes: benefits and objectives, what was promised, measured and realised, long after what they were expected of has ended.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { act, acts } from "../parts/acts.js";
import { dash, day, figure, number } from "../parts/figures.js";
import { subject } from "../parts/links.js";
import { badge, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

export function outcomes() {
  const ask = { path: "outcomes", lists: ["benefits", "objectives"] };
  return {
    title: "Outcomes",
    panels: [
      { heading: "Benefits", ask, show: benefits },
      { heading: "Objectives and key results", ask, show: objectives },
    ],
  };
}

const STATES = { Realised: "good", NotRealised: "bad" };

export function benefits({ benefits: all }) {
  return table({
    caption: "Benefits",
    hidden: true,
    empty: "No benefit is identified.",
    columns: [
      { head: "Benefit", wide: true, cell: (one) => html`${subject(`benefit/${one.benefit}`, one.title)}<br><small>${one.benefit}, ${words(one.kind)}</small>` },
      { head: "Member", cell: (one) => subject(one.member) },
      { head: "Owner", cell: (one) => one.owner },
      { head: "State", cell: (one) => html`${badge(words(one.state), STATES[one.state])} ${one.overdue ? badge("overdue", "bad") : nothing}` },
      { head: "Before", number: true, cell: (one) => (one.baseline ? html`${number(one.baseline.value)} <small>${one.unit}</small>` : dash) },
      { head: "Promised", number: true, cell: (one) => (one.target ? html`${number(one.target.value)} <small>${one.unit} by ${one.target.date}</small>` : dash) },
      { head: "Measured", number: true, cell: (one) => (one.value === null ? dash : html`${number(one.value)} <small>${one.measured_on}</small>`) },
      { head: "Realised", of: (one) => one.realised, as: "percent" },
      { head: "Gained", of: (one) => one.gained, as: "percent" },
      { head: "Every measurement", wide: true, cell: (one) => acts(one.measurements, measurement) },
      { head: "Carried over", cell: (one) => acts(one.carried, (step) => html`${subject(step.before)} → ${subject(step.to)} ${act(step.carried)}`) },
    ],
    rows: all,
  });
}

const measurement = (one) => html`${day(one.date)}: ${number(one.value)} <small>${one.method}</small> ${act(one.measured)}`;

function objectives({ objectives: all }) {
  const rows = all.flatMap((one) => (one.key_results.length ? one.key_results.map((result, index) => ({ one, result, first: !index })) : [{ one, first: true }]));
  return table({
    caption: "Objectives with their key results",
    hidden: true,
    empty: "No objective is set.",
    columns: [
      { head: "Objective", wide: true, cell: ({ one, first }) => (first ? html`${subject(`objective/${one.objective}`, one.title)}<br><small>${one.cycle}</small>` : nothing) },
      { head: "Of", cell: ({ one }) => (one.member ? subject(one.member) : "the portfolio") },
      { head: "Score", number: true, cell: ({ one, first }) => (first ? figure(one.score, "percent") : nothing) },
      { head: "Key result", wide: true, cell: ({ result }) => result?.title ?? dash },
      { head: "From", number: true, cell: ({ result }) => (result ? html`${number(result.start)} <small>${result.unit}</small>` : dash) },
      { head: "To", number: true, cell: ({ result }) => (result ? number(result.target) : dash) },
      { head: "Measured", number: true, cell: ({ result }) => (result?.value ? html`${number(result.value)} <small>${result.measured_on}</small>` : dash) },
      { head: "Its score", number: true, cell: ({ result }) => figure(result?.score, "percent") },
      { head: "Set", cell: ({ one, first }) => (first ? act(one.set) : nothing) },
    ],
    rows,
  });
}
