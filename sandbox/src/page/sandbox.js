// Shows new deals without a reload: polls the page's revision and fetches the page when it has changed.
const INTERVAL_MS = 1500;

async function text(address) {
  const response = await fetch(address, { cache: "no-store" });
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
}

async function refresh() {
  const shown = document.querySelector("main");
  if ((await text("/revision")) === shown.dataset.revision) return;
  const page = new DOMParser().parseFromString(await text("/"), "text/html");
  const fresh = page.querySelector("main");
  // Keep open details, the checkbox and the keyboard focus as they are.
  for (const open of shown.querySelectorAll("details[open][id]")) {
    fresh.querySelector(`#${open.id}`)?.setAttribute("open", "");
  }
  for (const box of shown.querySelectorAll("input[type=checkbox]:checked")) {
    fresh.querySelector(`#${box.id}`)?.setAttribute("checked", "");
  }
  const focused = document.activeElement?.id;
  const known = new Set([...shown.querySelectorAll("article")].map((deal) => deal.id));
  for (const deal of fresh.querySelectorAll("article")) {
    deal.classList.toggle("is-new", !known.has(deal.id));
  }
  const added = fresh.querySelectorAll(".is-new").length;
  document.title = page.title;
  shown.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (added > 0) {
    document.querySelector("[role=status]").textContent =
      added === 1 ? "A new deal was added." : `${added} new deals were added.`;
  }
}

async function watch() {
  try {
    if (!document.hidden) await refresh();
    document.body.classList.remove("is-offline");
  } catch {
    document.body.classList.add("is-offline");
  }
  setTimeout(watch, INTERVAL_MS);
}

watch();
