// The code to embed the form that the showcase shows.

const INDENT = "\n  ";

/** The HTML to copy. `proxy` is the public address of a proxy, with or without a slash at the end. */
export const snippet = ({ form, lang, theme, scheme }, proxy) => {
  const origin = proxy.trim().replace(/\/+$/, "");
  const attributes = ["", `src="${origin}/forms/${form}"`];
  if (lang) attributes.push(`lang="${lang}"`);
  if (scheme !== "auto") attributes.push(`theme="${scheme}"`);
  return [
    `<link rel="stylesheet"${INDENT}href="${origin}/themes/${theme}.css"\n>`,
    `<script type="module"${INDENT}src="${origin}/deal-form.js"\n></script>`,
    "",
    `<deal-form${attributes.join(INDENT)}\n></deal-form>`,
  ].join("\n");
};

/** The properties that a theme's stylesheet sets, as one rule. */
export const properties = (sheet) => {
  const set = new Map();
  const read = (rules) => {
    for (const rule of rules) {
      // A rule in @supports applies only if the browser supports it.
      if (rule instanceof CSSSupportsRule) {
        if (CSS.supports(rule.conditionText)) read(rule.cssRules);
      } else if (rule instanceof CSSStyleRule) {
        for (const name of rule.style) set.set(name, rule.style.getPropertyValue(name).trim());
      }
    }
  };
  read(sheet.cssRules);
  const lines = [...set].map(([name, value]) => `  ${name}: ${value};`);
  return ["deal-form {", ...lines, "}"].join("\n");
};
