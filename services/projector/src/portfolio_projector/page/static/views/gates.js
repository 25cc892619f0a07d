// Stages with every plan, gate reviews with criteria and decisions, and what sources report of items: stages and targets with every move.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { act, acts } from "../parts/acts.js";
import { amount, dash, day, figure, number } from "../parts/figures.js";
import { item } from "../parts/links.js";
import { badge, facts, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

export function gates(id) {
  const ask = { path: "gates", of: { initiative: id }, lists: ["items"] };
  return [
    { heading: "Where it stands", ask, show: standing },
    { heading: "Stages", ask, show: stages },
    { heading: "Gate reviews", ask, show: reviews },
    targets(ask),
  ];
}

export const productGates = (id) => [targets({ path: "productGates", of: { product: id }, lists: ["items"] })];

const targets = (ask) => ({ heading: "What sources report of its items", ask, show: reported });

function standing({ standing: now, mode_changes: changes }) {
  const blocked = now.blocked_by.map((one) => badge(words(one), "bad"));
  return html`${facts([
    ["Stage", now.stage ?? dash],
    ["Since", act(now.since)],
    ["Its gate", now.gate_passed ? badge("passed", "good") : "not passed"],
    ["The next stage", now.may_enter_next ? "may be entered" : html`may not be entered ${blocked}`],
    now.exception && ["Open exception", act(now.exception)],
  ])}${changes.length ? acts(changes, (one) => html`It became ${words(one.to)}: ${act(one.changed)}`) : nothing}`;
}

function stages({ stages: all }) {
  return table({
    caption: "Stages, planned and as they went",
    hidden: true,
    empty: "No stage is planned.",
    columns: [
      { head: "Stage", cell: (one) => html`${one.name ?? one.stage} <small>${one.stage}</small>` },
      { head: "State", cell: (one) => words(one.state) },
      { head: "Started", cell: (one) => day(one.started_on) },
      { head: "Ended", cell: (one) => day(one.ended_on) },
      { head: "Finish against its plan", of: (one) => one.against_current.finish, as: "moved" },
      { head: "Against its first plan", of: (one) => one.against_original.finish, as: "moved" },
      { head: "Overdue", of: (one) => one.overdue, as: "days" },
      { head: "In tolerance", cell: (one) => (one.within_tolerance === null ? dash : one.within_tolerance ? "yes" : badge("no", "bad")) },
      { head: "Plans", wide: true, cell: (one) => acts(one.plans, plan) },
    ],
    rows: all,
  });
}

const plan = (one) =>
  html`${day(one.start)} to ${day(one.finish)}${one.cost_tolerance ? html`, ± ${amount(one.cost_tolerance)}` : nothing}${
    one.days_tolerance === null ? nothing : html`, ± ${number(one.days_tolerance)} d`
  } ${act(one.planned)}`;

function reviews({ reviews: all }) {
  return table({
    caption: "Gate reviews, in their order",
    hidden: true,
    empty: "No gate was reviewed.",
    columns: [
      { head: "Gate", cell: (one) => one.gate },
      { head: "Stage", cell: (one) => one.stage ?? dash },
      { head: "Decision", cell: (one) => badge(words(one.decision), one.decision.endsWith("go") ? "good" : "bad") },
      { head: "Criteria", wide: true, cell: (one) => criteria(one) },
      { head: "Conditions", cell: (one) => (one.conditions.length ? one.conditions.join("; ") : dash) },
      { head: "Evidence", cell: (one) => (one.evidence.length ? one.evidence.join(", ") : dash) },
      { head: "Proposed by", cell: (one) => one.proposed_by },
      { head: "Held", wide: true, cell: (one) => act(one.held) },
    ],
    rows: all,
  });
}

const criteria = ({ criteria: all }) =>
  acts(all, (one) => html`${one.met ? "met" : badge("not met", "bad")}: ${one.criterion} <small>${one.kind}</small>`);

function reported({ items: all, target_moves: moves }) {
  const rows = all.flatMap((one) => (one.targets.length ? one.targets.map((target) => ({ one, target })) : [{ one, target: undefined }]));
  return html`${facts([
    ["Items with targets", number(moves.items)],
    ["Moves to later", number(moves.later)],
    ["To earlier", number(moves.earlier)],
    ["Not comparable", number(moves.incomparable)],
  ])}${table({
    caption: "Items, what is said of them, and their targets with every move",
    hidden: true,
    empty: "No source reports anything of an item.",
    columns: [
      { head: "Item", cell: ({ one }) => item(one.item) },
      { head: "Status", cell: ({ one }) => one.status ?? dash },
      { head: "Stage", cell: ({ one }) => one.stage ?? dash },
      { head: "Milestone", cell: ({ one }) => one.milestone ?? dash },
      { head: "Gate", cell: ({ target }) => target?.gate ?? dash },
      { head: "First target", cell: ({ target }) => target?.first_target ?? dash },
      { head: "Target", cell: ({ target }) => target?.target ?? dash },
      { head: "Slip", number: true, cell: ({ target }) => (target ? html`${figure(target.slip)} <small>${target.unit ?? ""}</small>` : dash) },
      { head: "Moves", wide: true, cell: ({ target }) => acts(target?.moves ?? [], (one) => html`${one.from ?? "–"} → ${one.to ?? "–"} ${act(one.moved)}`) },
    ],
    rows,
  })}`;
}
