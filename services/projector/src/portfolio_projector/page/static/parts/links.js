// Links within the portfolio, at the moment that is looked at.

import { html } from "../vendor/lit-html/lit-html.js";
import { to } from "../app/address.js";
import { dash } from "./figures.js";

const MEMBERS = ["initiative", "product"];

// A subject: a member has its pages, anything else its history.
export function subject(reference, label = reference) {
  if (!reference) return dash;
  const place = MEMBERS.includes(reference.split("/")[0]) ? reference : `subject/${reference}`;
  return html`<a href=${to(place)}>${label}</a>`;
}

export const item = (id) => (id ? subject(id.includes("/") ? id : `item/${id}`, id.replace("item/", "")) : dash);

export const entry = (number) => html`<a class="entry" href=${to(`entry/${number}`)} aria-label="entry ${number}">#${number}</a>`;

export const separated = (parts) => parts.map((part, index) => (index ? html`, ${part}` : part));

export const items = (ids) => (ids.length ? separated(ids.map(item)) : dash);
