// Charts: a title, lines on a canvas with a legend, and the same figures as a table.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { digitsOf, money } from "./amounts.js";
import { written } from "./line_chart.js";
import { folded, table } from "./tables.js";

// `{title, days, series, text, tick}`: days as text; a series is `{label, values, colour, kind, dash}` with null where it says
// nothing; `text` writes a value exactly, `tick` shortly.
export function chart(spec) {
  if (!spec.days.length) return html`<p class="empty">${spec.empty ?? "There is nothing to draw yet."}</p>`;
  return html`<figure class="chart">
    <figcaption>${spec.title}${spec.close ? html` <small>the axis does not begin at 0</small>` : nothing}</figcaption>
    <line-chart role="img" aria-label="${spec.title}. The same figures stand in the table below." .spec=${spec}></line-chart>
    ${folded("The figures of this chart", () => values(spec), spec.title)}
  </figure>`;
}

function values(spec) {
  const columns = spec.series.map((one) => ({ head: one.label, number: true, cell: (index) => written(spec, one.values[index]) }));
  return table({
    caption: spec.title,
    hidden: true,
    columns: [{ head: "Day", cell: (index) => spec.days[index] }, ...columns],
    rows: spec.days.map((_, index) => index),
  });
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

// How values of money are written: exactly, and shortly on the axis.
export const inMoney = (currency) => ({
  text: (minor) => `${currency} ${money(minor, currency)}`,
  tick: (minor) => compact.format(minor / 10 ** digitsOf(currency)),
});
