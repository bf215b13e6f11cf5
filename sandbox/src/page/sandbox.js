// Shows new deals without a reload: asks for the page's revision, and for the page when it is another.
const PAUSE = 1500;

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
  // What a person has opened, checked or reached with the keyboard stays as it is.
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
  const news = fresh.querySelectorAll(".is-new").length;
  document.title = page.title;
  shown.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (news > 0) {
    document.querySelector("[role=status]").textContent =
      news === 1 ? "A new deal arrived." : `${news} new deals arrived.`;
  }
}

async function watch() {
  try {
    if (!document.hidden) await refresh();
    document.body.classList.remove("is-offline");
  } catch {
    document.body.classList.add("is-offline");
  }
  setTimeout(watch, PAUSE);
}

watch();
