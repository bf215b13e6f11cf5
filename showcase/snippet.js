// The code to embed the form that the showcase shows.

const INDENT = "\n  ";

/** The HTML to copy. `proxy` is the public address of a proxy, with or without a slash at the end. Without a `theme`,
 * the page needs no stylesheet of the proxy. */
export const snippet = ({ form, lang, theme, scheme }, proxy) => {
  const origin = proxy.trim().replace(/\/+$/, "");
  const attributes = ["", `src="${origin}/forms/${form}"`];
  if (lang) attributes.push(`lang="${lang}"`);
  if (scheme !== "auto") attributes.push(`theme="${scheme}"`);
  const stylesheet = `<link rel="stylesheet"${INDENT}href="${origin}/themes/${theme}.css"\n>`;
  return [
    ...(theme ? [stylesheet] : []),
    `<script type="module"${INDENT}src="${origin}/deal-form.js"\n></script>`,
    "",
    `<deal-form${attributes.join(INDENT)}\n></deal-form>`,
  ].join("\n");
};
