// What all peers with scripts share: where the form goes, how long it is to be, and how it is sent.

export const place = document.getElementById("form");

/** The questions of a long form; none on the page with the form of twelve. */
export const questions = Array.from({ length: Number(place.dataset.fields ?? 0) }, (_, index) => ({
  name: `question_${index + 1}`,
  label: `Question ${index + 1}`,
  required: index % 4 === 0,
}));

/** Posts the form; throws when the proxy does not take it. */
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
