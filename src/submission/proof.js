// Collects the proof that a person sends the form. The proof of work calls the browser's SHA-256
// thousands of times.

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Finds the number for which the digest of salt and number equals the challenge, as in ALTCHA. */
const solve = async ({ challenge, salt, maxnumber, ...rest }) => {
  if (!crypto.subtle) console.error("deal-form: proof of work needs HTTPS.");
  const text = new TextEncoder();
  for (let number = 0; number < maxnumber; number++) {
    const digest = await crypto.subtle.digest("SHA-256", text.encode(salt + number));
    if (hex(digest) === challenge) return btoa(JSON.stringify({ challenge, salt, number, ...rest }));
  }
  throw new Error("the proof of work has no solution");
};

/**
 * Returns the fields to send with the answers, as an object, once the token is valid (after `wait` seconds)
 * and the work is done.
 */
export const prove = async ({ token, wait = 0, work }) => {
  const valid = new Promise((done) => setTimeout(done, wait * 1000));
  const fields = {};
  if (work) fields["df-work"] = await solve(work);
  await valid;
  if (token) fields["df-token"] = token;
  return fields;
};
