// Delivery by the five metrics of DORA, with what each was counted from; incidents and what is taken for their cause; error budgets.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { act, acts } from "../parts/acts.js";
import { dash, figure, instant, number, term } from "../parts/figures.js";
import { separated, subject } from "../parts/links.js";
import { badge, facts, table } from "../parts/tables.js";
import { words } from "../parts/words.js";
import { between } from "./flow.js";

const FIVE = [
  ["Deployment frequency, a day", (told) => told.deployment_frequency],
  ["Lead time for changes", (told) => told.lead_time, "minutes"],
  ["… of what was merged", (told) => told.lead_time_merged, "minutes"],
  ["… from the commit", (told) => told.lead_time_commit, "minutes"],
  ["Change failure rate", (told) => told.change_failure_rate, "percent"],
  ["… with rollbacks", (told) => told.change_failure_rate_with_rollbacks, "percent"],
  ["Recovery, from the deployment", (told) => told.recovery, "minutes"],
  ["Recovery, from the incident", (told) => told.recovery_from_incident, "minutes"],
  ["Rework rate", (told) => told.rework_rate, "percent"],
];

export function delivery(id) {
  const query = { from: asked("from"), to: asked("to"), causes: asked("causes") };
  const ask = { path: "delivery", of: { product: id }, query, lists: ["deployments", "changes", "incidents"] };
  return [
    { heading: "The five metrics", ask, show: five },
    { heading: "Incidents", ask, show: incidents },
    { heading: "Deployments", ask, show: deployments },
    { heading: "Changes", ask, show: changes },
    { heading: "Service levels and error budgets", ask, show: levels },
  ];
}

function five(told) {
  const choose = (event) => location.replace(here({ causes: event.target.value }));
  const bands = told.deployment_frequency.bands;
  return html`${between(told.from, told.to)}<form class="ask"><label>Causes of incidents <select @change=${choose}>${["all", "linked", "declared"].map(
    (one) => html`<option value=${one} ?selected=${told.causes === one}>${one}</option>`,
  )}</select></label></form>${table({
    caption: `In ${told.days} days, with the population and the clock of each figure`,
    columns: [
      { head: "Metric", cell: ([label, of]) => term(label, of(told).definition) },
      { head: "Value", number: true, cell: ([, of, as]) => figure(of(told), as) },
      { head: "Of", number: true, cell: ([, of]) => counted(of(told)) },
      { head: "Population", wide: true, cell: ([, of]) => of(told).population },
      { head: "Clock", cell: ([, of]) => of(told).clock ?? dash },
    ],
    rows: FIVE,
  })}${facts(bands.map((one) => [term(`Frequency band, by ${one.median} median`, one.band.definition), html`${figure(one.band, "words")} <small>${figure(one.days_per_week)} days a week</small>`]))}`;
}

const counted = (one) => (one.numerator === null ? number(one.denominator) : html`${number(one.numerator)} / ${number(one.denominator)}`);

function incidents({ incidents: all }) {
  return table({
    caption: "Incidents of the window",
    hidden: true,
    empty: "There was no incident in these days.",
    columns: [
      { head: "Incident", wide: true, cell: (one) => html`${subject(`incident/${one.incident}`, one.title)}<br><small>${one.incident} ${one.service ?? ""}</small>` },
      { head: "Severity", number: true, cell: (one) => number(one.severity) },
      { head: "State", cell: (one) => badge(words(one.state), one.state === "Resolved" ? "good" : "bad") },
      { head: "Started", cell: (one) => instant(one.started_at) },
      { head: "Mitigated", cell: (one) => instant(one.mitigated_at) },
      { head: "Resolved", cell: (one) => html`${instant(one.resolved_at)} ${one.resolution ?? ""}` },
      { head: "Cause that holds", cell: (one) => (one.cause ? html`${subject(`deployment/${one.cause.deployment}`, one.cause.deployment)} <small>${one.cause.method}</small>` : dash) },
      { head: "Every judgement", wide: true, cell: (one) => acts(one.judgements, (said) => html`${said.deployment ?? "no deployment"} ${words(said.method)} ${act(said.judged)}`) },
    ],
    rows: all,
  });
}

