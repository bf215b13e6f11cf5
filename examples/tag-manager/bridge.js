// Passes the events of the forms on a page to a tag manager. Copy this file, and call it with the
// answer of your consent tool:
//
//   import { bridge } from "./bridge.js";
//   bridge(() => myConsentTool.allows("statistics"));
//
// Entries contain no answers of visitors. The names follow Google Analytics 4 where it recommends one.

/** The name of a form: the last part of its address. */
const nameOf = (form) => (form.getAttribute("src") ?? "").split("/").pop();

/** The entry for each event of the form. */
const ENTRIES = {
  "deal-form-ready": () => ({ event: "form_view" }),
  "deal-form-change": () => ({ event: "form_start" }),
  "deal-form-invalid": ({ problems }) => ({
    event: "form_invalid",
    form_problems: problems.map(({ parameter, code }) => `${parameter}: ${code}`),
  }),
  "deal-form-submit": () => ({ event: "form_submit" }),
  // The draft's reference makes it possible to count a conversion once. If the CRM was not available,
  // there is no deal number yet.
  "deal-form-success": ({ external_reference_id, deal_id }) => ({
    event: "generate_lead",
    external_reference_id,
    deal_id,
  }),
  "deal-form-error": ({ code }) => ({ event: "form_error", form_error: code }),
};

/** Pushes an entry for each event of each form while `allowed()` returns true. */
export const bridge = (allowed) => {
  const started = new WeakSet();
  for (const [name, entry] of Object.entries(ENTRIES)) {
    addEventListener(name, ({ target, detail }) => {
      if (!allowed()) return;
      if (name === "deal-form-change") {
        // Only the first answer counts.
        if (started.has(target)) return;
        started.add(target);
      }
      window.dataLayer ??= [];
      window.dataLayer.push({ ...entry(detail), form_name: nameOf(target) });
    });
  }
};
