// Defines <deal-form>: loads the widget and puts it in the place of whatever the element holds,
// once it can be filled in. Until then, and for good where scripts or WebAssembly are not
// allowed, that stays: a plain form, say.

let widget;

/** The widget's module, loaded once for all forms of a page, and again after a failure. */
const load = () =>
  (widget ??= import("./deal-form-widget.js")
    .then(async (module) => {
      await module.default();
      return module;
    })
    .catch((error) => {
      widget = undefined;
      throw error;
    }));

class DealForm extends HTMLElement {
  /** The form's definition as an object, in place of fetching it from `src`. */
  definition = this.definition; // Set before this script ran, it is kept.
  #mounted;
  #starting = false;

  connectedCallback() {
    if (!this.#mounted && !this.#starting) this.#start();
  }

  disconnectedCallback() {
    // Not at once: an element that is moved is taken off and put back within one task.
    queueMicrotask(() => {
      if (this.isConnected || !this.#mounted) return;
      this.#mounted.unmount();
      this.#mounted.free();
      this.#mounted = undefined;
      this.shadowRoot.replaceChildren();
    });
  }

  async #start() {
    this.#starting = true;
    try {
      const { mount } = await load();
      if (this.isConnected) this.#mount(mount);
    } catch (error) {
      this.#fail(error);
    }
    this.#starting = false;
  }

  /** Whether the element holds something that a visitor can use meanwhile. */
  get #fallback() {
    return this.querySelector(":scope > :not(noscript, script, style, template)") !== null;
  }

  #fail(error) {
    const csp = error instanceof WebAssembly.CompileError;
    const hint = csp ? "Content-Security-Policy: script-src needs 'wasm-unsafe-eval'." : "";
    console.error("deal-form: the form cannot be shown.", hint, error);
    if (this.#fallback) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.replaceChildren("The form could not be loaded. Reload the page to try again.");
  }

  #mount(mount) {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const slot = document.createElement("slot");
    const place = document.createElement("div");
    // With nothing to show meanwhile, the widget shows that it is loading.
    place.hidden = this.#fallback;
    root.replaceChildren(slot, place);
    const options = {
      src: this.getAttribute("src") ?? undefined,
      proxyUrl: this.getAttribute("proxy-url") ?? undefined,
      timeout: Number(this.getAttribute("timeout")) || undefined,
      definition: this.definition ?? JSON.parse(this.getAttribute("definition")),
      entered: () => {
        const form = this.querySelector("form");
        return form ? new FormData(form) : undefined;
      },
    };
    this.#mounted = mount(place, options, (name, detail) => {
      if (name === "ready") this.#swap(slot, place);
      this.dispatchEvent(
        new CustomEvent(`deal-form-${name}`, { bubbles: true, composed: true, detail }),
      );
    });
  }

  /** The widget for the fallback; whoever was typing goes on typing. */
  #swap(slot, place) {
    const active = this.getRootNode().activeElement;
    const had = this.contains(active) && active !== this;
    slot.remove();
    place.hidden = false;
    if (!had) return;
    const name = active.type === "submit" ? "" : (active.name ?? "").replace("[]", "");
    place.querySelector(name ? `[name="${CSS.escape(name)}"]` : ".df-submit")?.focus();
  }
}

customElements.define("deal-form", DealForm);
