// The controls of the showcase: form, language, theme and colours.

import { listEvents } from "./events.js";
import { copyOnPress } from "./copy.js";
import { properties, snippet } from "./snippet.js";

const find = (id) => document.getElementById(id);
const [controls, stage, theme] = ["controls", "stage", "theme"].map(find);

const choices = () => Object.fromEntries(new FormData(controls));

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

const renderColours = ({ scheme }) => {
  stage.dataset.scheme = scheme;
  const form = stage.querySelector("deal-form");
  if (scheme === "auto") form.removeAttribute("theme");
  else form.setAttribute("theme", scheme);
};

const renderTheme = ({ theme: name }) => {
  theme.href = `/themes/${name}.css`;
};

const renderCode = () => {
  find("snippet").textContent = snippet(choices(), find("proxy").value);
};
const renderProperties = () => {
  find("properties").textContent = properties(theme.sheet);
};

/** What to render when a control changes. */
const RENDER = { form: renderForm, lang: renderForm, theme: renderTheme, scheme: renderColours };

controls.addEventListener("change", ({ target }) => {
  RENDER[target.name](choices());
  renderCode();
});
find("proxy").addEventListener("input", renderCode);
theme.addEventListener("load", renderProperties);

listEvents(stage, find("events"), find("no-events"));
document.querySelectorAll("[data-copies]").forEach(copyOnPress);
renderCode();
if (theme.sheet) renderProperties();
