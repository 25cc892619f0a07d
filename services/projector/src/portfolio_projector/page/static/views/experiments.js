// Experiments with what came of them, and features that not everybody sees.

import { html } from "../vendor/lit-html/lit-html.js";
import { act, acts } from "../parts/acts.js";
import { dash, number } from "../parts/figures.js";
import { subject } from "../parts/links.js";
import { badge, table } from "../parts/tables.js";
import { words } from "../parts/words.js";

export function experiments() {
  const ask = { path: "experiments", lists: ["experiments", "features"] };
  return {
    title: "Experiments",
    panels: [
      { heading: "Experiments", ask, show: experimentTable },
      { heading: "Features", ask, show: featureTable },
    ],
  };
}

const CONCLUSIONS = { keep: "good", drop: "bad" };

function experimentTable({ experiments: all }) {
  return table({
    caption: "Experiments",
    hidden: true,
    empty: "Nothing was put to the test.",
    columns: [
      { head: "Hypothesis", wide: true, cell: (one) => html`${subject(`experiment/${one.experiment}`, one.hypothesis)}<br><small>${one.experiment}</small>` },
      { head: "Member", cell: (one) => subject(one.member) },
      { head: "Judged by", wide: true, cell: (one) => html`${one.metric}<br><small>${one.stop_rule}</small>` },
      { head: "Conclusion", cell: (one) => (one.conclusion ? badge(words(one.conclusion), CONCLUSIONS[one.conclusion]) : badge("goes on")) },
      { head: "Findings", wide: true, cell: (one) => one.findings ?? dash },
      { head: "Started", cell: (one) => act(one.started) },
      { head: "Concluded", cell: (one) => act(one.concluded) },
    ],
    rows: all,
    mark: (one) => (one.conclusion ? "ended" : ""),
  });
}

const share = (value) => (value === null ? "withdrawn" : number(value, "percent"));

function featureTable({ features: all }) {
  return table({
    caption: "Features behind flags",
    hidden: true,
    empty: "No feature is behind a flag.",
    columns: [
      { head: "Feature", cell: (one) => html`${subject(`feature/${one.feature}`, one.feature)}<br><small>${one.flag}</small>` },
      { head: "Member", cell: (one) => subject(one.member) },
      { head: "Seen by", number: true, cell: (one) => share(one.share) },
      { head: "Every exposure", wide: true, cell: (one) => acts(one.exposures, (step) => html`${share(step.share)} ${act(step.said)}`) },
    ],
    rows: all,
    mark: (one) => (one.share === null ? "ended" : ""),
  });
}
