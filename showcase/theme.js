// A theme: what the editor changes, the contrast of its colours, its CSS, and its place in an address. No DOM.

import { contrast, mix, mostReadable, parse, textOn } from "./colour.js";

export const SCHEMES = ["light", "dark"];

/** The colours that the editor changes, and their custom properties. */
export const COLOURS = {
  accent: "--df-accent",
  onAccent: "--df-on-accent",
  text: "--df-text",
  surface: "--df-surface",
  field: "--df-field",
  border: "--df-border",
};

/** The colours that follow from those above, and their custom properties. */
const DERIVED = {
  quiet: "--df-quiet",
  shade: "--df-shade",
  danger: "--df-danger",
  dangerSurface: "--df-danger-surface",
  success: "--df-success",
  successSurface: "--df-success-surface",
};

const ALL_COLOURS = { ...COLOURS, ...DERIVED };

/** The space between questions, and the height of inputs. */
export const DENSITIES = {
  comfortable: { gap: "1.75em", control: "2.75em" },
  compact: { gap: "1em", control: "2.25em" },
};

/** Fonts that are installed on most devices, so that the page loads no font file. */
export const FONTS = {
  page: "inherit",
  system: "system-ui, sans-serif",
  geometric: 'Avenir, Montserrat, Corbel, "URW Gothic", sans-serif',
  humanist: 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", sans-serif',
  serif: 'Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif',
  "old-style": '"Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif',
  monospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
};

/** The largest radius, in em. */
export const MAX_RADIUS = 1.5;

/** The form without a theme: the values in style/tokens.css. */
export const DEFAULTS = {
  "--df-accent": "light-dark(#1d4ed8, #8fb4ff)",
  "--df-on-accent": "light-dark(#fff, #0b1730)",
  "--df-text": "light-dark(#1f2430, #e8eaf0)",
  "--df-quiet": "light-dark(#5a6272, #a9b0bf)",
  "--df-surface": "light-dark(#fff, #171a21)",
  "--df-field": "light-dark(#fff, #20242d)",
  "--df-shade": "light-dark(#eef0f5, #2a2f3a)",
  "--df-border": "light-dark(#828a98, #747d8e)",
  "--df-danger": "light-dark(#b3261e, #ffb4ab)",
  "--df-danger-surface": "light-dark(#fdf1f0, #351a18)",
  "--df-success": "light-dark(#17663a, #8ddaa9)",
  "--df-success-surface": "light-dark(#eef8f1, #14291d)",
  "--df-radius": "0.5em",
  "--df-gap": "1.75em",
  "--df-control": "2.75em",
  "--df-font": "inherit",
};

const pair = (value) => {
  const [light, dark = light] = value.replace(/^light-dark\(|\)$/g, "").split(",");
  return { light: parse(light), dark: parse(dark) };
};

/** Reads a theme from its custom properties. The form's defaults fill the gaps. */
export const read = (declared) => {
  const values = { ...DEFAULTS, ...declared };
  const theme = { light: {}, dark: {} };
  for (const [name, property] of Object.entries(ALL_COLOURS)) {
    const colours = pair(values[property]);
    for (const scheme of SCHEMES) theme[scheme][name] = colours[scheme];
  }
  theme.radius = Number.parseFloat(values["--df-radius"]);
  const isCompact = values["--df-control"] === DENSITIES.compact.control;
  theme.density = isCompact ? "compact" : "comfortable";
  theme.gap = values["--df-gap"];
  theme.font = Object.keys(FONTS).find((name) => FONTS[name] === values["--df-font"]) ?? "page";
  return theme;
};

/** Returns quiet text: as close to the background as a contrast of 4.5 on both backgrounds allows. */
const quietText = ({ text, surface, field }) => {
  const shares = [0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05];
  const mixed = shares.map((share) => mix(text, surface, share));
  return mixed.find((it) => contrast(it, surface) >= 4.5 && contrast(it, field) >= 4.5) ?? text;
};

/** Returns the colours with those that follow from them. */
const derive = (colours) => {
  const { text, surface } = colours;
  const [danger, success] = ["--df-danger", "--df-success"].map((property) =>
    mostReadable(Object.values(pair(DEFAULTS[property])), surface),
  );
  return {
    ...colours,
    quiet: quietText(colours),
    shade: mix(surface, text, 0.07),
    danger,
    dangerSurface: mix(surface, danger, 0.06),
    success,
    successSurface: mix(surface, success, 0.07),
  };
};

/** Returns the theme with another colour. A new accent gets black or white text. */
export const withColour = (theme, scheme, name, value) => {
  const colours = { ...theme[scheme], [name]: value };
  if (name === "accent") colours.onAccent = textOn(value);
  const isGround = ["text", "surface", "field"].includes(name);
  return { ...theme, [scheme]: isGround ? derive(colours) : colours };
};

/** Returns the theme with another density. The density of `base` has the space between questions of `base`. */
export const withDensity = (theme, density, base) => {
  const { gap } = density === base.density ? base : DENSITIES[density];
  return { ...theme, density, gap };
};

