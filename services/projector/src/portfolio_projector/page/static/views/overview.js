// The one view: every initiative and product by the same columns, whatever way they are delivered.

import { html } from "../vendor/lit-html/lit-html.js";
import { asked, here } from "../app/address.js";
import { compare } from "../parts/amounts.js";
import { dash, number, who } from "../parts/figures.js";
import { subject } from "../parts/links.js";
import { badge, facts, table } from "../parts/tables.js";
import { plural } from "../parts/words.js";

const ask = { path: "overview", lists: ["members"] };
const ENDED = new Set(["Rejected", "Completed", "Closed", "Cancelled", "Transitioned", "Retired", "Merged", "Split"]);
const MODES = ["waterfall", "agile", "product"];

const COLUMNS = [
  { key: "name", head: "Member", text: (one) => one.name, cell: name, wide: true },
  { key: "mode", head: "Mode", text: (one) => one.mode, cell: (one) => badge(one.mode, one.mode) },
  { key: "state", head: "State", text: (one) => one.state, cell: (one) => one.state },
  { key: "responsible", head: "Responsible", text: (one) => one.responsible ?? "", cell: (one) => who(one.responsible) },
  { key: "complete", head: "Complete", of: (one) => one.percent_complete, as: "percent" },
  { key: "spi", head: "SPI", of: (one) => one.spi, as: "ratio" },
  { key: "cpi", head: "CPI", of: (one) => one.cpi, as: "ratio" },
  { key: "promise", head: "Next promise", of: (one) => one.promise.next, as: "day" },
  { key: "by", head: "Promised by", text: (one) => one.promise.of ?? "", cell: (one) => one.promise.of ?? dash },
  { key: "likely", head: "Likely (85 %) by", of: (one) => one.promise.p85, as: "day" },
  { key: "moves", head: "Moved", of: (one) => one.promise.moves },
  { key: "moved", head: "Last moved", of: (one) => one.promise.days_since_move, as: "days" },
  { key: "spent", head: "Spent", of: (one) => one.money.spent },
  { key: "forecast", head: "Forecast", of: (one) => one.money.forecast },
  { key: "released", head: "Released", of: (one) => one.money.released },
  { key: "balance", head: "Balance", of: (one) => one.money.balance },
  { key: "runway", head: "Runway", of: (one) => one.money.runway, as: "months" },
  { key: "finished", head: "Done in 28 d", of: (one) => one.finished },
  { key: "failures", head: "Change failures", of: (one) => one.change_failure_rate, as: "percent" },
  { key: "exposure", head: "Exposure", of: (one) => one.risk_exposure },
  { key: "risks", head: "Open risks", number: true, text: (one) => one.open_risks, cell: (one) => number(one.open_risks) },
  { key: "benefits", head: "Benefits met", of: (one) => one.benefits_met, as: "percent" },
  { key: "heard", head: "Last heard", of: (one) => one.freshness.days, as: "days" },
];

export function overview() {
  return {
    title: "Overview",
    panels: [
      { heading: "All of it", ask, show: totals },
      { heading: "Initiatives and products", ask, show: members },
    ],
  };
}

function name(one) {
  return html`${subject(one.member, one.name)}<br><small>${one.member}</small>`;
}

function totals({ totals: all }) {
  const left = all.left_out.length ? html`<p class="note">Left out of the sums, being in another currency: ${all.left_out.join(", ")}.</p>` : "";
  return html`${facts([
    ["Initiatives", number(all.initiatives)],
    ["Products", number(all.products)],
    ["SPI of the sums", all.spi, "ratio"],
    ["CPI of the sums", all.cpi, "ratio"],
    ["Risk exposure", all.risk_exposure],
  ])}${left}`;
}

function members({ members: all }) {
  if (!all.length) return html`<p class="empty">No initiative is proposed and no product conceived yet, at this moment.</p>`;
  const rows = sorted(all.filter(isWanted));
  return html`${filters()}<p class="note" role="status">${plural(rows.length, "row")} of ${all.length}</p>${table({
    caption: "Initiatives and products of all three modes",
    hidden: true,
    columns: COLUMNS.map((column) => ({ ...column, sort: sorting(column.key) })),
    rows,
    empty: "Nothing here is called like that.",
    mark: (one) => (ENDED.has(one.state) ? "ended" : ""),
  })}`;
}

function isWanted(one) {
  const mode = asked("mode");
  const words = (asked("words") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${one.member} ${one.name} ${one.state} ${one.responsible ?? ""}`.toLowerCase();
  const isOpen = asked("ended") !== "no" || !ENDED.has(one.state);
  return (!mode || one.mode === mode) && isOpen && words.every((word) => text.includes(word));
}

function filters() {
  const set = (name) => (event) => location.replace(here({ [name]: event.target.value }));
  return html`<form class="ask" role="search" @submit=${(event) => event.preventDefault()}>
    <label>Words <input type="search" name="words" .value=${asked("words") ?? ""} @input=${set("words")}></label>
    <label>Mode <select name="mode" @change=${set("mode")}>
      <option value="">all three</option>
      ${MODES.map((mode) => html`<option ?selected=${asked("mode") === mode}>${mode}</option>`)}
    </select></label>
    <label>Ended ones <select name="ended" @change=${set("ended")}>
      <option value="">shown</option>
      <option value="no" ?selected=${asked("ended") === "no"}>left out</option>
    </select></label>
  </form>`;
}

const currentSort = () => /^(-?)(.+)$/.exec(asked("sort") ?? "")?.slice(1) ?? [];

function sorting(key) {
  const [down, by] = currentSort();
  if (by !== key) return { to: here({ sort: key }), arrow: "" };
  return { to: here({ sort: down ? undefined : `-${key}` }), arrow: down ? " ▾" : " ▴", direction: down ? "descending" : "ascending" };
}

function sorted(rows) {
  const [down, by] = currentSort();
  const column = COLUMNS.find((one) => one.key === by);
  if (!column) return rows;
  const known = rows.filter((row) => value(column, row) !== null);
  known.sort((one, other) => order(value(column, one), value(column, other)));
  if (down) known.reverse();
  return [...known, ...rows.filter((row) => value(column, row) === null)];
}

// What has no value comes last, in either direction.
function value(column, row) {
  if (!column.of) return column.text(row);
  const known = column.of(row).value;
  return known !== null && typeof known === "object" ? known.minor : known;
}

const NUMBER = /^-?\d+(\.\d+)?$/;

function order(one, other) {
  if (NUMBER.test(one) && NUMBER.test(other)) return compare(one, other);
  return String(one).localeCompare(String(other));
}
