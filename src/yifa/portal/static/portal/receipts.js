// One month's list of receipts: downloads it, works its root out anew in the browser, and looks a receipt up without
// asking the server. Every text is set as text, never as markup.

const box = document.querySelector("[data-again]");
const say = box.dataset;
const verdict = box.querySelector("[data-verdict]");
const root = box.querySelector("[data-root]").textContent.trim();
const utf8 = new TextEncoder();

const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const joined = (first, ...rest) => {
  const parts = [Uint8Array.of(first), ...rest], whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
};
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// RFC 9162, 2.1.1: level by level; a node without a partner goes up as it is.
async function rootOf(leaves) {
  if (!leaves.length) return sha256(new Uint8Array());
  let level = await Promise.all(leaves.map((leaf) => sha256(joined(0, utf8.encode(JSON.stringify(leaf))))));
  while (level.length > 1) {
    const above = [];
    for (let n = 0; n < level.length; n += 2) {
      above.push(n + 1 < level.length ? sha256(joined(1, level[n], level[n + 1])) : level[n]);
    }
    level = await Promise.all(above);
  }
  return level[0];
}

const filled = (sentence, parts) => sentence.replace(/\{(\w+)\}/g, (_, key) => parts[key].toLocaleString());

function tell(tone, ...sentences) {
  verdict.className = tone ? `notice tone-${tone}` : "soft";
  verdict.textContent = sentences.filter(Boolean).join(" ");
}

function lookedUp(leaves) {
  const code = document.getElementById("receipt").value.toUpperCase().replace(/[^0-9A-Z]/g, "");
  if (!code) return "";
  const index = leaves.findIndex(([receipt]) => receipt === code);
  return index < 0 ? say.lost : filled(say.found, { i: index + 1, said: leaves[index].slice(1).join("，") });
}

async function again() {
  tell("", say.loading);
  const answer = await fetch(say.file, { cache: "no-cache" });
  if (!answer.ok) throw new Error(answer.statusText);
  const list = await answer.json();
  const fits = hex(await rootOf(list.leaves)) === root && list.root === root;
  tell(fits ? "green" : "red", fits ? filled(say.fits, { n: list.leaves.length }) : say.differs, lookedUp(list.leaves));
}

const button = box.querySelector("[data-run]");
if (globalThis.crypto?.subtle && say.algo === "sha256") {
  button.hidden = false;
  button.addEventListener("click", () => again().catch(() => tell("red", say.failed)));
}
