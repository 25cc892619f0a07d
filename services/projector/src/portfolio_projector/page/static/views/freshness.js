// How fresh what is shown is: when each source was last heard about each member, by its own time.

import { html } from "../vendor/lit-html/lit-html.js";
import { instant } from "../parts/figures.js";
import { entry, subject } from "../parts/links.js";
import { table } from "../parts/tables.js";

export function freshness() {
  const ask = { path: "overview", lists: ["members"] };
  return { title: "Freshness", panels: [{ heading: "Last heard, by member and source", ask, show }] };
}

function show({ members: all }) {
  const rows = all.flatMap((member) => member.freshness.sources.map((source, index) => ({ member, source, first: !index })));
  return table({
    caption: "The last word of each source",
    hidden: true,
    empty: "Nothing was heard yet.",
    columns: [
      { head: "Member", wide: true, cell: ({ member, first }) => (first ? subject(member.member, member.name) : html`<span class="unseen">${member.name}</span>`) },
      { head: "Last heard", number: true, of: ({ member, first }) => (first ? member.freshness.days : undefined), as: "days" },
      { head: "Source", cell: ({ source }) => source.source },
      { head: "Its last time", cell: ({ source }) => instant(source.time) },
      { head: "Entry", cell: ({ source }) => entry(source.entry) },
    ],
    rows,
  });
}
