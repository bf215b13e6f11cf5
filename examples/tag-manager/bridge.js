// Tells a tag manager what becomes of the forms on a page. Copy this file, and call it with
// whatever your consent tool says:
//
//   import { bridge } from "./bridge.js";
//   bridge(() => myConsentTool.allows("statistics"));
//
// No entry has anything that a visitor entered. The names are those that Google Analytics 4
// recommends, where it has one.

/** Which form it is: the last part of its address. */
const nameOf = (form) => (form.getAttribute("src") ?? "").split("/").pop();

/** What is pushed for each event of the form. */
const ENTRIES = {
  "deal-form-ready": () => ({ event: "form_view" }),
  "deal-form-change": () => ({ event: "form_start" }),
  "deal-form-invalid": ({ problems }) => ({
    event: "form_invalid",
    form_problems: problems.map(({ parameter, code }) => `${parameter}: ${code}`),
  }),
  "deal-form-submit": () => ({ event: "form_submit" }),
  // The draft's reference lets a conversion be counted once. The deal's number is the CRM's, which may
  // not have had the time to give one.
  "deal-form-success": ({ external_reference_id, deal_id }) => ({
    event: "generate_lead",
    external_reference_id,
    deal_id,
  }),
  "deal-form-error": ({ code }) => ({ event: "form_error", form_error: code }),
};

/** Pushes an entry for each event of each form, while `allowed()` says so. */
export const bridge = (allowed) => {
  const started = new WeakSet();
  for (const [name, entry] of Object.entries(ENTRIES)) {
    addEventListener(name, ({ target, detail }) => {
      if (!allowed()) return;
      if (name === "deal-form-change") {
        // The first answer is news, the others are not.
        if (started.has(target)) return;
        started.add(target);
      }
      window.dataLayer ??= [];
      window.dataLayer.push({ ...entry(detail), form_name: nameOf(target) });
    });
  }
};
