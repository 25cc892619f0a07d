// What a member has in common with all others: its risks, outcomes, dependencies and decisions.

import { decisionTable } from "./decisions.js";
import { benefits } from "./outcomes.js";
import { issueTable, riskTable, summed } from "./risks.js";
import { dependencyTable } from "./dependencies.js";
import { transitionList } from "./transitions.js";

export function matters(member) {
  const query = { member };
  const risks = { path: "risks", query, lists: ["risks", "issues"] };
  return [
    { heading: "Risk exposure", ask: risks, show: summed },
    { heading: "Risks", ask: risks, show: riskTable },
    { heading: "Issues", ask: risks, show: issueTable },
    { heading: "Benefits", ask: { path: "outcomes", query, lists: ["benefits", "objectives"] }, show: benefits },
    { heading: "Dependencies", ask: { path: "dependencies", query, lists: ["dependencies"] }, show: dependencyTable },
    { heading: "Decisions", ask: { path: "decisions", query: { about: member }, lists: ["decisions", "reviews"] }, show: decisionTable },
    { heading: "Transitions", ask: { path: "transitions", query, lists: ["transitions"] }, show: transitionList },
  ];
}
