// What tells persons from programs, where a form asks for it: a token that ripens while the form is
// filled in, and a number that takes a computer some time to find.

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The number that makes the digest of salt and number the challenge; after ALTCHA. */
const solve = async ({ challenge, salt, maxnumber, ...rest }) => {
  const text = new TextEncoder();
  for (let number = 0; number < maxnumber; number++) {
    const digest = await crypto.subtle.digest("SHA-256", text.encode(salt + number));
    if (hex(digest) === challenge) return btoa(JSON.stringify({ challenge, salt, number, ...rest }));
  }
  throw new Error("there is no such number");
};

/** What is sent beside the answers, as an object, once it counts. */
export const prove = async (address) => {
  const headers = { accept: "application/json" };
  const response = await fetch(address, { headers, cache: "no-store" });
  if (!response.ok) throw new Error(`${address} answered with status ${response.status}`);
  const { token, wait = 0, work } = await response.json();
  const ripe = new Promise((done) => setTimeout(done, wait * 1000));
  const parts = {};
  if (work) parts["df-work"] = await solve(work);
  await ripe;
  if (token) parts["df-token"] = token;
  return parts;
};
