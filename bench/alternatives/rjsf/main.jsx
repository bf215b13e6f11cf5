// react-jsonschema-form with its plain theme and its usual validator. Its file widget reads files
// into data URLs. Before sending, they become files again.
import Form from "@rjsf/core";
import { dataURItoBlob } from "@rjsf/utils";
import validator from "@rjsf/validator-ajv8";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { fileTypes, container, questions, send, thanks, works } from "../shared/page.js";

const text = (title, maxLength, more) => ({ type: "string", title, maxLength, ...more });

const enquiry = {
  title: "Request a quote",
  description: "Tell us about your roof.",
  type: "object",
  required: ["contact_name", "contact_email", "town", "work", "note"],
  properties: {
    contact_name: text("Your name", 100),
    contact_email: text("Email", 1000, { format: "email" }),
    contact_phone: text("Phone", 1000, { pattern: "^[+0-9 ()/-]{5,}$" }),
    company_name: text("Company", 100),
    street: text("Street and number", 200),
    town: text("Town", 100),
    work: text("What do you need?", 100, {
      oneOf: works.map(([value, title]) => ({ const: value, title })),
    }),
    expected_closing_date: text("When should it start?", 10, { format: "date" }),
    expected_closing_amount: text("Budget in euros", 30, { pattern: "^[0-9]+([.,][0-9]{1,2})?$" }),
    note: text("Your roof", 5000),
    newsletter: { type: "boolean", title: "Send me the newsletter" },
    attachments: {
      type: "array",
      title: "Photographs and plans",
      items: { type: "string", format: "data-url" },
    },
  },
};

const long = {
  title: "Questions",
  type: "object",
  required: questions.filter(({ required }) => required).map(({ name }) => name),
  properties: Object.fromEntries(questions.map(({ name, label }) => [name, text(label, 300)])),
};

const look = {
  contact_name: { "ui:autocomplete": "name" },
  contact_email: { "ui:autocomplete": "email", "ui:help": "We will send the quote to this address." },
  contact_phone: { "ui:autocomplete": "tel", "ui:inputType": "tel" },
  company_name: { "ui:autocomplete": "organization" },
  note: { "ui:widget": "textarea", "ui:options": { rows: 5 } },
  attachments: { "ui:options": { accept: fileTypes } },
  "ui:submitButtonOptions": { submitText: "Send" },
};

function formData({ attachments = [], newsletter, ...texts }) {
  const answers = new FormData();
  for (const [name, value] of Object.entries(texts)) if (value) answers.append(name, value);
  if (newsletter) answers.append("newsletter", "1");
  for (const url of attachments) {
    const { blob, name } = dataURItoBlob(url);
    answers.append("attachments[]", blob, name);
  }
  return answers;
}

function Enquiry() {
  const [phase, setPhase] = useState("open");
  const submit = async ({ formData: values }) => {
    setPhase("sending");
    try {
      await send(formData(values));
      setPhase("sent");
    } catch ({ message }) {
      setPhase(message);
    }
  };
  if (phase === "sent") return <p role="status">{thanks}</p>;
  return <>
    <Form schema={questions.length ? long : enquiry} uiSchema={look} validator={validator}
      onSubmit={submit} disabled={phase === "sending"} />
    {!["open", "sending"].includes(phase) && <p className="problem" role="alert">{phase}</p>}
  </>;
}

createRoot(container).render(<Enquiry />);
