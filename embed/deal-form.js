// Defines <deal-form>: loads the widget and replaces the content of the element when visitors can fill
// in the form. If the browser runs no scripts or no WebAssembly, the content stays, for example a plain
// form. deal-form.d.ts documents the element.

import { expire } from "./expire.js";

// Without storage there is nothing to remove.
expire().catch(() => {});

let widget;

/** The plain form that was sent. The Back button resets it. */
let sent;
addEventListener("submit", (event) => event.defaultPrevented || (sent = event.target));
addEventListener("pageshow", (event) => event.persisted && (sent = undefined));

/** The widget's module, loaded once for all forms of a page, and again after a failure. */
const load = () =>
  (widget ??= Promise.all([
    import("./deal-form-widget.js"),
    // If the module fetched it, it would arrive one round trip later.
    fetch(new URL("./deal-form-widget_bg.wasm", import.meta.url)),
  ])
    .then(async ([module, module_or_path]) => {
      await module.default({ module_or_path });
      return module;
    })
    .catch((error) => {
      widget = undefined;
      throw error;
    }));

/** Fetches the form's definition while the widget loads. If this fails, the widget tries again. */
const ask = (src) => fetch(src, { headers: { accept: "application/json" } }).catch(() => {});

/** The absolute address to which an element's form is posted. */
const target = ({ proxyUrl, src }) =>
  Object.assign(document.createElement("form"), { action: proxyUrl || src }).action;

/**
 * The plain forms outside of an element that post to the same address: within a paragraph, the parser
 * closes the element before its form.
 */
const strays = (element) =>
  [...document.querySelectorAll("form[method=post i]:not(deal-form *)")].filter(
    // A copy without inputs: an input named `action` would hide the attribute.
    (form) => form.cloneNode().action === target(element),
  );

/**
 * Marks the elements that the widget has disabled. Copies of the page that scripts such as Turbo show
 * again carry the mark, too.
 */
const OFF = "data-df-off";

/** Waits until a form is near the viewport or gets the focus, or the browser is idle. */
const wanted = (element) =>
  new Promise((resolve) => {
    const seen = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && done(),
      { rootMargin: "500px" },
    );
    const done = () => {
      seen.disconnect();
      resolve();
    };
    seen.observe(element);
    element.addEventListener("focusin", done, { once: true });
    const idle = () => (window.requestIdleCallback ?? ((f) => setTimeout(f, 2000)))(done);
    document.readyState === "complete" ? idle() : addEventListener("load", idle, { once: true });
  });

/** Attributes that are also properties: `proxy-url` becomes `proxyUrl`. */
const ATTRIBUTES = ["src", "proxy-url", "timeout", "loading", "theme", "draft"];
const property = (attribute) => attribute.replace("-u", "U");

class DealForm extends HTMLElement {
  definition = this.definition; // Keeps a value that was set before this script ran.
  #mounted;
  #place;
  #starting = false;
  #ready = false;
  #values = {};
  #room;

  submit() {
    this.#mounted?.submit();
  }

  reset() {
    this.#mounted?.reset();
  }

  prefill(values) {
    if (this.#ready) this.#mounted.prefill(values);
    else Object.assign(this.#values, values);
  }

  checkValidity() {
    return this.#ready && this.#mounted.checkValidity();
  }

  get lightDom() {
    return this.hasAttribute("light-dom");
  }

  set lightDom(value) {
    this.toggleAttribute("light-dom", value);
  }

  connectedCallback() {
    for (const name of [...ATTRIBUTES.map(property), "lightDom"]) {
      if (!Object.hasOwn(this, name)) continue;
      // A value that was set before this script ran hides the property of the class.
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    if (this.#mounted || this.#starting) return;
    // A copy of a ready element has the attribute, but is not ready.
    this.removeAttribute("ready");
    this.#retire(false);
    this.#start();
  }

  disconnectedCallback() {
    // Waits, because an element that is moved is removed and added within one task.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#giveRoom();
      if (!this.#mounted) return;
      this.#ready = false;
      this.removeAttribute("ready");
      this.#mounted.unmount();
      this.#mounted = undefined;
      this.#place.remove();
      this.#retire(false);
    });
  }

  get #root() {
    if (this.lightDom) return this;
    if (this.shadowRoot) return this.shadowRoot;
    const root = this.attachShadow({ mode: "open" });
    // Outside of the shadow root, the target of key events is the element, so shortcuts of the page
    // would react to typing. Escape may close a dialog of the page.
    for (const type of ["keydown", "keypress", "keyup"]) {
      root.addEventListener(type, (event) => {
        const typed = event.target.matches("input,textarea,select") && event.key !== "Escape";
        if (typed) event.stopPropagation();
      });
    }
    return root;
  }

  /**
   * Disables the plain forms, or enables them again: hidden required inputs would block a form around
   * the element.
   */
  #retire(off) {
    const others = [...document.querySelectorAll("deal-form[ready]")];
    const replaced = !off && others.some((other) => target(other) === target(this));
    const beside = replaced ? [] : strays(this);
    for (const form of beside) {
      if (!off && !form.hasAttribute(OFF)) continue;
      form.toggleAttribute(OFF, off);
      form.style.setProperty("display", off ? "none" : "", "important");
    }
    for (const place of this.lightDom ? beside : [this, ...beside]) {
      for (const control of place.querySelectorAll(off ? ":enabled" : `[${OFF}]`)) {
        control.toggleAttribute(OFF, off);
        control.disabled = off;
      }
    }
  }

  async #start() {
    this.#starting = true;
    this.#keepRoom();
    try {
      if (this.loading === "lazy") await wanted(this);
      const loading = load();
      // The page may set properties right after it has added the element.
      await null;
      const { src } = this;
      const asked = this.#given || !src ? undefined : ask(src);
      const { mount } = await loading;
      if (this.isConnected) this.#mount(mount, this.src === src ? asked : undefined);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#starting = false;
    }
  }

