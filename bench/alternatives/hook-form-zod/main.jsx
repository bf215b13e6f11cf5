// React Hook Form with a zod schema, as both document it: registered inputs and zodResolver.
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { fileTypes, container, questions, send, thanks, works } from "../shared/page.js";

const text = (most) => z.string().max(most);
const answer = (most) => text(most).min(1, "Fill in this field.");

const enquiry = z.object({
  contact_name: answer(100),
  contact_email: z.email("Enter an email address."),
  contact_phone: z.string().regex(/^$|^[+0-9 ()/-]{5,}$/, "Enter a phone number."),
  company_name: text(100),
  street: text(200),
  town: answer(100),
  work: z.enum(works.map(([value]) => value), "Select an option."),
  expected_closing_date: z.union([z.literal(""), z.iso.date()]),
  expected_closing_amount: z.string().regex(/^$|^[0-9]+([.,][0-9]{1,2})?$/, "Enter a number."),
  note: answer(5000),
  newsletter: z.boolean(),
  attachments: z.custom((files) => [...files].reduce((sum, { size }) => sum + size, 0) < 100_000_000,
    "The files are over 100 MB in total."),
});

const long = z.object(Object.fromEntries(
  questions.map(({ name, required }) => [name, required ? answer(300) : text(300)])));

function formData({ attachments = [], newsletter, ...texts }) {
  const answers = new FormData();
  for (const [name, value] of Object.entries(texts)) answers.append(name, value);
  if (newsletter) answers.append("newsletter", "1");
  for (const file of attachments) answers.append("attachments[]", file);
  return answers;
}

function Enquiry() {
  const [sent, setSent] = useState(false);
  const { register, handleSubmit, setError, formState: { errors, isSubmitting } } =
    useForm({ resolver: zodResolver(questions.length ? long : enquiry) });
  const submit = handleSubmit(async (values) => {
    try {
      await send(formData(values));
      setSent(true);
    } catch ({ message }) {
      setError("root", { message });
    }
  });
  const field = (name) => ({
    id: name,
    "aria-invalid": Boolean(errors[name]),
    "aria-describedby": errors[name] && `${name}-problem`,
    ...register(name),
  });
  const problem = (name) =>
    errors[name] && <p className="problem" id={`${name}-problem`}>{errors[name].message}</p>;
  const input = (name, label, more) => (
    <div key={name}>
      <label htmlFor={name}>{label}</label>
      <input {...field(name)} {...more} />
      {problem(name)}
    </div>
  );

  if (sent) return <p role="status">{thanks}</p>;
  return (
    <form noValidate onSubmit={submit}>
      <h2>Request a quote</h2>
      <p>Tell us about your roof.</p>
      {questions.length ? questions.map(({ name, label }) => input(name, label)) : <>
        {input("contact_name", "Your name", { autoComplete: "name" })}
        {input("contact_email", "Email", { type: "email", autoComplete: "email" })}
        <p className="hint">We will send the quote to this address.</p>
        {input("contact_phone", "Phone", { type: "tel", autoComplete: "tel" })}
        {input("company_name", "Company", { autoComplete: "organization" })}
        {input("street", "Street and number")}
        {input("town", "Town")}
        <label htmlFor="work">What do you need?</label>
        <select {...field("work")}>
          <option value="">Select an option</option>
          {works.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        </select>
        {problem("work")}
        {input("expected_closing_date", "When should it start?", { type: "date" })}
        {input("expected_closing_amount", "Budget in euros", { inputMode: "decimal" })}
        <label htmlFor="note">Your roof</label>
        <textarea {...field("note")} rows={5} />
        {problem("note")}
        {input("newsletter", "Send me the newsletter", { type: "checkbox" })}
        {input("attachments", "Photographs and plans", { type: "file", multiple: true, accept: fileTypes })}
      </>}
      {errors.root && <p className="problem" role="alert">{errors.root.message}</p>}
      <button disabled={isSubmitting}>Send</button>
    </form>
  );
}

createRoot(container).render(<Enquiry />);
