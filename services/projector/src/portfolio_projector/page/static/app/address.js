// Where one is: `#/portfolio/place?as_of=&effective=&...`. All that is looked at is in the address, so that every report is a link.

import { state } from "./state.js";

const TIME = ["as_of", "effective"];

export function read(hash) {
  const [path, query = ""] = hash.replace(/^#?\/?/, "").split(/\?(.*)/s);
  const [portfolio, ...parts] = path.split("/").filter(Boolean).map(decode);
  return { portfolio, parts, query: new URLSearchParams(query) };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function write(portfolio, parts, query) {
  const path = [portfolio, ...parts].filter((part) => part !== undefined).map(encodeURIComponent).join("/");
  const asked = query.toString();
  return `#/${path}${asked && `?${asked}`}`;
}

function merged(query, changes) {
  const all = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === null || value === "") all.delete(name);
    else all.set(name, value);
  }
  return all;
}

// A place of this portfolio, at the moment that is looked at.
export function to(place, query = {}) {
  const time = new URLSearchParams([...state.route.query].filter(([name]) => TIME.includes(name)));
  return write(state.route.portfolio, place.split("/").filter(Boolean), merged(time, query));
}

// The place where one is, with some of what is asked changed; undefined takes a name away.
export function here(changes) {
  return write(state.route.portfolio, state.route.parts, merged(state.route.query, changes));
}

// Another portfolio, now.
export function portfolio(name) {
  return write(name, [], new URLSearchParams());
}

export const asked = (name) => state.route.query.get(name) ?? undefined;

export const isPast = () => TIME.some((name) => state.route.query.has(name));

// Only what the ledger knew by an entry stays as it is; a day of the past is told anew with every late fact.
export const isLive = () => Boolean(state.route.portfolio) && !state.route.query.has("as_of");
