// Release bundles split the widget in two modules: the first one has what every form needs, and the
// second one what few forms use. See xtask/src/dist/split.

let loading;

/**
 * Adds the second module to the first one, whose exports are `wasm`. `request` returns a promise for the
 * response with the second module.
 *
 * Returns a promise for the reason why the module cannot be loaded, or for undefined. It never rejects.
 */
export const loadMore = (wasm, request) => (loading ??= load(wasm, request));

const load = async (wasm, request) => {
  // Other builds have one module.
  if (!wasm.TABLE) return;
  try {
    const response = await request();
    if (!response.ok) throw response.status;
    await WebAssembly.instantiate(await response.arrayBuffer(), { "": wasm });
  } catch (error) {
    loading = undefined;
    return `the second module: ${error}`;
  }
};
