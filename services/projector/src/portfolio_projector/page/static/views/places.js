// Which view stands at which place.

import { state } from "../app/state.js";
import { anomalies, refusals } from "./anomalies.js";
import { capacity } from "./capacity.js";
import { changes } from "./changes.js";
import { decisions } from "./decisions.js";
import { dependencies } from "./dependencies.js";
import { entries, entry, history } from "./entries.js";
import { experiments } from "./experiments.js";
import { freshness } from "./freshness.js";
import { initiative } from "./initiative.js";
import { members } from "./members.js";
import { outcomes } from "./outcomes.js";
import { overview } from "./overview.js";
import { nowhere, portfolios } from "./portfolios.js";
import { product } from "./product.js";
import { risks } from "./risks.js";
import { transitions } from "./transitions.js";

const PLACES = {
  overview,
  members,
  initiative,
  product,
  transitions,
  dependencies,
  risks,
  outcomes,
  capacity,
  experiments,
  decisions,
  freshness,
  anomalies,
  refusals,
  changes,
  entries,
  entry,
  subject: history,
};

export function view() {
  const { portfolio, parts } = state.route;
  if (portfolio === undefined) return portfolios();
  const [place = "overview", ...rest] = parts;
  const found = Object.hasOwn(PLACES, place) ? PLACES[place](...rest) : undefined;
  return found ? { place, ...found } : nowhere();
}
