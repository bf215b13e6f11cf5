// A list of the form's events.

const NAMES = ["ready", "change", "invalid", "submit", "progress", "success", "error"];
const MOST = 50;

/** Adds a line to `list`, the newest first, for each event that bubbles to `stage`. */
export const listen = (stage, list, silence) => {
  const hear = ({ type, detail }) => {
    silence.hidden = true;
    list.hidden = false;
    // All progress events share one line.
    const same = type === "deal-form-progress" && list.firstChild?.dataset.type === type;
    const item = same ? list.firstChild : document.createElement("li");
    item.dataset.type = type;
    const name = document.createElement("b");
    name.textContent = type;
    item.replaceChildren(name, detail ? ` ${JSON.stringify(detail)}` : "");
    list.prepend(item);
    while (list.children.length > MOST) list.lastChild.remove();
  };
  for (const name of NAMES) stage.addEventListener(`deal-form-${name}`, hear);
};
