// What a figure means, or why it has no value: the sentence of the read API, on demand.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { answer } from "../app/answers.js";
import { changed, state } from "../app/state.js";

export function explain(definition, reason) {
  state.explained = { definition, reason };
  changed();
  queueMicrotask(() => {
    const dialog = document.getElementById("explanation");
    if (dialog && !dialog.open) dialog.showModal();
  });
}

const meaningOf = (told, reason) => told?.reasons.find((one) => one.reason === reason)?.meaning;

function forget() {
  state.explained = undefined;
  changed();
}

export function explanation() {
  if (!state.explained) return nothing;
  const told = answer({ path: "definitions" })?.data;
  const { definition, reason } = state.explained;
  const found = told?.definitions.find((one) => one.definition === definition);
  return html`<dialog id="explanation" aria-labelledby="explanation-title" @close=${forget} @click=${closeOutside}>
    <form method="dialog">
      <h2 id="explanation-title">${definition ?? reason}</h2>
      ${reason && html`<p class="why">No value: ${meaningOf(told, reason) ?? reason}</p>`}
      ${found && html`<p>${found.sentence}</p><p class="source">Unit: ${found.unit}. Source: ${found.source}</p>`}
      ${!reason && !found ? html`<p>The read API does not say how this is worked out.</p>` : nothing}
      <button autofocus>Close</button>
    </form>
  </dialog>`;
}

function closeOutside(event) {
  if (event.target === event.currentTarget) event.currentTarget.close();
}
