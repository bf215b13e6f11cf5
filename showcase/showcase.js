// The controls of the showcase: form, language, theme and colours.

import { listEvents } from "./events.js";
import { copyOnPress } from "./copy.js";
import { startEditor } from "./editor.js";
import { showEdited, showFile, showGround } from "./preview.js";
import { snippet } from "./snippet.js";
import { css, fromFragment, read, themeInFragment, toFragment } from "./theme.js";

/** How long the page waits for further changes before it writes its address, because browsers limit how often a page
 * may do this, in milliseconds. */
const PAUSE = 300;

const find = (id) => document.getElementById(id);
const [controls, stage] = ["controls", "stage"].map(find);
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

const choices = () => Object.fromEntries(new FormData(controls));

/** The theme as its file sets it, and as it is now. */
let base;
let current;
const isEdited = () => css(current) !== css(base);

/** Replaces the form. The draft keeps the answers of the old form. */
const renderForm = ({ form, lang, scheme }) => {
  const element = document.createElement("deal-form");
  element.setAttribute("src", `/forms/${form}`);
  if (lang) element.setAttribute("lang", lang);
  if (scheme !== "auto") element.setAttribute("theme", scheme);
  // Keep the height, so that the page does not shift while the form loads.
  stage.style.minHeight = `${stage.offsetHeight}px`;
  stage.addEventListener("deal-form-ready", () => (stage.style.minHeight = ""), { once: true });
  stage.dir = lang === "ar" ? "rtl" : "ltr";
  stage.querySelector("deal-form").replaceWith(element);
};

const shownScheme = ({ scheme }) => {
  if (scheme !== "auto") return scheme;
  return prefersDark.matches ? "dark" : "light";
};

const renderColours = ({ scheme }) => {
  stage.dataset.scheme = scheme;
  const form = stage.querySelector("deal-form");
  if (scheme === "auto") form.removeAttribute("theme");
  else form.setAttribute("theme", scheme);
  editor.showScheme(shownScheme({ scheme }));
};

const renderCode = () => {
  const { theme: name, ...others } = choices();
  const hasFile = name !== "none" && !(current && isEdited());
  find("snippet").textContent = snippet(
    { ...others, theme: hasFile ? name : undefined },
    find("proxy").value,
  );
  if (current) find("properties").textContent = css(current);
};

/** Shows the edited theme, its code, and its place in the page's address. */
let timer;
const renderEdited = (theme) => {
  current = theme;
  showGround(current);
  showEdited(isEdited() ? css(current, { complete: true }) : "");
  renderCode();
  find("css").open ||= isEdited();
  clearTimeout(timer);
  timer = setTimeout(() => {
    const fragment = toFragment(choices().theme, base, current);
    history.replaceState(history.state, "", `#${fragment}`);
  }, PAUSE);
};

const editor = startEditor(find("editor"), {
  onEdit: renderEdited,
  onScheme: (scheme) => {
    // The form's own attribute would override the stage's scheme.
    if (choices().scheme !== "auto" && choices().scheme !== scheme) {
      controls.elements.scheme.value = "auto";
      stage.querySelector("deal-form").removeAttribute("theme");
      renderCode();
    }
    stage.dataset.scheme = scheme;
  },
});

/** Starts from the theme with this name. `changes` returns the theme with the changes of an address. */
const startFrom = async (name, changes = (theme) => theme) => {
  const values = await showFile(name);
  // Another theme was chosen while this one was loaded.
  if (choices().theme !== name) return;
  base = read(values);
  current = changes(base);
  showGround(current);
  if (isEdited()) showEdited(css(current, { complete: true }));
  editor.load(base, current);
  renderCode();
  find("css").open ||= isEdited();
};

const renderTheme = async ({ theme: name }) => {
  await startFrom(name);
  clearTimeout(timer);
  const { pathname, search } = location;
  // Remove an edited theme from the address: a reload would show it again.
  if (location.hash.includes("=")) history.replaceState(history.state, "", pathname + search);
};

/** Shows the theme in the page's address, or else the chosen one. */
const readAddress = () => {
  const fragment = location.hash.slice(1);
  const names = Array.from(controls.elements.theme, (radio) => radio.value);
  const name = themeInFragment(fragment, names);
  if (name) controls.elements.theme.value = name;
  return startFrom(choices().theme, (theme) => (name ? fromFragment(fragment, theme) : theme));
};

/** What to render when a control changes. */
const RENDER = { form: renderForm, lang: renderForm, theme: renderTheme, scheme: renderColours };

controls.addEventListener("change", ({ target }) => {
  RENDER[target.name](choices());
  renderCode();
});
find("proxy").addEventListener("input", renderCode);
addEventListener("hashchange", () => {
  if (location.hash.includes("=")) readAddress();
});
prefersDark.addEventListener("change", () => {
  const { scheme } = stage.dataset;
  if (scheme === undefined || scheme === "auto") editor.showScheme(shownScheme(choices()));
});

listEvents(stage, find("events"), find("no-events"));
document.querySelectorAll("[data-copies], #copy-link").forEach(copyOnPress);
editor.showScheme(shownScheme(choices()));
renderCode();
readAddress();
