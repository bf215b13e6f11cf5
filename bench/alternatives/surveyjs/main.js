// SurveyJS without a framework (survey-js-ui). As in its demo "Delayed file upload", files are
// sent with the answers.
import { Model } from "survey-core";
import "survey-js-ui";
import { fileTypes, container, questions, send, thanks, works } from "../shared/page.js";

const enquiry = {
  title: "Request a quote",
  description: "Tell us about your roof.",
  completeText: "Send",
  completedHtml: `<p role="status">${thanks}</p>`,
  showQuestionNumbers: false,
  elements: [
    { type: "text", name: "contact_name", title: "Your name", isRequired: true, maxLength: 100,
      autocomplete: "name" },
    { type: "text", name: "contact_email", title: "Email", isRequired: true, inputType: "email",
      autocomplete: "email", description: "We will send the quote to this address.",
      validators: [{ type: "email" }] },
    { type: "text", name: "contact_phone", title: "Phone", inputType: "tel", autocomplete: "tel",
      validators: [{ type: "regex", regex: "^[+0-9 ()/-]{5,}$" }] },
    { type: "text", name: "company_name", title: "Company", maxLength: 100,
      autocomplete: "organization" },
    { type: "text", name: "street", title: "Street and number", maxLength: 200 },
    { type: "text", name: "town", title: "Town", isRequired: true, maxLength: 100 },
    { type: "dropdown", name: "work", title: "What do you need?", isRequired: true,
      renderAs: "select", choices: works.map(([value, text]) => ({ value, text })) },
    { type: "text", name: "expected_closing_date", title: "When should it start?",
      inputType: "date" },
    { type: "text", name: "expected_closing_amount", title: "Budget in euros",
      validators: [{ type: "regex", regex: "^[0-9]+([.,][0-9]{1,2})?$" }] },
    { type: "comment", name: "note", title: "Your roof", isRequired: true, maxLength: 5000,
      rows: 5 },
    { type: "boolean", name: "newsletter", title: "Send me the newsletter", renderAs: "checkbox" },
    { type: "file", name: "attachments", title: "Photographs and plans", allowMultiple: true,
      storeDataAsText: false, allowImagesPreview: false, maxSize: 100_000_000,
      acceptedTypes: fileTypes },
  ],
};

const long = {
  title: "Questions",
  completeText: "Send",
  showQuestionNumbers: false,
  elements: questions.map(({ name, label, required }) => (
    { type: "text", name, title: label, isRequired: required, maxLength: 300 })),
};

const survey = new Model(questions.length ? long : enquiry);
let files = [];
let sent = false;

survey.onUploadFiles.add((_, { files: chosen, callback }) => {
  files = files.concat(chosen);
  callback(chosen.map((file) => ({ file, content: file.name })));
});
survey.onClearFiles.add((_, { fileName, callback }) => {
  files = fileName ? files.filter(({ name }) => name !== fileName) : [];
  callback("success");
});
survey.onCompleting.add(async (_, options) => {
  if (sent) return;
  options.allow = false;
  const { attachments, newsletter, ...texts } = survey.data;
  const answers = new FormData();
  for (const [name, value] of Object.entries(texts)) answers.append(name, value);
  if (newsletter) answers.append("newsletter", "1");
  for (const file of files) answers.append("attachments[]", file);
  try {
    await send(answers);
    sent = true;
    survey.doComplete();
  } catch ({ message }) {
    survey.notify(message, "error");
  }
});

survey.render(container);
