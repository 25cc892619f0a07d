// Baselines: what was promised, how it moved, why and on whose word; and two of them compared.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { amount, dash, day, minor, moved } from "../parts/figures.js";
import { act } from "../parts/acts.js";
import { table } from "../parts/tables.js";
import { plural, words } from "../parts/words.js";

export function baselines(id) {
  const of = { initiative: id };
  const list = { heading: "Every baseline", ask: { path: "baselines", of, lists: ["baselines"] }, show };
  const [from, until] = [asked("from"), asked("to")];
  if (!from || !until) return [list];
  return [list, { heading: `From ${from} to ${until}`, ask: { path: "comparison", of, query: { from, to: until } }, show: compared }];
}

function show({ baselines: all, current }) {
  return html`${table({
    caption: "Baselines, approved or not, in their order",
    hidden: true,
    empty: "No baseline was proposed yet.",
    columns: [
      { head: "No", cell: (one) => one.version },
      { head: "State", cell: (one) => html`${words(one.state)}${one.version === current ? html` <small>current</small>` : nothing}` },
      { head: "Start", cell: (one) => day(one.start) },
      { head: "Finish", cell: (one) => day(one.finish) },
      { head: "Finish moved", number: true, cell: (one) => (one.moved ? moved(one.moved.finish_days) : dash) },
      { head: "Budget", number: true, cell: (one) => amount(one.bac) },
      { head: "Budget moved", number: true, cell: (one) => (one.moved ? minor(one.moved.bac, one.bac.currency) : dash) },
      { head: "Reserve", number: true, cell: (one) => amount(one.management_reserve) },
      { head: "Effective", cell: (one) => day(one.effective_date) },
      { head: "Class", cell: (one) => words(one.change_class) || dash },
      { head: "Proposed", cell: (one) => act(one.proposed) },
      { head: "Decided", wide: true, cell: (one) => act(one.decided) },
    ],
    rows: all,
    mark: (one) => (one.version === current ? "now" : ""),
  })}${all.length > 1 ? chooser(all) : nothing}`;
}

function chooser(all) {
  const compare = (event) => {
    event.preventDefault();
    const fields = new FormData(event.target);
    location.hash = here({ from: fields.get("from"), to: fields.get("to") });
  };
  const choice = (name, chosen) =>
    html`<select name=${name}>${all.map((one) => html`<option value=${one.version} ?selected=${String(one.version) === chosen}>${one.version}, ${words(one.state)}</option>`)}</select>`;
  return html`<form class="ask" @submit=${compare}>
    <label>Compare baseline ${choice("from", asked("from") ?? String(all[0].version))}</label>
    <label>with ${choice("to", asked("to") ?? String(all.at(-1).version))}</label>
    <button>Compare</button>
  </form>`;
}

function compared({ difference, currency, from, to, approved_between: between }) {
  const { work_packages: packages, milestones } = difference;
  return html`${headline(difference, currency)}
    <h3>Work packages</h3>
    ${changedPackages(packages, currency)}
    ${lines("Added", packages.added, (one) => html`${one.name}: ${day(one.start)} to ${day(one.finish)}, ${minor(one.budget, currency)}`)}
    ${lines("Removed", packages.removed, (one) => html`${one.name}: ${day(one.start)} to ${day(one.finish)}, ${minor(one.budget, currency)}`)}
    <h3>Milestones</h3>
    ${table({
      caption: "Milestones that moved",
      hidden: true,
      empty: "None moved.",
      columns: [
        { head: "Milestone", cell: (one) => one.name ?? one.id },
        { head: `In ${from.version}`, cell: (one) => day(one.from) },
        { head: `In ${to.version}`, cell: (one) => day(one.to) },
        { head: "Moved", number: true, cell: (one) => moved(one.days) },
      ],
      rows: milestones.moved,
    })}
    ${lines("Added", milestones.added, (one) => one.name ?? one.id)} ${lines("Removed", milestones.removed, (one) => one.name ?? one.id)}
    ${difference.calendar_changed ? html`<p>The working calendar is another one.</p>` : nothing}
    <h3>On whose word</h3>
    ${table({
      caption: "Baselines that were approved in between",
      hidden: true,
      empty: "None was approved in between.",
      columns: [
        { head: "No", cell: (one) => one.version },
        { head: "Class", cell: (one) => words(one.change_class) },
        { head: "Change request", cell: (one) => one.change_request ?? dash },
        { head: "Decided", wide: true, cell: (one) => act(one.decided) },
      ],
      rows: between,
    })}`;
}

function headline(difference, currency) {
  const rows = [
    ["Budget", difference.bac, (value) => minor(value, currency)],
    ["Management reserve", difference.management_reserve, (value) => (value === null ? dash : minor(value, currency))],
    ["Start", difference.start, day],
    ["Finish", difference.finish, day],
  ].filter(([, part]) => part);
  return table({
    caption: "What moved, and by how much",
    columns: [
      { head: "What", cell: ([label]) => label },
      { head: "From", number: true, cell: ([, part, write]) => write(part.from) },
      { head: "To", number: true, cell: ([, part, write]) => write(part.to) },
      { head: "Difference", number: true, cell: ([, part, write]) => differs(part, write) },
    ],
    rows,
  });
}

const differs = (part, write) => ("days" in part ? moved(part.days) : write(part.difference));

function changedPackages({ changed }, currency) {
  const rows = changed.flatMap((one) => Object.entries(one.changes).map(([name, part]) => ({ one, name, part })));
  const write = (name) => (value) => (name.startsWith("budget") && value !== null ? minor(value, currency) : plain(value));
  return table({
    caption: `${plural(changed.length, "work package")} changed`,
    empty: "No work package changed.",
    columns: [
      { head: "Work package", wide: true, cell: ({ one }) => html`${one.name} <small>${one.id}</small>` },
      { head: "What", cell: ({ name }) => words(name) },
      { head: "From", number: true, cell: ({ name, part }) => write(name)(part.from) },
      { head: "To", number: true, cell: ({ name, part }) => write(name)(part.to) },
      { head: "Difference", number: true, cell: ({ name, part }) => ("days" in part || "difference" in part ? differs(part, write(name)) : dash) },
    ],
    rows,
  });
}

const plain = (value) => (value === null || value === undefined ? dash : typeof value === "object" ? JSON.stringify(value) : String(value));

const lines = (label, list, tell) =>
  list.length ? html`<p><strong>${label}:</strong></p><ul class="acts">${list.map((one) => html`<li>${tell(one)}</li>`)}</ul>` : nothing;
