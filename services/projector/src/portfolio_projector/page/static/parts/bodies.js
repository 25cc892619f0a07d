// The body of an event as it lies in the log: names and values, shortly, as text.

import { html } from "../vendor/lit-html/lit-html.js";
import { amount, dash } from "./figures.js";
import { separated } from "./links.js";
import { words } from "./words.js";

const LONG = 120;

export function body(data) {
  const fields = Object.entries(data ?? {}).filter(([, value]) => value !== null);
  if (!fields.length) return dash;
  return separated(fields.map(([name, value]) => html`<span class="field"><small>${words(name)}</small> ${written(value)}</span>`));
}

function written(value) {
  if (typeof value === "object" && "minor" in value && "currency" in value) return amount(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONG ? html`<span title=${text}>${text.slice(0, LONG)} …</span>` : text;
}
