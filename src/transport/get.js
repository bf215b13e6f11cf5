// One file for all that is fetched: each more is a request of its own while the widget is developed.

/**
 * The JSON at an address, or an error that says why there is none; with a limit, also when that has
 * passed. `asked` is the answer, or a promise of it, where somebody has asked before.
 */
export const get = async (address, milliseconds, asked) => {
  const signal = milliseconds ? AbortSignal.timeout?.(milliseconds) : undefined;
  const response =
    (await asked) ?? (await fetch(address, { headers: { accept: "application/json" }, signal }));
  if (!response.ok) throw new Error(`${address} answered with status ${response.status}`);
  return response.json();
};

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The number that makes the digest of salt and number the challenge; after ALTCHA. */
const solve = async ({ challenge, salt, maxnumber, ...rest }) => {
  if (!crypto.subtle) console.error("deal-form: proof of work needs a page with https.");
  const text = new TextEncoder();
  for (let number = 0; number < maxnumber; number++) {
    const digest = await crypto.subtle.digest("SHA-256", text.encode(salt + number));
    if (hex(digest) === challenge) return btoa(JSON.stringify({ challenge, salt, number, ...rest }));
  }
  throw new Error("there is no such number");
};

const gather = async (address) => {
  const { token, wait = 0, work } = await get(address);
  const ripe = new Promise((done) => setTimeout(done, wait * 1000));
  const parts = {};
  if (work) parts["df-work"] = await solve(work);
  await ripe;
  if (token) parts["df-token"] = token;
  return parts;
};

/**
 * What is sent beside the answers, as an object, once it counts: a token that ripens while the form
 * is filled in, a number that takes a computer some time to find.
 */
export const prove = (address) => {
  const begun = gather(address);
  // Whether it fails matters only when the form is sent.
  begun.catch(() => {});
  return begun;
};

/** What was begun; where that has failed, as it does while a phone has no line, begun once more. */
export const proven = (begun, address) => begun.catch(() => gather(address));
