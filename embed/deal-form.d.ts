/** The custom element `<deal-form>`: a form whose submissions become deals. */

/** What a form asks; what `GET` on a form's address answers. */
export interface FormDefinition {
  title: string;
  intro?: string;
  submit_label?: string;
  success_message?: string;
  /** The language of these texts (BCP 47), which the form speaks unless the page says otherwise. */
  lang?: string;
  /** Own wordings of the form's texts, by their keys; `deal-proxy texts` lists them. */
  texts?: Record<string, string>;
  fields: Field[];
  /** Where the questions are asked a part at a time: the parts, in the order of the questions. */
  steps?: { title: string; fields: string[] }[];
  /** Values that the page gives; they are read when the form is sent. */
  hidden?: Hidden[];
  /** What a page has to bring with a submission, so that the proxy takes it for a person's. */
  proof?: {
    /** A signed note of when the page was opened; the form brings it. */
    token?: boolean;
    /** An answer of the captcha: the page hands it over, by `prefill({ "df-captcha": answer })`. */
    captcha?: boolean;
    /** A number that takes a computer some time to find; the form finds it. */
    work?: boolean;
  };
}

/** A value that no visitor is asked for; `prefill` can set it too. */
export type Hidden =
  | { parameter: string; url_parameter: string }
  | { parameter: string; page: "address" | "referrer" | "title" };

/** One question of a form. */
export interface Field {
  /** The name under which the answer is sent: a parameter of the API or a custom field's name. */
  parameter: string;
  kind:
    | "text" | "long_text" | "email" | "phone" | "handle" | "date" | "amount" | "flag" | "choice"
    | "tags" | "id" | "attachments";
  label: string;
  hint?: string;
  required?: boolean;
  /** The most characters. */
  max_length?: number;
  /** For a choice: its answers. */
  options?: { value: string; label: string }[];
  /** For a flag, and needed there: the value that means yes. */
  yes?: "1" | "2";
  /** How a choice (`select`, `radio`) or a flag (`checkbox`, `switch`) looks. */
  control?: "select" | "radio" | "checkbox" | "switch";
  /** For a date, the first and last day: `2026-01-31`, `today`, `today+30d`, `today-7d`. */
  min?: string;
  max?: string;
  /** Asked only if an earlier question has one of these answers. */
  show_when?: { parameter: string; is: string[] };
  autocomplete?: string;
  /** For attachments: the most files, at most 20. */
  max_files?: number;
  /** For attachments: the bytes under which all files stay together, at most 100,000,000. */
  max_total?: number;
}

/** The CRM's reply. What it does not tell is empty. */
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

/**
 * What the proxy has kept, to hand it to the CRM as soon as it can: nothing is left to do, and no
 * number known yet.
 */
export interface Received {
  message: "received";
  external_reference_id: string;
}

/** How an attempt to send failed. */
export type FailureCode =
  | "network" | "timeout" | "cancelled" | "crm_refused" | "invalid" | "too_large" | "wrong_type"
  | "too_many" | "unavailable" | "refused" | "unreadable";

/** `load`: the form itself could not be loaded. */
export type ErrorCode = FailureCode | "load";

/**
 * The events of the element. They bubble and leave shadow roots; none carries what a visitor
 * entered but what the CRM itself replied.
 */
export interface DealFormEventMap {
  /** The form can be filled in. */
  "deal-form-ready": CustomEvent<null>;
  /** The answer to a parameter was changed. */
  "deal-form-change": CustomEvent<{ parameter: string }>;
  /** Submit found problems, and nothing was sent. */
  "deal-form-invalid": CustomEvent<{ problems: { parameter: string; code: string }[] }>;
  /** The form is about to be sent; `preventDefault()` keeps it. */
  "deal-form-submit": CustomEvent<null>;
  /** So many bytes have left, of so many. */
  "deal-form-progress": CustomEvent<{ sent: number; total: number }>;
  /** The request has arrived: the CRM has confirmed the deal, or the proxy keeps it for the CRM. */
  "deal-form-success": CustomEvent<Deal | Received>;
  /** The form could not be loaded, or an attempt to send failed; everything entered is kept. */
  "deal-form-error": CustomEvent<{ code: ErrorCode }>;
}

/**
 * Attributes, read when the form is drawn, `loading` when the element is put on the page: `src`,
 * `proxy-url`, `definition` (JSON), `lang` (else the language of the definition), `timeout` (seconds
 * of silence), `loading` (`eager` or `lazy`), `theme` (words of `light`, `dark` and `compact`; else as
 * the page), `light-dom`, `draft` (`off`: what is entered does not survive a reload). As properties
 * `definition` is an object, `lightDom` tells whether its attribute is there, and the others are the
 * attributes' text. `ready` is an attribute alone: the element sets it once the form can be filled in.
 */
export interface DealForm extends HTMLElement {
  /** The definition, in place of fetching it from `src`. Set it before the element is added. */
  definition: FormDefinition | undefined;
  src: string;
  proxyUrl: string;
  timeout: string;
  loading: string;
  theme: string;
  draft: string;
  lightDom: boolean;
  /** Does what the button does: sends, or shows what is wrong. */
  submit(): void;
  /** Stops what is under way and begins a new, empty draft. */
  reset(): void;
  /**
   * Writes answers as if they had been typed. Before the form is ready it fills in only what the
   * visitor has not.
   */
  prefill(values: Record<string, string | number>): void;
  /** Whether the form could be sent as it stands. Shows nothing. */
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
  // They bubble: whoever delegates hears them further up.
  interface DocumentEventMap extends DealFormEventMap {}
  interface WindowEventMap extends DealFormEventMap {}
  interface HTMLElementTagNameMap {
    "deal-form": DealForm;
  }
}
