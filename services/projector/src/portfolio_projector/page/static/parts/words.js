// Codes and names of the log as words.

// `NO_FUNDING`, `scope_change`, `CostPosted`: no funding, scope change, cost posted.
export function words(code) {
  if (code === null || code === undefined) return "";
  return String(code).replace(/([a-z\d])([A-Z])/g, "$1 $2").replaceAll(/[_-]/g, " ").toLowerCase();
}

// `portfolio.item.item-moved.v1`: item moved.
export function typeName(type) {
  return words(/([^.]+)\.v\d+$/.exec(type)?.[1] ?? type);
}

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
