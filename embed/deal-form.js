// Defines <deal-form>: loads the widget and replaces the element's content when visitors can fill in
// the form. If scripts or WebAssembly are not available, the content, such as a plain form, stays
// visible. deal-form.d.ts documents the element.

import { expire } from "./expire.js";

// Ignore a failure: it means that the browser has no storage, so there are no files to remove.
expire().catch(() => {});

// Keep the campaign for this tab, if the page asks for it. src/submission/hidden.rs reads it.
if (document.querySelector("[data-deal-form-campaign]")) {
  const campaign = [...new URLSearchParams(location.search)].filter(([name]) => /^utm_|clk?id$/.test(name));
  try {
    if (campaign[0]) sessionStorage["deal-form campaign"] = new URLSearchParams(campaign);
  } catch {
    // The browser stores nothing.
  }
}

let widget;

/** The plain form that the visitor has sent. The Back button makes it undefined again. */
let sent;
addEventListener("submit", (event) => event.defaultPrevented || (sent = event.target));
addEventListener("pageshow", (event) => event.persisted && (sent = undefined));

/** The widget's module, loaded once for all forms on a page, and again after a failure. */
const load = () =>
  (widget ??= Promise.all([
    import("./deal-form-widget.js"),
    // Fetch the WebAssembly here, because the module would request it one round trip later.
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

/** Returns the language of the element or the page. Pages may write `de_DE`, which would cause a preflight request. */
const languageOf = (element) => (element.closest("[lang]") ?? document.documentElement).lang?.replace("_", "-");

/** Requests the form's definition while the widget loads. If this fails, the widget tries again. */
const requestDefinition = (src, lang) =>
  fetch(src, { headers: { accept: "application/json", ...(lang && { "accept-language": lang }) } }).catch(() => {});

/** Returns the absolute address to which a form is posted, without the language that a plain form adds at the end. */
const actionOf = (form) => form.action.split("?lang=")[0];

/** Returns the absolute address to which an element's form is posted. */
const postAddress = ({ proxyUrl, src }) =>
  actionOf(Object.assign(document.createElement("form"), { action: proxyUrl || src }));

/**
 * Returns the plain forms outside the element that post to the same address. If the element is in a
 * paragraph, the HTML parser closes the element before its form.
 */
const detachedForms = (element) =>
  [...document.querySelectorAll("form[method=post i]:not(deal-form *)")].filter(
    // Clone without inputs, because an input named `action` would hide the form's property.
    (form) => actionOf(form.cloneNode()) === postAddress(element),
  );

/**
 * The attribute that marks the elements that the widget has disabled. Scripts such as Turbo restore copies
 * of the page. These copies also have this attribute.
 */
const DISABLED = "data-df-off";

/** Waits until the element is near the viewport, the element gets the focus, or the browser is idle. */
const untilNeeded = (element) =>
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
const ATTRIBUTES = ["src", "proxy-url", "timeout", "loading", "theme", "draft", "heading-level"];
const property = (attribute) => attribute.replace(/-./, (letter) => letter[1].toUpperCase());

/** A label of 16 px and a box of 44 px for each question. */
const SKELETON =
  "repeating-linear-gradient(#8883 0 16px, #0000 0 24px, #8883 0 68px, #0000 0 96px)";

class DealForm extends HTMLElement {
  definition = this.definition; // Keeps a value that the page set before this script ran.
  #mounted;
  #place;
  #starting = false;
  #ready = false;
  #values = {};
  #space;
  #cursor = [];

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
      // A value that the page has set before this script ran hides the property in the class.
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    if (this.#mounted || this.#starting) return;
    // A copy of a ready element has the attribute, but is not ready.
    this.removeAttribute("ready");
    this.#setPlainFormsDisabled(false);
    this.#start();
  }

  disconnectedCallback() {
    // Wait, because a moved element is removed and added within one task.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#releaseSpace();
      if (!this.#mounted) return;
      this.#ready = false;
      this.removeAttribute("ready");
      this.#mounted.unmount();
      this.#mounted = undefined;
      this.#place.remove();
      this.#setPlainFormsDisabled(false);
    });
  }

  get #root() {
    if (this.lightDom) return this;
    if (this.shadowRoot) return this.shadowRoot;
    const root = this.attachShadow({ mode: "open" });
    // Outside the shadow root, the target of key events is the element, so the page's keyboard
    // shortcuts would react to typing. Escape is passed on, because it may close the page's dialog.
    for (const type of ["keydown", "keypress", "keyup"]) {
      root.addEventListener(type, (event) => {
        const typed = event.target.matches("input,textarea,select") && event.key !== "Escape";
        if (typed) event.stopPropagation();
      });
    }
    return root;
  }

  /**
   * Disables the plain forms, or enables them again. Required inputs that are hidden would block a form
   * around the element.
   */
  #setPlainFormsDisabled(disabled) {
    const others = [...document.querySelectorAll("deal-form[ready]")];
    const replaced = !disabled && others.some((other) => postAddress(other) === postAddress(this));
    const detached = replaced ? [] : detachedForms(this);
    for (const form of detached) {
      if (!disabled && !form.hasAttribute(DISABLED)) continue;
      form.toggleAttribute(DISABLED, disabled);
      form.style.setProperty("display", disabled ? "none" : "", "important");
    }
    for (const container of this.lightDom ? detached : [this, ...detached]) {
      for (const control of container.querySelectorAll(disabled ? ":enabled" : `[${DISABLED}]`)) {
        control.toggleAttribute(DISABLED, disabled);
        control.disabled = disabled;
      }
    }
  }

  async #start() {
    this.#starting = true;
    this.#reserveSpace();
    try {
      if (this.loading === "lazy") await untilNeeded(this);
      const loading = load();
      // The page may set properties right after it has added the element.
      await null;
      const { src } = this;
      const response = this.#pageDefinition || !src ? undefined : requestDefinition(src, languageOf(this));
      const { mount } = await loading;
      if (this.isConnected) this.#mount(mount, this.src === src ? response : undefined);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#starting = false;
    }
  }

  /**
   * Reserves space for the form, so that the page shifts less, unless the page reserves space itself. Shows
   * gray labels and boxes in this space until the widget shows them.
   */
  #reserveSpace() {
    // A fallback already takes space.
    if (this.#fallback) return;
    const { display, minHeight } = getComputedStyle(this);
    const { style } = this;
    this.#space = { display: style.display, minHeight: style.minHeight, backgroundImage: style.backgroundImage };
    if (display === "inline") style.display = "block";
    if (!parseFloat(minHeight)) style.minHeight = "640px";
    style.backgroundImage = SKELETON;
  }

  #releaseSpace() {
    Object.assign(this.style, this.#space);
    this.#space = undefined;
  }

  /** Returns whether the element has content that visitors can use until the form is ready. */
  get #fallback() {
    return this.querySelector(":scope>:not(noscript,script,style,template)") !== null;
  }

  #fail(error) {
    const csp = error?.name === "CompileError";
    // Browsers log all other policy violations themselves.
    const hint = csp ? "Content-Security-Policy: script-src needs 'wasm-unsafe-eval'." : "";
    console.error("deal-form: the form cannot be shown.", hint, error);
    this.#releaseSpace();
    this.#dispatch("error", { code: "load" });
    if (this.#fallback) return;
    // The form's address is also a page that works without this script.
    const link = document.createElement("a");
    link.href = this.src;
    link.textContent = "Open the form on its own page";
    this.#root.replaceChildren(link);
  }

  /** Returns the definition that the page has set, if any. */
  get #pageDefinition() {
    return this.definition ?? JSON.parse(this.getAttribute("definition"));
  }

  #mount(mount, prefetched) {
    const root = this.#root;
    const place = (this.#place = document.createElement("div"));
    // The widget cannot see the page's language from inside the shadow root.
    place.lang = languageOf(this);
    // Without a fallback, the widget shows that the form is loading.
    place.hidden = this.#fallback;
    this.style.backgroundImage = this.#space?.backgroundImage ?? "";
    if (root !== this) root.replaceChildren(document.createElement("slot"));
    root.append(place);
    const options = {
      src: this.src,
      proxyUrl: this.proxyUrl,
      lang: this.lang,
      locales: new URL("./locales/", import.meta.url).href,
      timeout: Number(this.timeout) || undefined,
      headingLevel: Number(this.headingLevel) || undefined,
      keepDraft: this.draft !== "off",
      definition: this.#pageDefinition,
      prefetched,
      values: this.#values,
      plainForm: () => {
        // The widget takes over the answers next, which moves the cursor.
        const { selectionStart, selectionEnd } = this.getRootNode().activeElement ?? {};
        this.#cursor = [selectionStart, selectionEnd];
        return [...this.querySelectorAll("form"), ...detachedForms(this)].find((form) => !place.contains(form));
      },
      fallbackWasSent: () => this.contains(sent) || detachedForms(this).includes(sent),
    };
    this.#mounted = mount(place, options, (name, detail) => {
      // `mount` has returned by now: the widget sends no event before the next microtask.
      if (name === "ready") this.#replaceFallback(root, place);
      return this.#dispatch(name, detail);
    });
  }

  #dispatch(name, detail) {
    const event = { bubbles: true, composed: true, cancelable: name === "submit" || name === "success", detail };
    return this.dispatchEvent(new CustomEvent(`deal-form-${name}`, event));
  }

  /**
   * Replaces the fallback with the widget. For a visitor who is typing, keeps the focus, the cursor, and the
   * field's place on the screen.
   */
  #replaceFallback(root, place) {
    this.#ready = true;
    this.#values = {};
    const active = this.getRootNode().activeElement;
    const isPlain = [this, ...detachedForms(this)].some((container) => container.contains(active));
    const hadFocus = isPlain && active !== this && !place.contains(active);
    const top = active?.getBoundingClientRect().top;
    root.replaceChildren(place);
    this.#setPlainFormsDisabled(true);
    place.hidden = false;
    this.toggleAttribute("ready", true);
    this.#releaseSpace();
    if (!hadFocus) return;
    const name = active.type === "submit" ? "" : (active.name ?? "").replace("[]", "");
    const found = [...place.querySelectorAll(name ? `[name="${CSS.escape(name)}"]` : ".df-submit")];
    // The line for another answer has the name of its question, too.
    const control = found.find(({ type }) => type === active.type) ?? found[0];
    if (!control) return;
    control.focus({ preventScroll: true });
    if (Number.isInteger(this.#cursor[0])) control.setSelectionRange?.(...this.#cursor);
    // `instant`, because the page may set `scroll-behavior: smooth`.
    scrollBy({ top: control.getBoundingClientRect().top - top, behavior: "instant" });
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
