// By hand: uncontrolled fields, and the browser's validation with our own messages.
import { render } from "preact";
import { useState } from "preact/hooks";
import { fileTypes, container, questions, send, thanks, works } from "../shared/page.js";

const ENOUGH_BYTES = 100_000_000;

function problemOf(control) {
  const { validity, files } = control;
  if (validity.valueMissing) return "Fill in this field.";
  if (validity.typeMismatch) return "Enter an email address.";
  if (validity.patternMismatch) return "Enter a number.";
  const bytes = [...(files ?? [])].reduce((sum, { size }) => sum + size, 0);
  return bytes < ENOUGH_BYTES ? "" : "The files are over 100 MB in total.";
}

function Field({ name, label, hint, problem, as: Control = "input", children, ...rest }) {
  return (
    <div>
      <label for={name}>{label}</label>
      {hint && <p class="hint">{hint}</p>}
      <Control id={name} name={name} aria-invalid={Boolean(problem)}
        aria-describedby={problem && `${name}-problem`} {...rest}>{children}</Control>
      {problem && <p class="problem" id={`${name}-problem`}>{problem}</p>}
    </div>
  );
}

function Enquiry() {
  const [problems, setProblems] = useState({});
  const [phase, setPhase] = useState("open");

  const judge = ({ target }) => {
    if (target.name) setProblems((all) => ({ ...all, [target.name]: problemOf(target) }));
  };
  const judgeAgain = (event) => problems[event.target.name] && judge(event);
  const submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    const controls = [...form.elements].filter(({ name }) => name);
    const found = Object.fromEntries(controls.map((one) => [one.name, problemOf(one)]));
    setProblems(found);
    const wrong = controls.find(({ name }) => found[name]);
    if (wrong) return wrong.focus();
    setPhase("sending");
    try {
      await send(new FormData(form));
      setPhase("sent");
    } catch (error) {
      setPhase(error.message);
    }
  };

  if (phase === "sent") return <p role="status">{thanks}</p>;
  const field = (name) => ({ name, problem: problems[name] });
  return (
    <form noValidate onSubmit={submit} onFocusOut={judge} onInput={judgeAgain}>
      <h2>Request a quote</h2>
      <p>Tell us about your roof.</p>
      {questions.length ? questions.map(({ name, label, required }) => (
        <Field key={name} {...field(name)} label={label} required={required} maxLength={300} />
      )) : <>
        <Field {...field("contact_name")} label="Your name" required maxLength={100} autocomplete="name" />
        <Field {...field("contact_email")} label="Email" hint="We will send the quote to this address."
          type="email" required autocomplete="email" />
        <Field {...field("contact_phone")} label="Phone" type="tel" autocomplete="tel" />
        <Field {...field("company_name")} label="Company" maxLength={100} autocomplete="organization" />
        <Field {...field("street")} label="Street and number" maxLength={200} />
        <Field {...field("town")} label="Town" required maxLength={100} />
        <Field {...field("work")} as="select" label="What do you need?" required>
          <option value="">Select an option</option>
          {works.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        </Field>
        <Field {...field("expected_closing_date")} label="When should it start?" type="date" />
        <Field {...field("expected_closing_amount")} label="Budget in euros" inputMode="decimal"
          pattern="[0-9]+([.,][0-9]{1,2})?" />
        <Field {...field("note")} as="textarea" label="Your roof" rows={5} required maxLength={5000} />
        <Field {...field("newsletter")} label="Send me the newsletter" type="checkbox" value="1" />
        <Field {...field("attachments[]")} label="Photographs and plans" type="file" multiple
          accept={fileTypes} />
      </>}
      {!["open", "sending"].includes(phase) && <p class="problem" role="alert">{phase}</p>}
      <button disabled={phase === "sending"}>Send</button>
    </form>
  );
}

render(<Enquiry />, container);
