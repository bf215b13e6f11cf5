/**
 * The JSON at an address, or an error that says why there is none; with a limit, also when that has
 * passed.
 */
export const get = async (address, milliseconds) => {
  const signal = milliseconds ? AbortSignal.timeout?.(milliseconds) : undefined;
  const response = await fetch(address, { headers: { accept: "application/json" }, signal });
  if (!response.ok) throw new Error(`${address} answered with status ${response.status}`);
  return response.json();
};
