// The controls of the theme editor.

import { parse } from "./colour.js";
import { COLOURS, SCHEMES, contrasts, ratioText, withColour, withDensity } from "./theme.js";

/** How long the editor waits for further changes before it announces the contrast, in milliseconds. */
const PAUSE = 600;

const element = (name, className, ...children) => {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
};

/** A pair of colours, with a sample, the ratio, and whether it is enough. */
const contrastRow = ({ name, front, back, ratio, passes }) => {
  const sample = element("span", "sample", "Aa");
  sample.setAttribute("aria-hidden", "true");
  sample.style.setProperty("--front", front);
  sample.style.setProperty("--back", back);
  return element(
    "li",
    passes ? "passes" : "fails",
    sample,
    element("span", "pair", name),
    element("span", "ratio", ratioText(ratio)),
    element("span", "verdict", passes ? "Pass" : "Fail"),
  );
};

const summary = (theme) =>
  SCHEMES.map((scheme) => {
    const all = contrasts(theme[scheme]);
    const failing = all.filter(({ passes }) => !passes).length;
    const title = scheme === "light" ? "Light" : "Dark";
    if (failing === 0) return `${title}: all pass.`;
    return `${title}: ${failing} of ${all.length} ${failing === 1 ? "fails" : "fail"}.`;
  }).join(" ");

/**
 * Starts the editor in the form `controls`. Calls `onEdit` with the new theme after each change, and `onScheme` with
 * "light" or "dark" when the person switches between the colours.
 */
export const startEditor = (controls, { onEdit, onScheme }) => {
  const { shown, radius, density, font } = controls.elements;
  const [list, status] = ["#contrasts", "#contrast-summary"].map((it) => controls.querySelector(it));
  const pickers = new Map();
  const codes = new Map();
  for (const name of Object.keys(COLOURS)) {
    pickers.set(name, controls.querySelector(`[type=color][data-colour=${name}]`));
    codes.set(name, controls.querySelector(`[type=text][data-colour=${name}]`));
  }
  let base;
  let theme;
  let timer;

  const render = () => {
    const colours = theme[shown.value];
    for (const name of Object.keys(COLOURS)) {
      pickers.get(name).value = colours[name];
      const code = codes.get(name);
      // While somebody types a colour, the text stays as it is.
      if (code !== document.activeElement) {
        code.value = colours[name];
        code.removeAttribute("aria-invalid");
      }
    }
    radius.value = theme.radius;
    const text = theme.radius === 0 ? "none" : `${theme.radius} em`;
    controls.querySelector("#radius-value").textContent = text;
    radius.setAttribute("aria-valuetext", text);
    density.value = theme.density;
    font.value = theme.font;
    list.replaceChildren(...contrasts(colours).map(contrastRow));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = summary(theme);
      if (status.textContent !== now) status.textContent = now;
    }, PAUSE);
  };

  const edit = (changed) => {
    theme = changed;
    render();
    onEdit(theme);
  };

  controls.addEventListener("input", ({ target }) => {
    const name = target.dataset.colour;
    if (name !== undefined) {
      const colour = parse(target.value);
      if (target.type === "text") target.setAttribute("aria-invalid", colour === undefined);
      if (colour !== undefined) edit(withColour(theme, shown.value, name, colour));
    } else if (target.name === "radius") {
      edit({ ...theme, radius: radius.valueAsNumber });
    } else if (target.name === "density") {
      edit(withDensity(theme, target.value, base));
    } else if (target.name === "font") {
      edit({ ...theme, font: target.value });
    } else if (target.name === "shown") {
      render();
      onScheme(target.value);
    }
  });
  // Writes a typed colour in full, or the last valid colour.
  controls.addEventListener("focusout", ({ target }) => {
    const name = target.dataset.colour;
    if (name === undefined || target.type !== "text") return;
    target.value = theme[shown.value][name];
    target.removeAttribute("aria-invalid");
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.querySelector("#start-over").addEventListener("click", () => edit(base));

  return {
    /** Shows `changed`, a theme that started from `original`. */
    load(original, changed) {
      base = original;
      theme = changed;
      render();
    },
    /** Shows the colours of a scheme. */
    showScheme(scheme) {
      shown.value = scheme;
      if (theme) render();
    },
  };
};
