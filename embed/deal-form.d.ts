/** The custom element `<deal-form>`: a form whose submissions become deals. */

/** The public definition of a form, as `GET` on its address returns it. */
export interface FormDefinition {
  title: string;
  intro?: string;
  intro_markup?: Markup;
  submit_label?: string;
  success_message?: string;
  success_message_markup?: Markup;
  /** What else happens after the form is sent. */
  success?: {
    /** The address of a thank-you page, `https://…` or `/…`, with `{deal_id}` and `{reference}`. */
    redirect?: string;
    /** The names of the values in the CRM's reply that the visitor sees. Default: `deal_id`. */
    show?: string[];
    /** Whether the visitor can fill in the form again. Default: true. */
    another?: boolean;
  };
  /** The language of these texts (BCP 47). The form uses it unless the page sets another one. */
  lang?: string;
  /** Replacements for the form's messages, by their keys; `deal-proxy texts` lists the keys. */
  texts?: Record<string, string>;
  fields: Field[];
  /** The steps of the form, in the order of the questions. */
  steps?: { title: string; fields: string[]; show_when?: Condition }[];
  /** Values from the page; the form reads them when it is sent. */
  hidden?: Hidden[];
  /** The proof that the proxy requires before it accepts a submission. */
  proof?: {
    /** A signed token with the time when the page was opened; the form sends it. */
    token?: boolean;
    /** The captcha's answer; the page passes it with `prefill({ "df-captcha": answer })`. */
    captcha?: boolean;
    /** Proof of work: a number that takes the browser some time to find; the form finds it. */
    work?: boolean;
  };
}

/** A text with its links and emphasis, as a list of paragraphs and lists. It repeats the words of the plain text. */
export type Markup = (Span[] | { items: Span[][] })[];

/** A part of a text with one format. */
export interface Span {
  text: string;
  strong?: boolean;
  emphasis?: boolean;
  /** `https://…`, `http://…`, `mailto:…`, `tel:…`, or a relative address. */
  link?: string;
}

/** A value that the page gives and the form does not ask for; `prefill` can also set it. */
export type Hidden =
  | { parameter: string; url_parameter: string }
  | { parameter: string; page: "address" | "referrer" | "title" };

/** A condition on the answers to earlier fields. A hidden field has no answer. */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { parameter: string; is: string[] }
  | { parameter: string; is_not: string[] }
  | { parameter: string; filled: boolean }
  /** Amounts, numbers and days. */
  | { parameter: string; at_least: string }
  | { parameter: string; at_most: string };

/** One question of a form. */
export interface Field {
  /** The name under which the answer is sent: a parameter of the API, or the API name of a custom field. */
  parameter: string;
  kind:
    | "text" | "long_text" | "email" | "phone" | "handle" | "date" | "amount" | "flag" | "choice"
    | "choices" | "tags" | "id" | "attachments";
  /** A heading and text above the field. */
  heading?: string;
  text?: string;
  text_markup?: Markup;
  label: string;
  label_markup?: Markup;
  hint?: string;
  hint_markup?: Markup;
  /** How much of a row the field takes in a form that is at least 30 em wide. */
  width?: "full" | "half" | "third";
  required?: boolean;
  /** The maximum number of characters. */
  max_length?: number;
  /** For `choice` and `choices`: the options. */
  options?: { value: string; label: string }[];
  /** The value that means yes. Required for a flag. */
  yes?: "1" | "2";
  /** For `choice` and `choices`: whether the visitor can write another answer. */
  other?: boolean;
  /** For `choices`: the minimum and the maximum number of answers. */
  min_choices?: number;
  max_choices?: number;
  /** How a `choice` (`select`, `radio`), `choices` (`checkboxes`, `chips`) or a `flag` (`checkbox`, `switch`) looks. */
  control?: "select" | "radio" | "checkboxes" | "chips" | "checkbox" | "switch";
  /**
   * For a date, the first and last day: `2026-01-31`, `today`, `today+30d`, `today-7d`. For an amount or an id, the
   * lowest and highest number in digits.
   */
  min?: string;
  max?: string;
  /** The field is shown only if this condition is met. */
  show_when?: Condition;
  /** An answer is required if this condition is met. */
  required_when?: Condition;
  /** The minimum number of characters. */
  min_length?: number;
  /** The whole answer has to match this regular expression. */
  pattern?: string;
  /** The author's sentences about problems, by their codes. */
  messages?: Record<string, string>;
  /** The initial answer, as it is sent. */
  default?: string;
  /** The query parameter in the page's address that contains the initial answer. */
  prefill?: string;
  autocomplete?: string;
  /** For attachments: the maximum number of files, at most 20. */
  max_files?: number;
  /** For attachments: all files together have to be smaller than this, at most 100,000,000 bytes. */
  max_total?: number;
}

