// Asks for consent, and shows the entries that a tag manager would get.

import { bridge } from "./bridge.js";

const CHOICE = "slow-rivers-counting";
const find = (id) => document.getElementById(id);

const choice = () => localStorage.getItem(CHOICE);

const show = () => {
  find("consent").hidden = choice() !== null;
  find("reconsider").hidden = choice() === null;
  find("state").textContent = {
    yes: "You said yes: entries are pushed.",
    no: "You said no: nothing is pushed.",
    null: "You have not chosen yet: nothing is pushed.",
  }[choice()];
};

find("consent").addEventListener("click", ({ target }) => {
  if (target.value) localStorage.setItem(CHOICE, target.value);
  show();
});
find("reconsider").addEventListener("click", () => {
  localStorage.removeItem(CHOICE);
  show();
  find("consent").querySelector("button").focus();
});
show();

// A tag manager also replaces the array's `push`.
window.dataLayer = [];
window.dataLayer.push = (entry) => {
  const item = document.createElement("li");
  item.textContent = JSON.stringify(entry, null, 2);
  find("entries").prepend(item);
  return Array.prototype.push.call(window.dataLayer, entry);
};

bridge(() => choice() === "yes");
