// Answers of the read API: asked once for all who want them, kept while somebody looks, asked again when there is news.

import { asked } from "./address.js";
import { PATHS, RECORDED } from "./paths.js";
import { changed, state } from "./state.js";

const RETRY_SECONDS = 5;
const answers = new Map();

// `{path, of, query, lists}`: a name of PATHS, what stands for its parts, what is asked, and the lists that come in pages.
export function address(ask) {
  const names = { portfolio: state.route.portfolio, ...ask.of };
  const path = PATHS[ask.path].replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(names[name]));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...ask.query, ...moment(ask) })) {
    if (value !== undefined && value !== "") query.set(name, value);
  }
  return query.size ? `${path}?${query}` : path;
}

const isAboutOne = (ask) => PATHS[ask.path].includes("{portfolio}");

function moment(ask) {
  if (!isAboutOne(ask)) return {};
  return { as_of: asked("as_of"), effective: RECORDED.has(ask.path) ? undefined : asked("effective") };
}

export const answer = (ask) => answers.get(address(ask));

// Ask for what is not known; forget what nobody looks at any more.
export function want(asks) {
  const wanted = new Map(asks.map((ask) => [address(ask), ask]));
  for (const [key, known] of answers) {
    if (wanted.has(key)) continue;
    known.abort.abort();
    clearTimeout(known.timer);
    answers.delete(key);
  }
  for (const [key, ask] of wanted) {
    if (!answers.has(key)) begin(key, ask);
  }
}

function begin(key, ask) {
  const known = { key, ask, pages: 1, data: undefined, problem: undefined, abort: new AbortController(), minEntry: undefined };
  answers.set(key, known);
  load(known);
}

// Ask again for all that is looked at; what is shown stays until the new answer is there.
export function refresh(minEntry) {
  for (const known of answers.values()) {
    if (known.ask.path === "definitions") continue;
    known.minEntry = isAboutOne(known.ask) ? minEntry : undefined;
    load(known);
  }
}

export function again(known) {
  load(known);
}

export function more(known) {
  known.pages += 1;
  load(known);
}

async function load(known) {
  known.abort.abort();
  clearTimeout(known.timer);
  const abort = (known.abort = new AbortController());
  known.asking = true;
  changed();
  try {
    known.data = await all(known, abort.signal);
    known.problem = undefined;
  } catch (error) {
    if (abort.signal.aborted) return;
    known.problem = error.problem ?? { code: "UNREACHABLE", detail: "The read API does not answer.", retry: RETRY_SECONDS };
    if (known.problem.retry !== undefined) known.timer = setTimeout(() => load(known), known.problem.retry * 1000);
  }
  known.asking = false;
  changed();
}

// The first page and as many after it as somebody asked for, as one answer.
async function all(known, signal) {
  const data = await fetchOne(known, undefined, signal);
  for (let page = 1; page < known.pages && data.next_cursor; page += 1) {
    const next = await fetchOne(known, data.next_cursor, signal);
    for (const list of known.ask.lists) data[list] = [...data[list], ...next[list]];
    data.next_cursor = next.next_cursor;
  }
  return data;
}

async function fetchOne(known, cursor, signal) {
  const url = new URL(known.key, location.origin);
  if (cursor) url.searchParams.set("cursor", cursor);
  if (known.minEntry !== undefined) url.searchParams.set("min_entry", known.minEntry);
  const response = await fetch(url, { headers: { Accept: "application/json" }, signal });
  if (response.ok) return response.json();
  throw Object.assign(new Error(response.statusText), { problem: await problemOf(response) });
}

async function problemOf(response) {
  const seconds = Number(response.headers.get("Retry-After")) || undefined;
  const retry = response.status === 503 || response.status === 429 ? (seconds ?? RETRY_SECONDS) : undefined;
  try {
    const { code, detail, entry } = await response.json();
    return { code, detail, entry, retry };
  } catch {
    return { code: String(response.status), detail: `The read API answers ${response.status} ${response.statusText}.`, retry };
  }
}
