// What the browser knows of languages. A tag that is none is answered with nothing.

const orNothing = (say) => {
  try {
    return say();
  } catch {
    return undefined;
  }
};

/** The tag as it is usually written. */
export const canonical = (lang) => orNothing(() => Intl.getCanonicalLocales(lang)[0]);

/** The grammatical number of a count: zero, one, two, few, many, other. */
export const plural = (lang, count) => new Intl.PluralRules(lang).select(count);

/** A number given as text, so that no digit is lost on the way, with as many decimals. */
export const number = (lang, digits) => {
  const minimumFractionDigits = Math.min(digits.split(".")[1]?.length ?? 0, 20);
  return new Intl.NumberFormat(lang, { minimumFractionDigits, maximumFractionDigits: 20 }).format(digits);
};

/** A number of something: byte, kilobyte, megabyte, second, minute. */
export const measure = (lang, digits, unit, unitDisplay) =>
  new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay }).format(digits);

/**
 * A date, given as YYYY-MM-DD, in words. UTC on both sides keeps the day; the Gregorian calendar is
 * used even if the language has another one.
 */
export const day = (lang, text) =>
  new Intl.DateTimeFormat(lang, { calendar: "gregory", dateStyle: "full", timeZone: "UTC" }).format(Date.parse(text));

/** The Punycode of a domain (UTS 46), as the browser would look it up. */
export const ascii = (domain) => orNothing(() => new URL(`http://${domain}`).hostname);
