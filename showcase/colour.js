// Colours as "#rrggbb", and their contrast as WCAG 2 defines it. No DOM.

/** Returns the colour as "#rrggbb", or `undefined`. Reads "#abc" and "#aabbcc", with or without "#". */
export const parse = (text) => {
  const digits = /^\s*#?([0-9a-f]{3}|[0-9a-f]{6})\s*$/i.exec(text)?.[1].toLowerCase();
  if (digits === undefined) return undefined;
  return `#${digits.length === 3 ? digits.replace(/./g, "$&$&") : digits}`;
};

/** The three channels, from 0 to 255. */
const channels = (colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const luminance = (colour) => {
  const [red, green, blue] = channels(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** The contrast ratio of two colours, from 1 to 21. The order does not matter. */
export const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

/** Returns the colour among `candidates` that is most readable on `ground`. */
export const mostReadable = (candidates, ground) =>
  candidates.reduce((best, it) => (contrast(it, ground) > contrast(best, ground) ? it : best));

/** Returns black or white: the text that is more readable on `ground`. */
export const textOn = (ground) => mostReadable(["#ffffff", "#000000"], ground);

/** Mixes two colours. `share` is the share of the second, from 0 to 1. */
export const mix = (first, second, share) => {
  const others = channels(second);
  const mixed = channels(first).map((it, at) => Math.round(it + (others[at] - it) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
};