  /** Reserves space for the form, so that the page jumps less, unless the page reserves space itself. */
  #keepRoom() {
    const { display, minHeight } = getComputedStyle(this);
    // A fallback already takes space.
    if (this.#fallback || parseFloat(minHeight)) return;
    this.#room = { display: this.style.display, minHeight: this.style.minHeight };
    if (display === "inline") this.style.display = "block";
    this.style.minHeight = "640px";
  }

  #giveRoom() {
    Object.assign(this.style, this.#room);
    this.#room = undefined;
  }

  /** Whether the element has content that visitors can use until the form is ready. */
  get #fallback() {
    return this.querySelector(":scope>:not(noscript,script,style,template)") !== null;
  }

  #fail(error) {
    const csp = error?.name === "CompileError";
    // Browsers report other violations of a policy on the console themselves.
    const hint = csp ? "Content-Security-Policy: script-src needs 'wasm-unsafe-eval'." : "";
    console.error("deal-form: the form cannot be shown.", hint, error);
    this.#giveRoom();
    this.#tell("error", { code: "load" });
    if (this.#fallback) return;
    // The form's address is a page that needs no scripts.
    const link = document.createElement("a");
    link.href = this.src;
    link.textContent = "Open the form on its own page";
    this.#root.replaceChildren(link);
  }

  /** A definition from the page itself. */
  get #given() {
    return this.definition ?? JSON.parse(this.getAttribute("definition"));
  }

  #mount(mount, asked) {
    const root = this.#root;
    const place = (this.#place = document.createElement("div"));
    // Without a fallback, the widget shows that it is loading.
    place.hidden = this.#fallback;
    if (root !== this) root.replaceChildren(document.createElement("slot"));
    root.append(place);
    const options = {
      src: this.src,
      proxyUrl: this.proxyUrl,
      lang: this.lang,
      locales: new URL("./locales/", import.meta.url).href,
      timeout: Number(this.timeout) || undefined,
      keepDraft: this.draft !== "off",
      definition: this.#given,
      asked,
      values: this.#values,
      plain: () =>
        [...this.querySelectorAll("form"), ...strays(this)].find((form) => !place.contains(form)),
      leaving: () => this.contains(sent) || strays(this).includes(sent),
    };
    this.#mounted = mount(place, options, (name, detail) => {
      // `mount` has returned by now: the widget sends no event before the next microtask.
      if (name === "ready") this.#swap(root, place);
      return this.#tell(name, detail);
    });
  }

  #tell(name, detail) {
    const event = { bubbles: true, composed: true, cancelable: name === "submit", detail };
    return this.dispatchEvent(new CustomEvent(`deal-form-${name}`, event));
  }

  /** Replaces the fallback by the widget. A visitor who was typing keeps the focus. */
  #swap(root, place) {
    this.#ready = true;
    this.#values = {};
    const active = this.getRootNode().activeElement;
    const plain = [this, ...strays(this)].some((plain) => plain.contains(active));
    const had = plain && active !== this && !place.contains(active);
    root.replaceChildren(place);
    this.#retire(true);
    place.hidden = false;
    this.toggleAttribute("ready", true);
    this.#giveRoom();
    if (!had) return;
    const name = active.type === "submit" ? "" : (active.name ?? "").replace("[]", "");
    place.querySelector(name ? `[name="${CSS.escape(name)}"]` : ".df-submit")?.focus();
  }
}

for (const attribute of ATTRIBUTES) {
  Object.defineProperty(DealForm.prototype, property(attribute), {
    get() {
      return this.getAttribute(attribute) ?? "";
    },
    set(value) {
      this.setAttribute(attribute, value);
    },
  });
}

// A page may load two copies of this script.
customElements.get("deal-form") ?? customElements.define("deal-form", DealForm);
