// Defines <deal-form>: loads the widget and puts it in the place of whatever the element holds,
// once it can be filled in. Until then, and for good where scripts or WebAssembly are not
// allowed, that stays: a plain form, say.

let widget;

/** The widget's module, loaded once for all forms of a page. */
const load = () =>
  (widget ??= import("./deal-form-widget.js").then(async (module) => {
    await module.default();
    return module;
  }));

class DealForm extends HTMLElement {
  /** The form's definition as an object, in place of `src`. Set it before the element is added. */
  definition;
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
      console.error(
        `deal-form: the widget cannot run here, so what is inside <deal-form> stays.`,
        error instanceof WebAssembly.CompileError
          ? "Does the page's Content-Security-Policy allow script-src 'wasm-unsafe-eval'?"
          : "",
        error,
      );
    }
    this.#starting = false;
  }

  #mount(mount) {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const fallback = document.createElement("slot");
    const place = document.createElement("div");
    // With nothing to show meanwhile, the widget shows that it is loading.
    place.hidden = this.childElementCount > 0;
    root.replaceChildren(fallback, place);
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
      if (name === "ready") this.#swap(fallback, place);
      this.dispatchEvent(
        new CustomEvent(`deal-form-${name}`, { bubbles: true, composed: true, detail }),
      );
    });
  }

  /** The widget for the fallback; whoever was typing goes on typing. */
  #swap(fallback, place) {
    const active = this.contains(document.activeElement) && document.activeElement.name;
    fallback.remove();
    place.hidden = false;
    if (active) place.querySelector(`[name="${CSS.escape(active)}"]`)?.focus();
  }
}

customElements.define("deal-form", DealForm);
