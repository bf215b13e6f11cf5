// Formatting with the browser's `Intl`.

const orUndefined = (call) => {
  try {
    return call();
  } catch {
    return undefined;
  }
};

/** The canonical form of a language tag; undefined if the tag is invalid. */
export const canonical = (lang) => orUndefined(() => Intl.getCanonicalLocales(lang)[0]);

/** The plural category of a count: zero, one, two, few, many, other. */
export const plural = (lang, count) => new Intl.PluralRules(lang).select(count);

/**
 * The tag for the formats of a language: `lang`, or, if it has no region, the first language of page and visitor that
 * is the same language, in the same script, with a region.
 */
export const regional = (lang, page) =>
  [lang, page, ...navigator.languages]
    .map((tag) => orUndefined(() => new Intl.Locale(tag)))
    .find(
      (other, _, [own]) =>
        other?.region && other.language === own?.language && other.maximize().script === own.maximize().script,
    )
    ?.toString() ?? lang;

/** Formats a number with its decimals, at most 20. `digits` is text, so that no digit is lost. */
export const number = (lang, digits) => {
  const minimumFractionDigits = Math.min(digits.split(".")[1]?.length ?? 0, 20);
  return new Intl.NumberFormat(lang, { minimumFractionDigits, maximumFractionDigits: 20 }).format(digits);
};

/**
 * Formats a number with a unit: byte, kilobyte, megabyte, second, minute. A line does not break between number and
 * unit.
 */
export const measure = (lang, digits, unit, unitDisplay) =>
  new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay }).format(digits).replaceAll(" ", "\u00a0");

/**
 * Formats a date, given as YYYY-MM-DD, as a long date. The date is parsed and formatted in UTC, so that
 * the day stays the same. The calendar is Gregorian in every language.
 */
export const day = (lang, text) =>
  new Intl.DateTimeFormat(lang, { calendar: "gregory", dateStyle: "full", timeZone: "UTC" }).format(Date.parse(text));

/** The Punycode form of a domain (UTS 46); undefined if the domain is invalid. */
export const ascii = (domain) => orUndefined(() => new URL(`http://${domain}`).hostname);
