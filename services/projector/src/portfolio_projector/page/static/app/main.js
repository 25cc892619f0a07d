// Begins: reads the address, asks for what it shows, renders, and does so again whenever any of that changes.

import { render } from "../vendor/lit-html/lit-html.js";
import { page } from "../parts/frame.js";
import { view } from "../views/places.js";
import { read } from "./address.js";
import { want } from "./answers.js";
import { follow } from "./live.js";
import { renderWith, state } from "./state.js";

const ALWAYS = [{ path: "definitions" }, { path: "portfolios", lists: ["portfolios"] }];
const root = document.getElementById("page");
let shown;

function place() {
  const { portfolio, parts } = state.route;
  return [portfolio, ...parts].join("/");
}

function go() {
  state.route = read(location.hash);
  state.explained = undefined;
  follow();
  show();
  if (shown !== undefined && shown !== place()) {
    scrollTo(0, 0);
    document.getElementById("title")?.focus({ preventScroll: true });
  }
  shown = place();
}

function show() {
  const looked = view();
  want([...ALWAYS, ...looked.panels.map((panel) => panel.ask).filter(Boolean)]);
  render(page(looked), root);
}

renderWith(show);
addEventListener("hashchange", go);
document.addEventListener("visibilitychange", follow);
go();
