// The list of the form's events.

const NAMES = ["ready", "change", "invalid", "submit", "progress", "success", "error"];
const MAX_LINES = 50;

/** Adds a line to the top of `list` for each event that bubbles to `stage`, and hides `placeholder`. */
export const listEvents = (stage, list, placeholder) => {
  const add = ({ type, detail }) => {
    placeholder.hidden = true;
    list.hidden = false;
    // Successive progress events share one line.
    const isSameLine = type === "deal-form-progress" && list.firstChild?.dataset.type === type;
    const item = isSameLine ? list.firstChild : document.createElement("li");
    item.dataset.type = type;
    const name = document.createElement("b");
    name.textContent = type;
    item.replaceChildren(name, detail ? ` ${JSON.stringify(detail)}` : "");
    list.prepend(item);
    while (list.children.length > MAX_LINES) list.lastChild.remove();
  };
  for (const name of NAMES) stage.addEventListener(`deal-form-${name}`, add);
};
