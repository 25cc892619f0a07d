// Figures of the read API as they are read: exact in the markup (`data`, `time`), short for the eye, never without a reason.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { money, percent, rounded } from "./amounts.js";
import { explain } from "./explaining.js";
import { words } from "./words.js";

const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT/;
const PLACES = { ratio: 3, hours: 1, months: 1, days: 1 };
const SUFFIX = { hours: " h", months: " months", days: " d", weeks: " weeks", points: " points" };

export const dash = html`<span class="none" aria-label="none">–</span>`;

export function amount(sum) {
  if (!sum) return dash;
  const text = money(sum.minor, sum.currency);
  return html`<data class=${sum.minor < 0 ? "minus" : "plus"} value="${sum.minor} ${sum.currency}"><small>${sum.currency}</small> ${text}</data>`;
}

// A person, by the pseudonym that the log has.
export const who = (id) => (id ? html`<span class="who">${id}</span>` : dash);

export const minor = (value, currency) => (currency ? amount({ minor: value, currency }) : dash);

export function number(value, as) {
  if (value === null || value === undefined) return dash;
  const exact = String(value);
  const shown = as === "percent" ? percent(exact) : as === "minutes" ? duration(exact) : rounded(exact, PLACES[as] ?? 4);
  const text = shown + (SUFFIX[as] ?? "");
  return html`<data value=${exact} title=${shown === exact ? nothing : exact}>${text}</data>`;
}

// Whole minutes in the two largest units that they fill; what is less than a minute is said as it is.
function duration(minutes) {
  const whole = Number(minutes.split(".")[0]);
  if (whole < 60) return `${rounded(minutes, 1)} min`;
  if (whole < 1440) return `${Math.floor(whole / 60)} h ${whole % 60} min`;
  return `${Math.floor(whole / 1440)} d ${Math.floor((whole % 1440) / 60)} h`;
}

export function moved(days) {
  if (days === null || days === undefined) return dash;
  return html`<data class=${days > 0 ? "later" : ""} value=${days}>${days > 0 ? "+" : ""}${days} d</data>`;
}

// A day as it was stated, or an instant to the minute with its offset.
export function day(text) {
  if (!text) return dash;
  if (!INSTANT.test(text)) return DAY.test(text) ? html`<time datetime=${text}>${text}</time>` : html`${text}`;
  return html`<time datetime=${text} title=${text}>${text.slice(0, 10)}</time>`;
}

export function instant(text) {
  if (!text) return dash;
  const zone = /(Z|[+-]\d\d:\d\d)$/.exec(text)?.[1];
  return html`<time datetime=${text} title=${text}>${text.slice(0, 10)} ${text.slice(11, 16)} <small>${zone === "Z" ? "UTC" : zone}</small></time>`;
}

// A metric, `{value, reason, definition}`: its value, or a dash and why there is none.
export function figure(metric, as) {
  if (metric === null || metric === undefined) return dash;
  const { value } = metric;
  if (value === null) return reason(metric);
  if (typeof value === "object") return amount(value);
  if (as === "words") return words(value);
  if (as === "moved") return moved(value);
  return typeof value === "string" && (DAY.test(value) || INSTANT.test(value)) ? day(value) : number(value, as);
}

function reason(metric) {
  return html`<button type="button" class="none" @click=${() => explain(metric.definition, metric.reason)}>
    <span aria-hidden="true">–</span> <span class="reason">${words(metric.reason)}</span></button>`;
}

// What a figure is called; how it is worked out is told on demand.
export function term(label, definition) {
  if (!definition) return label;
  return html`<button type="button" class="term" @click=${() => explain(definition)}>${label}</button>`;
}
