// The controls of the showcase: form, language, theme and colours.

import { listen } from "./heard.js";
import { copyOnPress } from "./copy.js";
import { properties, snippet } from "./snippet.js";

const find = (id) => document.getElementById(id);
const [controls, stage, theme] = ["controls", "stage", "theme"].map(find);

const choices = () => Object.fromEntries(new FormData(controls));

/** Replaces the form. The answers in the old form are kept as its draft. */
const drawForm = ({ form, lang, scheme }) => {
  const fresh = document.createElement("deal-form");
  fresh.setAttribute("src", `/forms/${form}`);
  if (lang) fresh.setAttribute("lang", lang);
  if (scheme !== "auto") fresh.setAttribute("theme", scheme);
  // Keeps the height, so that the page does not jump while the form loads.
  stage.style.minHeight = `${stage.offsetHeight}px`;
  stage.addEventListener("deal-form-ready", () => (stage.style.minHeight = ""), { once: true });
  stage.dir = lang === "ar" ? "rtl" : "ltr";
  stage.querySelector("deal-form").replaceWith(fresh);
};

const drawColours = ({ scheme }) => {
  stage.dataset.scheme = scheme;
  const form = stage.querySelector("deal-form");
  if (scheme === "auto") form.removeAttribute("theme");
  else form.setAttribute("theme", scheme);
};

const drawTheme = ({ theme: name }) => {
  theme.href = `/themes/${name}.css`;
};

const drawCode = () => {
  find("snippet").textContent = snippet(choices(), location.origin);
};
const drawProperties = () => {
  find("properties").textContent = properties(theme.sheet);
};

const DRAW = { form: drawForm, lang: drawForm, theme: drawTheme, scheme: drawColours };

controls.addEventListener("change", ({ target }) => {
  DRAW[target.name](choices());
  drawCode();
});
theme.addEventListener("load", drawProperties);

listen(stage, find("heard"), find("silence"));
document.querySelectorAll("[data-copies]").forEach(copyOnPress);
drawCode();
if (theme.sheet) drawProperties();
