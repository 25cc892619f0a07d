// What the page knows. One object; whoever changes it says so, and the page is rendered anew.

export const state = {
  route: { portfolio: undefined, parts: [], query: new URLSearchParams() },
  live: { standing: "off", entry: undefined },
  explained: undefined,
  opened: new Set(),
};

let render = () => {};
let due = false;

export function renderWith(renderer) {
  render = renderer;
}

// Many changes of one moment are shown once.
export function changed() {
  if (due) return;
  due = true;
  queueMicrotask(() => {
    due = false;
    render();
  });
}
