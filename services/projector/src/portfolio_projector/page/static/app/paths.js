// Every path that the page asks, as the OpenAPI document has it.

export const PATHS = {
  portfolios: "/portfolios",
  definitions: "/metrics-definitions",
  overview: "/portfolios/{portfolio}/overview",
  stream: "/portfolios/{portfolio}/stream",
  entries: "/portfolios/{portfolio}/entries",
  changes: "/portfolios/{portfolio}/changes",
  history: "/portfolios/{portfolio}/subjects/{aggregate}/{id}/history",
  transitions: "/portfolios/{portfolio}/transitions",
  dependencies: "/portfolios/{portfolio}/dependencies",
  risks: "/portfolios/{portfolio}/risks",
  outcomes: "/portfolios/{portfolio}/outcomes",
  capacity: "/portfolios/{portfolio}/capacity",
  initiative: "/portfolios/{portfolio}/initiatives/{initiative}",
  baselines: "/portfolios/{portfolio}/initiatives/{initiative}/baselines",
  comparison: "/portfolios/{portfolio}/initiatives/{initiative}/baselines/compare",
  performance: "/portfolios/{portfolio}/initiatives/{initiative}/performance",
  gates: "/portfolios/{portfolio}/initiatives/{initiative}/gates",
  register: "/portfolios/{portfolio}/initiatives/{initiative}/changes",
  exceptions: "/portfolios/{portfolio}/initiatives/{initiative}/exceptions",
  milestones: "/portfolios/{portfolio}/initiatives/{initiative}/milestones",
  iterations: "/portfolios/{portfolio}/initiatives/{initiative}/iterations",
  initiativeBurnUp: "/portfolios/{portfolio}/initiatives/{initiative}/burn-up",
  product: "/portfolios/{portfolio}/products/{product}",
  backlog: "/portfolios/{portfolio}/products/{product}/backlog",
  moves: "/portfolios/{portfolio}/products/{product}/backlog/history",
  priorities: "/portfolios/{portfolio}/products/{product}/backlog/priorities",
  flow: "/portfolios/{portfolio}/products/{product}/flow",
  forecast: "/portfolios/{portfolio}/products/{product}/forecast",
  productBurnUp: "/portfolios/{portfolio}/products/{product}/burn-up",
  productGates: "/portfolios/{portfolio}/products/{product}/gates",
  funding: "/portfolios/{portfolio}/products/{product}/funding",
  delivery: "/portfolios/{portfolio}/products/{product}/delivery",
};

// Where only what was recorded can be asked for: these take no `effective`.
export const RECORDED = new Set(["entries", "changes", "history"]);
