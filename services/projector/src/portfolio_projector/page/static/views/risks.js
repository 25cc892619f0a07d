// The register of risks with what they may cost, every assessment, and the issues that came of them.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { act, acts } from "../parts/acts.js";
import { amount, dash, day, figure, number, who } from "../parts/figures.js";
import { subject } from "../parts/links.js";
import { badge, facts, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

export function risks() {
  const ask = { path: "risks", lists: ["risks", "issues"] };
  return {
    title: "Risks",
    panels: [
      { heading: "Exposure", ask, show: summed },
      { heading: "By member", ask, show: byMember },
      { heading: "Risks", ask, show: riskTable },
      { heading: "Issues", ask, show: issueTable },
    ],
  };
}

export function summed(told) {
  return facts([
    ["Open", number(told.open)],
    ["Not assessed", number(told.unassessed)],
    ["Materialised", number(told.materialised)],
    ["Closed", number(told.closed)],
    ["Exposure", told.exposure],
    ["In days", told.exposure_days, "days"],
    ...(told.other_currencies ?? []).map((one) => [`Exposure in ${one.currency}`, one.exposure]),
  ]);
}

function byMember({ members: all }) {
  return table({
    caption: "Exposure by member",
    hidden: true,
    empty: "No risk is identified.",
    columns: [
      { head: "Member", cell: (one) => subject(one.member) },
      { head: "Open", number: true, cell: (one) => number(one.open) },
      { head: "Not assessed", number: true, cell: (one) => number(one.unassessed) },
      { head: "Materialised", number: true, cell: (one) => number(one.materialised) },
      { head: "Exposure", of: (one) => one.exposure },
      { head: "In days", of: (one) => one.exposure_days, as: "days" },
    ],
    rows: all,
  });
}

export function riskTable({ risks: all }) {
  return table({
    caption: "Risks",
    hidden: true,
    empty: "No risk is identified.",
    columns: [
      { head: "Risk", wide: true, cell: (one) => html`${subject(`risk/${one.risk}`, one.title)}<br><small>${one.risk}, ${words(one.category)}</small>` },
      { head: "Member", cell: (one) => subject(one.member) },
      { head: "State", cell: (one) => badge(words(one.state), one.open ? "" : one.state === "Materialised" ? "bad" : "good") },
      { head: "Owner", cell: (one) => who(one.owner) },
      { head: "Exposure", of: (one) => one.exposure },
      { head: "In days", of: (one) => one.exposure_days, as: "days" },
      { head: "Assessments", wide: true, cell: (one) => acts(one.assessments, assessment) },
      { head: "Answers", wide: true, cell: answers },
      { head: "Identified", cell: (one) => act(one.identified) },
      { head: "Ended", cell: (one) => html`${act(one.ended)}${one.issue ? html` ${subject(`issue/${one.issue}`, one.issue)}` : nothing}` },
    ],
    rows: all,
    mark: (one) => (one.open ? "" : "ended"),
  });
}

const assessment = (one) =>
  html`${number(one.probability, "percent")} of ${amount(one.impact_money)}${one.impact_days === null ? nothing : html` and ${number(one.impact_days)} d`}: ${figure(one.exposure)} ${act(one.assessed)}`;

function answers(one) {
  const accepted = one.acceptance;
  const until = accepted && html`<div>Accepted until ${day(accepted.until)} ${accepted.over ? badge("over", "bad") : nothing} ${act(accepted.accepted)}</div>`;
  if (!one.responses.length) return until ?? dash;
  return html`${acts(one.responses, (given) => html`${words(given.response)}: ${given.plan ?? ""} ${act(given.planned)}`)}${until ?? nothing}`;
}

export function issueTable({ issues: all }) {
  return table({
    caption: "Issues",
    hidden: true,
    empty: "No issue was opened.",
    columns: [
      { head: "Issue", wide: true, cell: (one) => html`${subject(`issue/${one.issue}`, one.title)}<br><small>${one.issue}</small>` },
      { head: "Member", cell: (one) => subject(one.member) },
      { head: "Severity", number: true, cell: (one) => number(one.severity) },
      { head: "State", cell: (one) => badge(one.open ? "open" : "resolved", one.open ? "bad" : "good") },
      { head: "Owner", cell: (one) => who(one.owner) },
      { head: "Escalated", cell: (one) => acts(one.escalations, (step) => html`to ${step.to} ${act(step.escalated)}`) },
      { head: "Opened", cell: (one) => act(one.opened) },
      { head: "Resolved", wide: true, cell: (one) => html`${one.resolution ?? ""} ${act(one.resolved)}` },
    ],
    rows: all,
    mark: (one) => (one.open ? "" : "ended"),
  });
}
