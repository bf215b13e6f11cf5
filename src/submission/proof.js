// Proof of work: the digests need the browser's own cryptography, thousands of times.

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

/**
 * The fields to send beside the answers, as an object, for the proxy's token: after the seconds that the
 * token takes to become valid, and once the work is done.
 */
export const prove = async ({ token, wait = 0, work }) => {
  const valid = new Promise((done) => setTimeout(done, wait * 1000));
  const fields = {};
  if (work) fields["df-work"] = await solve(work);
  await valid;
  if (token) fields["df-token"] = token;
  return fields;
};