/** The CRM's reply. Missing values are empty. */
export interface Deal {
  message: "success";
  deal_id: string;
  external_reference_id: string;
  expected_closing_date: string;
  actual_closing_date: string;
  expected_closing_amount: string;
  actual_closing_amount: string;
  stage: string;
  resolution: string;
}

/** The proxy has stored the submission and will deliver it. The deal's number is not known yet. */
export interface Received {
  message: "received";
  external_reference_id: string;
}

/** Why an attempt to send failed. */
export type FailureCode =
  | "network" | "timeout" | "cancelled" | "crm_refused" | "invalid" | "too_large" | "wrong_type"
  | "too_many" | "unavailable" | "refused" | "unreadable";

/** `load`: the form itself could not be loaded. */
export type ErrorCode = FailureCode | "load";

/**
 * The events of the element. They bubble, also out of shadow roots. They contain none of the
 * visitor's answers, except those that the CRM's reply repeats.
 */
export interface DealFormEventMap {
  /** Visitors can fill in the form. */
  "deal-form-ready": CustomEvent<null>;
  /** An answer has changed. */
  "deal-form-change": CustomEvent<{ parameter: string }>;
  /** Submit found problems and sent nothing. */
  "deal-form-invalid": CustomEvent<{ problems: { parameter: string; code: string }[] }>;
  /** The form is about to be sent; `preventDefault()` stops it. */
  "deal-form-submit": CustomEvent<null>;
  /** Bytes have been sent. */
  "deal-form-progress": CustomEvent<{ sent: number; total: number }>;
  /** The submission has arrived: the CRM has the deal, or the proxy has stored it for the CRM. */
  "deal-form-success": CustomEvent<Deal | Received>;
  /** The form could not be loaded, or an attempt to send failed. All answers are still there. */
  "deal-form-error": CustomEvent<{ code: ErrorCode }>;
}

/**
 * The attributes are `src`, `proxy-url`, `definition` (JSON), `lang` (default: the language of the
 * definition, or for a form with several languages the page's or the visitor's), `timeout` (seconds
 * without activity), `loading` (`eager` or `lazy`), `theme` (one or more of `light`, `dark` and
 * `compact`; default: as the page), `light-dom`, and `draft` (`off`: answers do not survive a reload).
 * The element reads `loading` when it is added to the page, and the others when it renders the form.
 *
 * As properties, `definition` is an object, `lightDom` is whether its attribute is set, and the others
 * are the text of their attributes. `ready` is only an attribute: the element sets it when visitors can
 * fill in the form.
 */
export interface DealForm extends HTMLElement {
  /** The definition, instead of the one at `src`. Set it before you add the element to the page. */
  definition: FormDefinition | undefined;
  src: string;
  proxyUrl: string;
  timeout: string;
  /** The attribute `heading-level`. */
  headingLevel: string;
  loading: string;
  theme: string;
  draft: string;
  lightDom: boolean;
  /** Does the same as the button: sends the form, or shows its problems. */
  submit(): void;
  /** Stops the current attempt and starts a new, empty draft. */
  reset(): void;
  /**
   * Sets answers as if the visitor had typed them. Before the form is ready, it sets only answers that
   * the visitor has not given.
   */
  prefill(values: Record<string, string | number>): void;
  /** Returns whether the form could be sent now. Shows nothing. */
  checkValidity(): boolean;
  addEventListener<K extends keyof DealFormEventMap>(
    type: K,
    listener: (this: DealForm, event: DealFormEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  // The events bubble, so listeners on the document and the window receive them.
  interface DocumentEventMap extends DealFormEventMap {}
  interface WindowEventMap extends DealFormEventMap {}
  interface HTMLElementTagNameMap {
    "deal-form": DealForm;
  }
}
