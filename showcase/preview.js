// The styles of the form on the stage: a theme's file, or the edited theme.

const link = document.getElementById("theme");
const stage = document.getElementById("stage");

// The page's policy forbids inline styles, but not styles that a script constructs.
const edited = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, edited];

/** The custom properties that the rules of a stylesheet set. */
const declared = (rules) => {
  const values = {};
  for (const rule of rules) {
    // A rule in @supports contains the colours for both schemes, even if this browser cannot show them.
    if (rule instanceof CSSSupportsRule) Object.assign(values, declared(rule.cssRules));
    if (rule instanceof CSSStyleRule) {
      for (const name of rule.style) values[name] = rule.style.getPropertyValue(name).trim();
    }
  }
  return values;
};

const loaded = () =>
  new Promise((resolve, reject) => {
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", reject, { once: true });
  });

/** Shows the theme with this name, and returns its custom properties. "none" has none. */
export const showFile = async (name) => {
  edited.replaceSync("");
  link.media = name === "none" ? "not all" : "all";
  if (name === "none") return {};
  const { href } = new URL(`/themes/${name}.css`, location.href);
  const isLoaded = link.href === href && link.sheet;
  link.href = href;
  if (!isLoaded) await loaded();
  return declared(link.sheet.cssRules);
};

/** Shows an edited theme. Its rules come after those of the theme's file, so it must set every property. */
export const showEdited = (css) => edited.replaceSync(css);

/** Shows the form on the theme's background, as a page would. */
export const showGround = ({ light, dark }) => {
  stage.style.background = light.surface;
  stage.style.color = light.text;
  // A browser without light-dark() keeps the colours above.
  stage.style.background = `light-dark(${light.surface}, ${dark.surface})`;
  stage.style.color = `light-dark(${light.text}, ${dark.text})`;
};
