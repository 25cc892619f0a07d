// News, while one looks at now: entries as they are projected. A page that nobody sees holds no connection.

import { isLive } from "./address.js";
import { refresh } from "./answers.js";
import { PATHS } from "./paths.js";
import { changed, state } from "./state.js";

const PAUSE_MS = 1000;
const RETRY_MS = 10000;
const LOOK_MS = 5000;
let source;
let followed;
let retry;
let due;
let looking;

// Follow the portfolio that is looked at; look now and then at the list of all, which has no stream.
export function follow() {
  clearInterval(looking);
  if (!state.route.portfolio && !document.hidden) looking = setInterval(() => refresh(), LOOK_MS);
  const portfolio = isLive() && !document.hidden ? state.route.portfolio : undefined;
  if (portfolio === followed) return;
  const returns = followed === undefined && portfolio !== undefined && state.live.portfolio === portfolio;
  stop();
  followed = portfolio;
  if (portfolio === undefined) return say(isLive() ? "paused" : "off");
  if (state.live.portfolio !== portfolio) state.live = { standing: "off", portfolio };
  if (returns) refresh(state.live.entry);
  open();
}

function open() {
  say("connecting");
  source = new EventSource(PATHS.stream.replace("{portfolio}", encodeURIComponent(followed)));
  source.addEventListener("open", () => say("live"));
  source.addEventListener("entry", (event) => hear(Number(event.lastEventId)));
  source.addEventListener("error", () => {
    say("away");
    if (source.readyState !== EventSource.CLOSED) return;
    retry = setTimeout(open, RETRY_MS);
  });
}

// However many come, what is looked at is asked for once a second.
function hear(entry) {
  state.live.entry = entry;
  due ??= setTimeout(() => {
    due = undefined;
    refresh(state.live.entry);
  }, PAUSE_MS);
}

function stop() {
  source?.close();
  clearTimeout(retry);
  clearTimeout(due);
  source = due = undefined;
}

function say(standing) {
  if (state.live.standing === standing) return;
  state.live.standing = standing;
  changed();
}
