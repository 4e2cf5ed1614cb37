// A form filled in away from the desk: kept on the device as it is typed, sent when there is a line.
// Sealed facts (personal) are never kept; everything kept goes when the step is taken, or with logging out.
"use strict";

(() => {
  const said = document.querySelector("[data-afield]");
  if (!said) return;
  const form = document.getElementById("form");
  const key = `yifa:afield:${said.dataset.afield}:${location.pathname}`;
  const HELD = ["_token", "_seq"]; // of the try that was broken off: sent again under the same token
  const sealed = (element) => element.closest("[data-sealed]") !== null;
  const csrf = () => document.querySelector("[data-afield-csrf] input").value;

  const read = () => JSON.parse(localStorage.getItem(key) || "null");
  const write = (kept) => localStorage.setItem(key, JSON.stringify(kept));
  const forget = () => localStorage.removeItem(key);

  // What is said about it, in one line under the title.
  const note = (text, tone = "blue", ...more) => {
    said.replaceChildren();
    said.className = `notice tone-${tone}`;
    said.hidden = false;
    const line = document.createElement("span");
    line.textContent = text;
    said.append(line, ...more);
    if (tone === "yellow") said.scrollIntoView({ block: "center" });
  };
  const discard = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-quiet";
    button.textContent = said.dataset.discard;
    button.addEventListener("click", () => {
      forget();
      location.reload();
    });
    return button;
  };

  // Typed: every answer but the sealed ones.
  const typed = () => {
    const answers = [];
    let left = false;
    for (const element of form.elements) {
      if (!element.name || element.name.startsWith("_") || element.name === "csrfmiddlewaretoken") continue;
      if (element.type === "button" || element.type === "submit") continue;
      if (/^(radio|checkbox)$/.test(element.type) && !element.checked) continue;
      if (sealed(element)) left ||= element.value !== "";
      else answers.push([element.name, element.value]);
    }
    return { answers, left };
  };
  const fill = (answers) => {
    const told = new Map();
    for (const [name, value] of answers) told.set(name, [...(told.get(name) || []), value]);
    for (const element of form.elements) {
      if (!element.name || element.name.startsWith("_") || element.name === "csrfmiddlewaretoken") continue;
      const values = told.get(element.name) || [];
      if (/^(radio|checkbox)$/.test(element.type)) element.checked = values.includes(element.value);
      else if (element.type !== "hidden" && !sealed(element) && values.length) element.value = values[0];
    }
  };

  // Sending: the answer of the server decides; without one it waits here.
  const body = (kept) => {
    const pairs = new URLSearchParams(kept.answers);
    for (const name of HELD) if (kept[name] !== undefined) pairs.set(name, kept[name]);
    if (form) for (const element of form.elements) if (element.name && sealed(element)) pairs.set(element.name, element.value);
    pairs.set("csrfmiddlewaretoken", csrf());
    pairs.set("_do", "act");
    return pairs;
  };
  let sending = false;
  const send = async (kept) => {
    if (sending) return;
    sending = true;
    note(said.dataset.sending);
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: body(kept), credentials: "same-origin" });
      const there = new URL(answer.url).pathname;
      if (answer.ok && answer.redirected && there.startsWith("/desk/case/") && there !== location.pathname) {
        forget();
        leaving = true;
        location.assign(answer.url);
        return;
      }
      if (answer.redirected || answer.status === 403) {
        write({ ...kept, waits: true });
        const link = document.createElement("a");
        link.href = `/accounts/login/?next=${encodeURIComponent(location.pathname)}`;
        link.textContent = said.dataset.login;
        note(said.dataset.out, "yellow", link);
        return;
      }
      if (answer.status >= 500) throw new Error(String(answer.status));
      write({ ...kept, waits: false }); // refused: shown in the server's own words, with all that was typed
      if (form) {
        leaving = true;
        for (const name of HELD) if (kept[name] !== undefined) form.elements[name].value = kept[name];
        const act = document.createElement("input");
        act.type = "hidden";
        act.name = "_do";
        act.value = "act";
        form.append(act);
        form.submit();
      } else note(said.dataset.closed, "yellow", discard());
    } catch {
      write({ ...kept, waits: true });
      note(kept.left ? said.dataset.waitsSealed : said.dataset.waits, "yellow", discard());
    } finally {
      sending = false;
    }
  };

  let leaving = false;
  const retry = () => {
    const kept = read();
    if (!kept || !kept.waits || sending) return;
    // Words that were never kept are gone with the page: they are asked once more before anything is sent.
    if (kept.left && form && !typed().left) return note(said.dataset.again, "yellow", discard());
    send(kept);
  };
  window.addEventListener("online", retry);
  setInterval(() => { if (navigator.onLine) retry(); }, 20000);

  if (form) {
    const kept = read();
    if (kept && !document.getElementById("refusal")) {
      fill(kept.answers);
      note(said.dataset.restored, "blue", discard());
    }
    const keep = () => {
      if (leaving) return;
      const before = read();
      write({ ...typed(), at: Date.now(), waits: Boolean(before && before.waits) });
      if (said.hidden) note(form.querySelector("[data-sealed]") ? said.dataset.keptSealed : said.dataset.kept);
    };
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.addEventListener("submit", (event) => {
      if (event.submitter && event.submitter.value === "preview") return;
      event.preventDefault();
      const token = Object.fromEntries(HELD.filter((n) => form.elements[n]).map((n) => [n, form.elements[n].value]));
      const before = read();
      const held = before && before.waits ? Object.fromEntries(HELD.map((n) => [n, before[n] ?? token[n]])) : token;
      const now = { ...typed(), ...held, at: Date.now(), waits: true };
      write(now);
      send(now);
    });
  }
  retry();

  // The page itself is kept, so that it opens again with no line.
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(said.dataset.worker, { scope: "/desk/" }).then(() => navigator.serviceWorker.ready).then((found) => {
      const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((e) => e.href);
      for (const script of document.scripts) if (script.src) parts.push(script.src);
      found.active.postMessage({ keep: location.pathname, parts });
    }).catch(() => {}); // without a worker the page cannot be opened again off line; all else works
  }
})();
