// Shared by all alternatives with scripts: the element for the form, its questions, and sending.

export const container = document.getElementById("form");

/** The questions of a long form; empty for the form with twelve questions. */
export const questions = Array.from({ length: Number(container.dataset.fields ?? 0) }, (_, index) => ({
  name: `question_${index + 1}`,
  label: `Question ${index + 1}`,
  required: index % 4 === 0,
}));

/** Posts the form. Throws if the proxy does not accept it. */
export async function send(answers) {
  const headers = { accept: "application/json" };
  const response = await fetch("/forms/enquiry", { method: "POST", headers, body: answers });
  if (!response.ok) throw new Error(`Not sent (${response.status}). Please try again.`);
}

export const works = [
  ["new", "A new roof"],
  ["repair", "A repair"],
  ["insulation", "Insulation"],
  ["other", "Something else"],
];

export const fileTypes =
  ".jpg,.jpeg,.gif,.bmp,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.csv,.txt,.zip";

export const thanks = "Thank you. We will call you back.";
