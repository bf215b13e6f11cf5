// Form.io's renderer, without its builder. Its file component stores files as base64 in the
// submission, if it does not upload them first. Before sending, this script turns them into files
// again.
import { Formio } from "@formio/js/form";
import { fileTypes, container, questions, send, thanks, works } from "../shared/page.js";

const text = (key, label, maxLength, more) => (
  { type: "textfield", key, label, validate: { maxLength, ...more?.validate }, ...more?.look });
const answer = (key, label, maxLength, look) =>
  text(key, label, maxLength, { validate: { required: true }, look });

const enquiry = [
  { type: "content", key: "title", html: "<h2>Request a quote</h2><p>Tell us about your roof.</p>" },
  answer("contact_name", "Your name", 100, { autocomplete: "name" }),
  { type: "email", key: "contact_email", label: "Email", validate: { required: true },
    autocomplete: "email", description: "We will send the quote to this address." },
  text("contact_phone", "Phone", 1000, {
    validate: { pattern: "^[+0-9 ()/-]{5,}$" }, look: { autocomplete: "tel" } }),
  text("company_name", "Company", 100, { look: { autocomplete: "organization" } }),
  text("street", "Street and number", 200),
  answer("town", "Town", 100),
  { type: "select", key: "work", label: "What do you need?", validate: { required: true },
    widget: "html5", data: { values: works.map(([value, label]) => ({ value, label })) } },
  { type: "day", key: "expected_closing_date", label: "When should it start?" },
  text("expected_closing_amount", "Budget in euros", 30, {
    validate: { pattern: "^[0-9]+([.,][0-9]{1,2})?$" } }),
  { type: "textarea", key: "note", label: "Your roof", rows: 5,
    validate: { required: true, maxLength: 5000 } },
  { type: "checkbox", key: "newsletter", label: "Send me the newsletter" },
  { type: "file", key: "attachments", label: "Photographs and plans", storage: "base64",
    multiple: true, filePattern: fileTypes, fileMaxSize: "100MB" },
  { type: "button", action: "submit", key: "submit", label: "Send" },
];

const long = [
  ...questions.map(({ name, label, required }) =>
    required ? answer(name, label, 300) : text(name, label, 300)),
  { type: "button", action: "submit", key: "submit", label: "Send" },
];

async function formData({ attachments = [], newsletter, submit, expected_closing_date, ...texts }) {
  const answers = new FormData();
  for (const [name, value] of Object.entries(texts)) answers.append(name, value);
  const [month, day, year] = (expected_closing_date || "00/00/0000").split("/");
  if (Number(year)) answers.append("expected_closing_date", `${year}-${month}-${day}`);
  if (newsletter) answers.append("newsletter", "1");
  for (const { url, originalName } of attachments) {
    const blob = await (await fetch(url)).blob();
    answers.append("attachments[]", blob, originalName);
  }
  return answers;
}

const form = await Formio.createForm(container, { components: questions.length ? long : enquiry });
form.nosubmit = true;
form.on("submit", async ({ data }) => {
  try {
    await send(await formData(data));
    form.emit("submitDone");
    container.innerHTML = `<p role="status">${thanks}</p>`;
  } catch ({ message }) {
    form.emit("submitError", message);
  }
});
