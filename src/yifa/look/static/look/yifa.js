// Comforts only: every page works without this file.
"use strict";

// One menu open at a time; Escape and a click elsewhere close it.
const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The key / goes to the search, where a page has one; Escape leaves it again.
const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
document.addEventListener("keydown", (event) => {
  const search = document.querySelector("main input[type=search], main .code-input") || document.querySelector("input[type=search]");
  if (!search || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !typing(event.target)) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape" && event.target === search) search.blur();
});

// On a review sheet J and K go from place to place; words selected in the draft go along to the form of a remark.
document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const cards = [...document.querySelectorAll(".rv-card")];
  if (!cards.length) return;
  const here = cards.indexOf(document.activeElement.closest(".rv-card"));
  const next = cards[Math.min(cards.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
  next.focus();
  next.scrollIntoView({ block: "center" });
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-remark]");
  const words = link && String(window.getSelection()).trim();
  if (words && document.querySelector(".rv-text p").closest(".rv-sheet").contains(window.getSelection().anchorNode)) {
    link.href = link.href.split("?")[0] + "?words=" + encodeURIComponent(words.slice(0, 500));
  }
});
// What is being looked for is looked for while it is typed; not the letters a Chinese word is spelled with.
for (const kind of ["input", "compositionend"]) {
  document.addEventListener(kind, (event) => {
    if (!event.target.matches("[data-live]") || event.isComposing || !window.htmx) return;
    window.htmx.trigger(event.target.form, "typed");
  });
}

// A form is sent once; the server refuses the second time anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) return event.preventDefault();
  if (event.submitter && event.submitter.hasAttribute("data-again")) return; // a preview may be asked for again
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button")) button.classList.add("busy");
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button.busy")) button.classList.remove("busy");
  }
});

// What was refused, or asked to be seen, is read first.
const first = document.getElementById("refusal") || document.getElementById("paper");
if (first) first.focus({ preventScroll: false });

// Leaving a half-filled form asks first.
let touched = false;
document.addEventListener("input", (event) => {
  if (event.target.form && event.target.form.matches("[data-keep]")) touched = true;
});
document.addEventListener("submit", () => { touched = false; });
window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// On paper nothing can be unfolded: what was done is printed in full.
const folded = () => document.querySelectorAll(".acts details.fold:not([open])");
window.addEventListener("beforeprint", () => {
  for (const fold of folded()) {
    fold.dataset.folded = "1";
    fold.open = true;
  }
});
window.addEventListener("afterprint", () => {
  for (const fold of document.querySelectorAll("details[data-folded]")) {
    fold.open = false;
    delete fold.dataset.folded;
  }
});

// A clock goes on between two looks at the server, and so does what has been going on since some moment.
const two = (n) => String(n).padStart(2, "0");
let behind; // this machine's clock against the server's
const tick = () => {
  const clock = document.querySelector("[data-clock]");
  if (clock && clock.dataset.seen !== clock.dateTime) {
    clock.dataset.seen = clock.dateTime;
    behind = behind === undefined ? Date.now() - Date.parse(clock.dateTime) : Math.min(behind, Date.now() - Date.parse(clock.dateTime));
  }
  const now = Date.now() - (behind || 0);
  if (clock) {
    const at = new Date(now + 8 * 3600000); // Beijing time
    clock.textContent = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  }
  for (const place of document.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((now - Date.parse(place.dataset.since)) / 1000));
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const zh = !document.documentElement.lang.startsWith("en");
    const [H, M, S] = zh ? ["小时", "分", "秒"] : ["h ", "min ", "s"];
    place.textContent = (h ? h + H : "") + (h || m ? m + M : "") + s + S;
  }
};
if (document.querySelector("[data-clock], [data-since]")) setInterval(tick, 1000);

// A file dropped on its place is sent at once; so is one that was chosen.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && form.matches("[data-drop]") && event.target.files.length) form.requestSubmit();
});
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const form = document.querySelector("[data-drop]");
    if (!form || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("drop-over", kind === "dragenter" || kind === "dragover");
    if (kind !== "drop") return;
    form.querySelector("input[type=file]").files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

// A long list of things to pick shows those that hold what was typed; what is ticked stays in sight.
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-find]")) return;
  const wanted = event.target.value.trim().toLowerCase();
  for (const option of event.target.parentElement.querySelectorAll(".picks .option")) {
    const ticked = option.querySelector("input").checked;
    option.hidden = Boolean(wanted) && !ticked && !option.textContent.toLowerCase().includes(wanted);
  }
});

// What waits on this device to be sent is said on every page; logging out takes it away, and asks first.
const AFIELD = "yifa:afield:";
const kept = () => Object.keys(localStorage).filter((key) => key.startsWith(AFIELD));
const waiting = () => kept().filter((key) => JSON.parse(localStorage.getItem(key) || "{}").waits);
const place = document.querySelector("[data-waiting]");
if (place && waiting().length) {
  const own = `${AFIELD}${place.dataset.who}:`;
  const mine = waiting().filter((key) => key.startsWith(own)).map((key) => key.slice(own.length));
  if (mine.length && !mine.includes(location.pathname)) {
    place.querySelector("[data-n]").textContent = String(mine.length);
    place.querySelector("a").href = mine[0];
    place.hidden = false;
  }
}
document.addEventListener("submit", (event) => {
  if (!/\/logout\/$/.test(new URL(event.target.action, location.href).pathname)) return;
  const ask = place && place.dataset.ask;
  if (waiting().length && ask && !window.confirm(ask)) return event.preventDefault();
  for (const key of kept()) localStorage.removeItem(key);
  if ("caches" in window) caches.delete("yifa-afield");
});