/** The pairs of colours that must differ: the name, the two colours, and the lowest sufficient ratio. The page says
 * which ratio is sufficient. */
const PAIRS = [
  ["Text", "text", "surface", 4.5],
  ["Text in fields", "text", "field", 4.5],
  ["Hints", "quiet", "surface", 4.5],
  ["Text on buttons", "onAccent", "accent", 4.5],
  ["Links and focus", "accent", "surface", 4.5],
  ["Problems", "danger", "surface", 4.5],
  ["Borders of fields", "border", "field", 3],
];

/** Returns the contrast of each pair, for the colours of one scheme. */
export const contrasts = (colours) =>
  PAIRS.map(([name, front, back, minimum]) => {
    const ratio = contrast(colours[front], colours[back]);
    const passes = ratio >= minimum;
    return { name, front: colours[front], back: colours[back], ratio, passes };
  });

/** Writes a ratio with one decimal, rounded down, so that 4.49 does not look like 4.5. */
export const ratioText = (ratio) => `${(Math.floor(ratio * 10) / 10).toFixed(1)} : 1`;

const short = (colour) => colour.replace(/^#(.)\1(.)\2(.)\3$/, "#$1$2$3");

/** The theme's custom properties: their value in each scheme, or one value for both. */
const declarations = (theme) => {
  const colours = Object.entries(ALL_COLOURS).map(([name, property]) => {
    const [light, dark] = SCHEMES.map((scheme) => short(theme[scheme][name]));
    return [property, light === dark ? { both: light } : { light, dark }];
  });
  const others = {
    "--df-radius": theme.radius === 0 ? "0" : `${theme.radius}em`,
    "--df-gap": theme.gap,
    "--df-control": DENSITIES[theme.density].control,
    "--df-font": FONTS[theme.font],
  };
  return [...colours, ...Object.entries(others).map(([property, both]) => [property, { both }])];
};

const isDefault = ([property, { light, dark, both }]) =>
  DEFAULTS[property] === (both ?? `light-dark(${light}, ${dark})`);

const SELECTOR = "deal-form,\n:where(.df:not(deal-form *))";

const rule = (lines, indent = "") =>
  [`${SELECTOR} {`, ...lines.map((line) => `  ${line}`), "}"]
    .join("\n")
    .replace(/^/gm, indent);

/** The stylesheet of a theme. Values that the form has anyway are left out, unless `complete` is true. */
export const css = (theme, { complete = false } = {}) => {
  const all = declarations(theme).filter((it) => complete || !isDefault(it));
  if (all.length === 0) return "/* These are the form’s own colours: no CSS is needed. */";
  const plain = all.map(([property, { both, light }]) => `${property}: ${both ?? light};`);
  const schemes = all
    .filter(([, { dark }]) => dark !== undefined)
    .map(([property, { light, dark }]) => `${property}: light-dark(${light}, ${dark});`);
  if (schemes.length === 0) return rule(plain);
  const supported = `@supports (color: light-dark(#000, #fff)) {\n${rule(schemes, "  ")}\n}`;
  return `${rule(plain)}\n${supported}`;
};

/** Writes what differs from the theme that the editor started from, for the fragment of an address. */
export const toFragment = (name, base, theme) => {
  const fragment = new URLSearchParams({ theme: name });
  for (const scheme of SCHEMES) {
    const [from, to] = [base[scheme], theme[scheme]];
    for (const colour of Object.keys(COLOURS)) {
      // A reader computes the text on a new accent, which may differ from the chosen one.
      const isNewText = colour === "onAccent" && to.accent !== from.accent;
      if (to[colour] !== from[colour] || isNewText) {
        fragment.set(`${scheme}.${colour}`, to[colour].slice(1));
      }
    }
  }
  for (const key of ["radius", "density", "font"]) {
    if (theme[key] !== base[key]) fragment.set(key, theme[key]);
  }
  return fragment.toString();
};

/** Reads the theme's name from a fragment, or returns `undefined` if it has none of these names. */
export const themeInFragment = (fragment, names) => {
  const name = new URLSearchParams(fragment).get("theme");
  return names.includes(name) ? name : undefined;
};

/** Reads the changes to `base` from a fragment. Ignores values that the editor cannot write. */
export const fromFragment = (fragment, base) => {
  const values = new URLSearchParams(fragment);
  let theme = base;
  for (const scheme of SCHEMES) {
    // The accent comes first, because it also sets the text on buttons.
    for (const colour of Object.keys(COLOURS)) {
      const value = parse(values.get(`${scheme}.${colour}`) ?? "");
      if (value !== undefined) theme = withColour(theme, scheme, colour, value);
    }
  }
  const density = values.get("density");
  if (Object.hasOwn(DENSITIES, density)) theme = withDensity(theme, density, base);
  const font = values.get("font");
  if (Object.hasOwn(FONTS, font)) theme = { ...theme, font };
  const radius = /^\d(\.\d{1,3})?$/.test(values.get("radius")) ? Number(values.get("radius")) : NaN;
  if (radius <= MAX_RADIUS) theme = { ...theme, radius };
  return theme;
};
