// The page of one draw: copies what was published, draws again in the browser, looks a firm up without asking the server.
// Everything that is shown goes through textContent.

const one = (selector, within = document) => within.querySelector(selector);
const every = (selector, within = document) => [...within.querySelectorAll(selector)];

const filled = (sentence, parts) => sentence.replace(/\{(\w+)\}/g, (_, key) => parts[key].toLocaleString());

// ——— copying ———

for (const button of every("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    one("span", button).textContent = button.dataset.done;
  });
}

// ——— the engine: a worker, or this page where there is none ———

const box = one("[data-again]");
const say = box ? box.dataset : {};

function inWorker() {
  const worker = new Worker(say.worker, { type: "module" });
  const waiting = new Map();
  let last = 0;
  const settle = (message) => {
    const { done, failed } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.failed) failed(new Error("worker"));
    else done(message.answer);
  };
  worker.addEventListener("message", ({ data }) => settle(data));
  worker.addEventListener("error", () => { for (const id of [...waiting.keys()]) settle({ id, failed: true }); });
  const ask = (message) => new Promise((done, failed) => {
    waiting.set(++last, { done, failed });
    worker.postMessage({ ...message, id: last, module: new URL(say.module, location.href).href });
  });
  return {
    verify: (text, digest) => ask({ ask: "verify", text, digest }),
    lookup: (name) => ask({ ask: "lookup", name }),
  };
}

async function inPage() {
  const { verify, lookup } = await import(say.module);
  let found, text;
  return {
    verify: (given, digest) => { text = given; found = verify(text, digest); return found; },
    lookup: (name) => lookup(found, text, name),
  };
}

// ——— drawing again ———

const progress = box && one("[data-progress]", box);
const verdict = box && one("[data-verdict]", box);

async function download() {
  const answer = await fetch(say.file, { cache: "no-cache" });
  if (!answer.ok) throw new Error(answer.statusText);
  const total = Number(answer.headers.get("Content-Length")), parts = [];
  let size = 0;
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.length;
    if (total) { progress.max = total; progress.value = Math.min(size, total); }
  }
  return new Blob(parts).text();
}

const nextFrame = () => new Promise((done) => { setTimeout(done, 30); });

async function drawAgain() {
  tell("", say.loading);
  progress.hidden = false;
  const text = await download();
  progress.removeAttribute("value");
  tell("", say.working);
  await nextFrame();
  const digest = one("[data-digest]").textContent.trim(), began = performance.now();
  const found = await verified(text, digest);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  return { found, told: JSON.parse(text), seconds };
}

let engine;
async function verified(text, digest) {
  try {
    engine ??= inWorker();
    return await engine.verify(text, digest);
  } catch (_) {
    engine = await inPage();
    return engine.verify(text, digest);
  }
}

let running;
function run() {
  running ??= drawAgain().then(judge).catch((error) => {
    running = undefined;
    progress.hidden = true;
    tell("red", say.failed);
    throw error;
  });
  return running;
}

const namesIn = (told) => Object.values(told.strata).flat().map((line) => line.split("\t")[0]);

function judge(drawn) {
  const { found, told, seconds } = drawn;
  progress.hidden = true;
  const problems = [...found.problems];
  const now = new Set(found.now.map(({ name }) => name));
  if (found.ok) {
    for (const { dataset } of every("[data-object]")) {
      if (!now.has(dataset.object)) problems.push(say.stranger.replace("{name}", dataset.object));
    }
  }
  if (problems.length) tell("red", say.differs, say.differsMore, problems);
  else {
    const numbers = { n: namesIn(told).length, k: now.size, s: seconds };
    tell("green", say.fits, filled(say.fitsMore, numbers));
  }
  return drawn;
}

function tell(tone, title, more = "", problems = []) {
  const note = document.createElement("div");
  note.className = tone ? `notice tone-${tone}` : "soft";
  const strong = document.createElement(tone ? "strong" : "span");
  strong.textContent = title;
  const text = document.createElement("span");
  text.append(strong, more && ` ${more}`);
  note.append(text);
  const list = document.createElement("ul");
  list.lang = "zh-CN";
  for (const problem of problems) list.append(item(problem));
  verdict.replaceChildren(note, ...(problems.length ? [list] : []));
}

function item(...content) {
  const li = document.createElement("li");
  li.append(...content);
  return li;
}

if (box) {
  const button = one("[data-run]", box);
  button.hidden = false;
  button.addEventListener("click", () => { running = undefined; run().catch(() => {}); });
}

// ——— looking oneself up ———

const form = one("[data-look]"), place = one("[data-place]");
const MOST = 12;
const plain = (text) => text.normalize("NFKC").toLowerCase().trim();
const called = (name) => plain(name).slice(0, Math.max(0, plain(name).lastIndexOf("(")));

function find(told, wanted) {
  const names = namesIn(told).filter((name) => plain(name).includes(wanted));
  for (const exact of [plain, called]) {
    const alone = names.filter((name) => exact(name) === wanted);
    if (alone.length === 1) return alone;
  }
  return names;
}

function link(name) {
  const a = document.createElement("a");
  a.href = `?q=${encodeURIComponent(name)}#look-box`;
  a.textContent = name;
  a.lang = "zh-CN";
  a.addEventListener("click", (event) => { event.preventDefault(); form.q.value = name; form.requestSubmit(); });
  return a;
}

function listing(sentence, items, more = "") {
  const p = document.createElement("p"), ul = document.createElement("ul"), after = document.createElement("p");
  p.textContent = sentence;
  ul.className = "plain-list";
  ul.append(...items);
  after.textContent = more;
  place.replaceChildren(p, ul, after);
}

async function look() {
  const words = one("[data-words]").dataset, wanted = plain(form.q.value);
  if (!wanted) return;
  const { told } = await run();
  const names = find(told, wanted);
  if (names.length === 1) show(names[0], await engine.lookup(names[0]), told, words);
  else if (names.length) listing(words.which, names.slice(0, MOST).map((name) => item(link(name))), names.length > MOST ? words.more : "");
  else {
    const out = told.exclusions.map((line) => line.split("\t")).filter(([name]) => plain(name).includes(wanted));
    if (out.length) listing(words.out, out.slice(0, MOST).map(([name, reason]) => item(`${name}${words.colon}${reason}`)));
    else listing(words.none, []);
  }
}

function show(name, found, told, words) {
  const blank = one("[data-blank]").content.cloneNode(true);
  const slot = (key) => one(`[data-slot="${key}"]`, blank);
  const row = (key, text) => { slot(key).textContent = text; slot(`${key}-row`).hidden = !text; };
  slot("name").textContent = name;
  slot("verdict").textContent = found.drawn ? (found.current ? words.drawn : words.left) : found.current ? words.came : words.not;
  slot("verdict").className = `stamp tone-${found.current ? "blue" : "grey"}`;
  const { quota } = JSON.parse(told.commitment).strata.find((part) => part.name === found.stratum);
  slot("stratum").textContent = found.stratum;
  slot("rank").textContent = filled(quota ? words.rank : words.rankNone, { ...found, quota });
  row("ticket", found.ticket || "");
  row("cutoff", found.cutoff || "");
  row("sent", Object.entries(found.sent).map(([group, sent]) => `${group}${words.colon}${sent.join("、")}`).join("\n"));
  slot("ticket-note").hidden = !found.cutoff;
  place.replaceChildren(blank);
}

if (form && box) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look().catch(() => form.submit());
  });
}