function deployments({ deployments: all, attempts }) {
  return html`${table({
    caption: "Attempts by environment",
    empty: "Nothing was deployed in these days.",
    columns: [
      { head: "Environment", cell: (one) => one.environment },
      { head: "Attempts", number: true, cell: (one) => number(one.attempts) },
      { head: "Succeeded", number: true, cell: (one) => number(one.succeeded) },
      { head: "Failed", number: true, cell: (one) => number(one.failed) },
      { head: "Rolled back", number: true, cell: (one) => number(one.rolled_back) },
      { head: "Unfinished", number: true, cell: (one) => number(one.unfinished) },
    ],
    rows: attempts,
  })}${table({
    caption: "Deployments that are counted",
    empty: "None is counted.",
    columns: [
      { head: "Deployment", cell: (one) => subject(`deployment/${one.deployment}`, one.deployment) },
      { head: "Version", cell: (one) => one.version ?? dash },
      { head: "State", cell: (one) => badge(words(one.state), { Succeeded: "good", Failed: "bad", RolledBack: "bad" }[one.state]) },
      { head: "Finished", cell: (one) => instant(one.finished_at) },
      { head: "Rolled back", cell: (one) => html`${instant(one.rolled_back_at)}${one.rolled_back_to ? html` <small>to ${one.rolled_back_to}</small>` : nothing}` },
      { head: "Rework of", cell: (one) => (one.rework_of ? subject(`incident/${one.rework_of}`, one.rework_of) : dash) },
      { head: "Incidents", cell: (one) => (one.incidents.length ? separated(one.incidents.map((id) => subject(`incident/${id}`, id))) : dash) },
    ],
    rows: all,
  })}`;
}

function changes({ changes: all, lead_time: lead }) {
  const stage = (head, name) => ({ head: term(head, lead.stages[name]?.definition), number: true, cell: (one) => number(one[name], "minutes") });
  return html`${facts(["coding", "pickup", "review", "deploy"].map((name) => [words(name), lead.stages[name], "minutes"]))}${table({
    caption: "Changes, by stage",
    empty: "No change is known in these days.",
    columns: [
      { head: "Change", cell: (one) => html`${one.change} <small>${one.repo}</small>` },
      { head: "First commit", cell: (one) => instant(one.authored_at) },
      { head: "Merged", cell: (one) => instant(one.merged_at) },
      { head: "Deployed", cell: (one) => instant(one.deployed_at) },
      stage("Coding", "coding"),
      stage("Pickup", "pickup"),
      stage("Review", "review"),
      stage("Deploy", "deploy"),
      { head: "In all", number: true, cell: (one) => number(one.cycle, "minutes") },
    ],
    rows: all,
  })}`;
}

function levels({ service_levels: all }) {
  return table({
    caption: "Service levels",
    hidden: true,
    empty: "No service level is set.",
    columns: [
      { head: "Service level", wide: true, cell: (one) => html`${one.service_level} <small>${one.sli ?? ""}</small>` },
      { head: "Target", number: true, cell: (one) => number(one.target) },
      { head: "Measured", number: true, cell: (one) => number(one.value) },
      { head: "Standing", cell: (one) => (one.kept === null ? dash : badge(one.kept ? "kept" : "missed", one.kept ? "good" : "bad")) },
      { head: "Error budget", of: (one) => one.error_budget, as: "percent" },
      { head: "Spent of it", of: (one) => one.budget_spent, as: "percent" },
      { head: "Left of it", of: (one) => one.budget_left, as: "percent" },
      { head: "Window", number: true, cell: (one) => number(one.window_days, "days") },
      { head: "Exhausted", wide: true, cell: (one) => acts(one.exhausted, act) },
    ],
    rows: all,
  });
}
