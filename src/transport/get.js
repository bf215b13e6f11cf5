/** The JSON at an address, or an error that says why there is none. */
export const get = async (address) => {
  const response = await fetch(address, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`${address} answered with status ${response.status}`);
  return response.json();
};
