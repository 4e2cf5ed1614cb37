// Verifier for draw files, format yifa-draw/1. Written from the format's description alone.
// Plain ES2020; runs in a browser page without network, eval or inline code, and in Node.

class Refusal extends Error {}
const refuse = (why) => { throw new Refusal(why); };

// ---------------------------------------------------------------- digests

const UTF8 = new TextEncoder();
const HIDDEN = /[\0-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\p{Cs}]/u;
const HEX = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, "0"));
const toHex = (bytes) => { let text = ""; for (const byte of bytes) text += HEX[byte]; return text; };
const left = (x, n) => (x << n) | (x >>> (32 - n));

function firstPrimes(count) {
  const primes = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p)) primes.push(n);
  return primes;
}

// SHA-256's constants are the first 32 bits of the fractions of roots of primes.
const fraction = (x) => Math.floor((x - Math.floor(x)) * 4294967296) | 0;
const SHA_K = Int32Array.from(firstPrimes(64), (p) => fraction(Math.cbrt(p)));
const SHA_IV = Int32Array.from(firstPrimes(8), (p) => fraction(Math.sqrt(p)));
const SM3_IV = Int32Array.of(0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);

function shaBlock(state, w) {
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15], y = w[i - 2];
    const s0 = left(x, 25) ^ left(x, 14) ^ (x >>> 3);
    const s1 = left(y, 15) ^ left(y, 13) ^ (y >>> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const t1 = (h + (left(e, 26) ^ left(e, 21) ^ left(e, 7)) + ((e & f) ^ (~e & g)) + SHA_K[i] + w[i]) | 0;
    const t2 = ((left(a, 30) ^ left(a, 19) ^ left(a, 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

function sm3Block(state, w) {
  for (let i = 16; i < 68; i++) {
    const x = w[i - 16] ^ w[i - 9] ^ left(w[i - 3], 15);
    w[i] = x ^ left(x, 15) ^ left(x, 23) ^ left(w[i - 13], 7) ^ w[i - 6];
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const early = i < 16;
    const a12 = left(a, 12);
    const ss1 = left((a12 + e + left(early ? 0x79cc4519 : 0x7a879d8a, i & 31)) | 0, 7);
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g);
    const t1 = (ff + d + (ss1 ^ a12) + (w[i] ^ w[i + 4])) | 0;
    const t2 = (gg + h + ss1 + w[i]) | 0;
    d = c; c = left(b, 9); b = a; a = t1;
    h = g; g = left(f, 19); f = e; e = t2 ^ left(t2, 9) ^ left(t2, 17);
  }
  state[0] ^= a; state[1] ^= b; state[2] ^= c; state[3] ^= d;
  state[4] ^= e; state[5] ^= f; state[6] ^= g; state[7] ^= h;
}

// Both digests share block size, padding and byte order.
function hasher(iv, block) {
  const w = new Int32Array(68), state = new Int32Array(8);
  return (bytes) => {
    const size = bytes.length;
    const padded = new Uint8Array(Math.ceil((size + 9) / 64) * 64);
    padded.set(bytes);
    padded[size] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(size / 0x20000000));
    view.setUint32(padded.length - 4, (size << 3) >>> 0);
    state.set(iv);
    for (let at = 0; at < padded.length; at += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
      block(state, w);
    }
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((word, i) => out.setInt32(4 * i, word));
    return new Uint8Array(out.buffer);
  };
}

const RAW = { sha256: hasher(SHA_IV, shaBlock), sm3: hasher(SM3_IV, sm3Block) };
export const sha256 = (text) => toHex(RAW.sha256(UTF8.encode(text)));
export const sm3 = (text) => toHex(RAW.sm3(UTF8.encode(text)));
const TEXT = { sha256, sm3 };

function hmac(raw, key, text) {
  const padded = new Uint8Array(64);
  padded.set(key.length > 64 ? raw(key) : key);
  const joined = (mask, tail) => {
    const all = new Uint8Array(64 + tail.length);
    all.set(padded.map((byte) => byte ^ mask));
    all.set(tail, 64);
    return raw(all);
  };
  return joined(0x5c, joined(0x36, UTF8.encode(text)));
}

// ---------------------------------------------------------------- texts and canonical JSON

// UTF-16 puts surrogates before U+E000..U+FFFF; code points put them after.
const rankOfUnit = (unit) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

function byCodePoint(a, b) {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i), y = b.charCodeAt(i);
    if (x !== y) return rankOfUnit(x) - rankOfUnit(y);
  }
  return a.length - b.length;
}

const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isDigest = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

// `spelt`, if given, yields the numbers as they were spelt, in their order in the text.
function serialise(value, spelt) {
  if (Array.isArray(value)) return `[${value.map((item) => serialise(item, spelt)).join(",")}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort(byCodePoint);
    return `{${keys.map((key) => `${serialise(key)}:${serialise(value[key], spelt)}`).join(",")}}`;
  }
  if (typeof value === "string" && /\p{Cs}/u.test(value)) refuse("文件里有残缺的字符，无法核对");
  return typeof value === "number" && spelt ? spelt.shift() : JSON.stringify(value);
}

function parseCanonical(text) {
  let value;
  try { value = JSON.parse(text); } catch (_) { refuse("承诺书不是有效的 JSON 文本"); }
  const tokens = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g) || [];
  const spelt = tokens.filter((token) => token[0] !== '"');
  if (!spelt.every((token) => /^(?:0|-?[1-9]\d*)$/.test(token))) refuse("承诺书里有不是整数的数");
  if (serialise(value, spelt) !== text) refuse("承诺书的写法不合规范（项目次序、空格或转义不对，或有重复的项目）");
  return value;
}

function checkFields(value, what, required, optional = []) {
  if (!isObject(value)) refuse(`${what}的格式不对`);
  for (const key of required) if (!has(value, key)) refuse(`${what}缺少“${key}”一项`);
  for (const key of Object.keys(value)) {
    if (!required.includes(key) && !optional.includes(key)) refuse(`${what}里有不认识的项目“${key}”`);
  }
}

function need(condition, why) { if (!condition) refuse(why); }

// ---------------------------------------------------------------- commitment

const FIELDS = ["v", "number", "office", "title", "at", "hash", "method", "strata", "groups",
  "recused", "excluded", "seed", "veil", "rule"];
const KINDS = ["set", "sequence", "dice", "figure", "root", "text"];

function moment(text, what) {
  const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;
  const time = typeof text === "string" && shape.test(text) ? Date.parse(text) : NaN;
  need(!Number.isNaN(time), `${what}不是带时区的完整时间`);
  return time;
}

function readCommitment(text) {
  need(typeof text === "string", "文件里没有承诺书");
  const c = parseCanonical(text);
  checkFields(c, "承诺书", FIELDS);
  need(c.v === "yifa-draw/1", "承诺书的格式版本不是 yifa-draw/1");
  for (const key of ["number", "office", "title"]) need(typeof c[key] === "string", `承诺书的“${key}”不是文字`);
  need(typeof c.hash === "string" && has(TEXT, c.hash), "承诺书指定的摘要算法不认识");
  need(c.method === "tickets" || c.method === "shuffle", "承诺书指定的抽取方法不认识");
  need(isDigest(c.veil) && isDigest(c.recused), "承诺书里的指纹格式不对");
  checkFields(c.excluded, "承诺书的排除名单", ["size", "digest"]);
  need(isCount(c.excluded.size) && isDigest(c.excluded.digest), "承诺书的排除名单格式不对");
  readParts(c);
  readSources(c);
  return c;
}

function readParts(c) {
  need(Array.isArray(c.strata) && Array.isArray(c.groups), "承诺书的分层或分组格式不对");
  const names = new Set();
  const common = (part, what, numbers) => {
    checkFields(part, what, ["name", "digest", ...numbers]);
    need(typeof part.name === "string" && part.name !== "", `${what}没有名称`);
    need(isDigest(part.digest) && numbers.every((key) => isCount(part[key])), `${what}“${part.name}”的数字或指纹格式不对`);
    need(!names.has(part.name), `名称“${part.name}”在承诺书里用了两次`);
    names.add(part.name);
  };
  for (const part of c.strata) {
    common(part, "分层", ["size", "urn", "quota"]);
    need(part.quota <= part.size, `“${part.name}”要抽的比名单上的还多`);
    need(part.urn >= part.size, `“${part.name}”的签数比户数还少`);
    need(c.method !== "shuffle" || part.urn === part.size, `“${part.name}”用洗牌法抽取，不得一户多签`);
  }
  for (const part of c.groups) {
    common(part, "分组", ["size", "send"]);
    need(part.send <= part.size, `“${part.name}”要派的人比名单上的还多`);
  }
  const sent = c.groups.reduce((sum, part) => sum + part.send, 0);
  need(!c.groups.length || sent >= 2, "每户派出的人员不足两名");
}

function readSources(c) {
  need(Array.isArray(c.seed), "承诺书的随机数来源格式不对");
  const at = moment(c.at, "承诺书的确定时间");
  for (const source of c.seed) {
    checkFields(source, "随机数来源", ["name", "kind", "due", "where"], ["count", "decimals", "witnesses"]);
    need(typeof source.name === "string" && typeof source.where === "string", "随机数来源的名称或出处不是文字");
    need(KINDS.includes(source.kind), `随机数来源“${source.name}”的种类不认识`);
    for (const key of ["count", "decimals"]) need(!has(source, key) || isCount(source[key]), `随机数来源“${source.name}”的“${key}”不是整数`);
    need(moment(source.due, `随机数来源“${source.name}”的揭晓时间`) > at, `随机数“${source.name}”在承诺之前就可能已经知道`);
  }
  need(c.seed.some((source) => source.kind !== "dice"), "随机数来源里没有一个是掷骰子以外的公开数字");
}

// ---------------------------------------------------------------- seed

const plain = (text) => text.replace(/[０-９．，]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, " ");

function numbersIn(typed, source) {
  let words = typed.split(/[ ,、;；+|/.-]+/).filter((word) => word !== "");
  if (source.kind === "dice" && /^\d+$/.test(typed)) words = [...typed];
  need(words.length > 0 && words.every((word) => /^\d+$/.test(word)), "不是一组整数");
  need(source.count === undefined || words.length === source.count, `应有 ${source.count} 个数，实有 ${words.length} 个`);
  return words.map((word) => BigInt(word));
}

const dotted = (numbers) => numbers.map((number) => `${number}.`).join("");

const FORMS = {
  set: (typed, source) => dotted(numbersIn(typed, source).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))),
  sequence: (typed, source) => dotted(numbersIn(typed, source)),
  dice(typed, source) {
    const throws = numbersIn(typed, source);
    need(throws.every((face) => face >= 1n && face <= 6n), "骰子的点数应为 1 到 6");
    need(throws.length >= 25, "掷骰子不足 25 次");
    return dotted(throws);
  },
  figure(typed, source) {
    const parts = /^(\d[\d,]*)(?:\.(\d+))?$/.exec(typed.trim());
    need(parts, "不是一个不带正负号的数");
    const places = source.decimals || 0, after = parts[2] || "";
    need(after.length <= places, "小数位数过多");
    const whole = parts[1].replace(/,/g, "").replace(/^0+(?=\d)/, "");
    return places ? `${whole}.${after.padEnd(places, "0")}` : whole;
  },
  root(typed) {
    need(/^[0-9a-fA-F]{64}$/.test(typed), "不是 64 位十六进制数");
    return typed.toLowerCase();
  },
  text(typed) {
    const kept = typed.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
    need(kept !== "", "没有可用的字母或数字");
    return kept;
  },
};

function readSeed(c, values) {
  need(Array.isArray(values) && values.length === c.seed.length, "公布的随机数个数与承诺书不符");
  c.seed.forEach((source, i) => {
    const value = values[i];
    need(typeof value === "string", `随机数“${source.name}”不是文字`);
    let form;
    try { form = FORMS[source.kind](plain(value), source); } catch (error) {
      if (error instanceof Refusal) refuse(`随机数“${source.name}”有误：${error.message}`);
      throw error;
    }
    need(form === value, `随机数“${source.name}”没有写成规定的样子，应为“${form}”`);
  });
  return values.map((value) => `${value}/`).join("");
}

// ---------------------------------------------------------------- lists

const digestOf = (hash, lines) => hash(lines.map((line) => `${line}\n`).join(""));

function readLine(line, what) {
  const [name, lots, ...rest] = line.split("\t");
  need(!rest.length && (lots === undefined || /^[1-9]\d{0,3}$/.test(lots)), `${what}里有一行格式不对：“${line}”`);
  const count = lots === undefined ? 1 : Number(lots);
  need(lots === undefined || (count > 1 && count <= 1000), `${what}里“${name}”的签数不对`);
  const length = [...name].length;
  need(length >= 1 && length <= 200 && !/^ | $/.test(name) && !HIDDEN.test(name), `${what}里有一个名称不合规定：“${name}”`);
  return { name, lots: count };
}

function readList(lines, what) {
  need(Array.isArray(lines) && lines.every((line) => typeof line === "string"), `文件里缺少${what}，或格式不对`);
  const list = lines.map((line) => readLine(line, what));
  for (let i = 1; i < list.length; i++) {
    const order = byCodePoint(list[i - 1].name, list[i].name);
    need(order !== 0, `${what}里“${list[i].name}”出现了两次`);
    need(order < 0, `${what}没有按规定的次序排列（“${list[i].name}”处）`);
  }
  return list;
}

function readPairs(lines, what, once) {
  need(Array.isArray(lines) && lines.every((line) => typeof line === "string"), `文件里缺少${what}，或格式不对`);
  lines.forEach((line, i) => {
    need(/^\P{Cc}+\t\P{Cc}+$/u.test(line) && !/\p{Cs}/u.test(line), `${what}里有一行格式不对：“${line}”`);
    const order = i ? byCodePoint(lines[i - 1], line) : -1;
    need(order < 0 || (order === 0 && !once), `${what}没有按规定的次序排列，或有重复（“${line}”处）`);
  });
  return lines;
}

// Reads the lists of strata or of groups; differing digests are noted, and reading goes on.
function readLists(hash, parts, given, kind, problems) {
  need(isObject(given), `文件里缺少${kind}名单`);
  for (const name of Object.keys(given)) need(parts.some((part) => part.name === name), `承诺书里没有${kind}“${name}”，文件里却有它的名单`);
  const seen = new Map();
  return parts.map((part) => {
    const what = `${kind}“${part.name}”的名单`;
    const list = readList(has(given, part.name) ? given[part.name] : null, what);
    for (const { name } of list) {
      need(!seen.has(name), `“${name}”同时在“${seen.get(name)}”和“${part.name}”两份名单里`);
      seen.set(name, part.name);
    }
    if (digestOf(hash, given[part.name]) !== part.digest) problems.push(`${what}与事先承诺的指纹不符，名单可能被改过`);
    if (list.length !== part.size) problems.push(`${what}有 ${list.length} 个名称，承诺书写的是 ${part.size} 个`);
    const urn = list.reduce((sum, entry) => sum + entry.lots, 0);
    if (has(part, "urn") && urn !== part.urn) problems.push(`${what}共有 ${urn} 签，承诺书写的是 ${part.urn} 签`);
    return list;
  });
}

// ---------------------------------------------------------------- order

function ticketOf(hash, key, { name, lots }) {
  let best = hash(key + name);
  for (let j = 2; j <= lots; j++) {
    const other = hash(`${key}${name}\t${j}`);
    if (other < best) best = other;
  }
  return best;
}

function byTickets(hash, key, list) {
  const all = list.map((entry) => ({ name: entry.name, ticket: ticketOf(hash, key, entry) }));
  return all.sort((a, b) => (a.ticket < b.ticket ? -1 : a.ticket > b.ticket ? 1 : byCodePoint(a.name, b.name)));
}

function* wordStream(raw, key) {
  const bytes = UTF8.encode(key);
  for (let c = 0; ; c++) {
    const view = new DataView(hmac(raw, bytes, String(c)).buffer);
    for (let at = 0; at < 32; at += 8) yield view.getBigUint64(at);
  }
}

function byShuffle(raw, key, list) {
  const places = list.map(({ name }) => ({ name, ticket: null }));
  const words = wordStream(raw, key);
  const chooseBelow = (m) => {
    const limit = (1n << 64n) - ((1n << 64n) % m);
    let word = words.next().value;
    while (word >= limit) word = words.next().value;
    return Number(word % m);
  };
  for (let i = 0; i < places.length; i++) {
    const other = i + chooseBelow(BigInt(places.length - i));
    [places[i], places[other]] = [places[other], places[i]];
  }
  return places;
}

function orderOf(c, key, list) {
  if (c.method === "tickets") return byTickets(TEXT[c.hash], key, list);
  need(list.every((entry) => entry.lots === 1), "用洗牌法抽取，名单里却有一户多签");
  return byShuffle(RAW[c.hash], key, list);
}

// ---------------------------------------------------------------- officers and replacements

// Gives a function which serves one object: by group, all its officers in order, the sent ones first.
function desk(hash, groups, lists, keys, recusals) {
  const recused = new Set(recusals);
  const loads = lists.map((list) => new Map(list.map(({ name, lots }) => [name, lots - 1])));
  const serveIn = (object, group, load, key) => {
    const able = [...load.keys()].filter((name) => !recused.has(`${name}\t${object}`));
    need(able.length >= group.send, `“${group.name}”可派往“${object}”的人员不够`);
    const ranked = able.map((name) => ({ name, load: load.get(name), rank: hash(`${key}${object}\t${name}`) }));
    ranked.sort((a, b) => a.load - b.load || (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : byCodePoint(a.name, b.name)));
    for (const { name } of ranked.slice(0, group.send)) load.set(name, load.get(name) + 1);
    return ranked.map(({ name }) => name);
  };
  return (object) => groups.map((group, i) => serveIn(object, group, loads[i], keys[i]));
}

function shown(places, groups) {
  return places.map(({ stratum, name, orders }) => {
    const sent = Object.create(null);
    groups.forEach((group, i) => { sent[group.name] = orders[i].slice(0, group.send); });
    return { stratum, name, sent };
  });
}

function dropOfficer(place, officer, groups) {
  const i = place.orders.findIndex((order) => order.includes(officer));
  need(i >= 0, `“${officer}”本来就不在“${place.name}”的派员次序里，谈不上替换`);
  place.orders[i] = place.orders[i].filter((name) => name !== officer);
  need(place.orders[i].length >= groups[i].send, `“${groups[i].name}”已没有人可以替补去“${place.name}”`);
}

function replaceAll(places, outs, c, orders, serve) {
  need(Array.isArray(outs), "文件里的替换记录格式不对");
  const next = new Map(c.strata.map((part) => [part.name, part.quota]));
  for (const out of outs) {
    checkFields(out, "替换记录", ["name", "why"], ["officer"]);
    need(typeof out.why === "string" && out.why.trim() !== "", `替换“${out.name}”没有写明理由`);
    const place = places.find(({ name }) => name === out.name);
    need(place, `替换记录里的“${out.name}”当时并不在抽中之列`);
    if (has(out, "officer")) { dropOfficer(place, out.officer, c.groups); continue; }
    const reserve = orders.get(place.stratum)[next.get(place.stratum)];
    need(reserve, `“${place.stratum}”的候补已经用完`);
    next.set(place.stratum, next.get(place.stratum) + 1);
    place.name = reserve.name;
    place.orders = serve(reserve.name);
  }
}

function compare(published, computed, what, problems) {
  if (!Array.isArray(published)) { problems.push(`文件里缺少${what}`); return; }
  if (published.length !== computed.length) problems.push(`${what}有 ${published.length} 户，重算应为 ${computed.length} 户`);
  const i = computed.findIndex((entry, at) => at < published.length && serialise(published[at]) !== serialise(entry));
  if (i < 0) return;
  const name = isObject(published[i]) ? published[i].name : undefined;
  problems.push(name === computed[i].name
    ? `${what}第 ${i + 1} 户“${name}”的分层或派员与重算的不同`
    : `${what}第 ${i + 1} 户写的是“${name}”，重算应为“${computed[i].name}”`);
}

// ---------------------------------------------------------------- verification

const BOOKS = new WeakMap();

function checkDigests(c, file, hash, problems) {
  readPairs(file.recusals, "回避名单", true);
  readPairs(file.exclusions, "排除名单", false);
  need(typeof file.veil === "string" && /^[0-9a-fA-F]{64}$/.test(file.veil), "文件里缺少保密数，或格式不对");
  if (hash(file.veil) !== c.veil) problems.push("保密数与事先承诺的指纹不符");
  if (digestOf(hash, file.recusals) !== c.recused) problems.push("回避名单与事先承诺的指纹不符");
  if (digestOf(hash, file.exclusions) !== c.excluded.digest) problems.push("排除名单与事先承诺的指纹不符");
  if (file.exclusions.length !== c.excluded.size) problems.push("排除名单的条数与承诺书不符");
}

function run(fileText, published, result, book) {
  let file;
  try { file = JSON.parse(fileText.replace(/^\ufeff/, "")); } catch (_) { refuse("这不是一份抽取文件：内容不是有效的 JSON 文本"); }
  need(isObject(file), "这不是一份抽取文件");
  const { problems } = result;
  const c = result.commitment = readCommitment(file.commitment);
  const hash = TEXT[c.hash];
  result.digest = hash(file.commitment);
  if (published && published !== result.digest) problems.push("承诺书不是事先公布的那一份：指纹不符");
  checkDigests(c, file, hash, problems);
  const lists = readLists(hash, c.strata, file.strata, "分层", problems);
  const officers = readLists(hash, c.groups, file.groups, "分组", problems);
  const seed = readSeed(c, file.values);
  result.key = hash(`yifa-draw/1\n${result.digest}\n${file.veil}\n${seed}`);
  const keyOf = (part) => hash(`${result.key}\n${part.name}\n${part.digest}`);

  const serve = desk(hash, c.groups, officers, c.groups.map(keyOf), file.recusals);
  c.strata.forEach((part, i) => {
    const key = keyOf(part), order = orderOf(c, key, lists[i]);
    const last = part.quota ? order[part.quota - 1] : undefined;
    book.orders.set(part.name, order);
    result.strata[part.name] = { key, size: order.length, quota: part.quota, cutoff: last ? last.ticket : null };
  });
  const places = [];
  for (const part of c.strata) {
    for (const { name } of book.orders.get(part.name).slice(0, part.quota)) places.push({ stratum: part.name, name, orders: serve(name) });
  }
  result.now = shown(places, c.groups);
  compare(file.picked, result.now, "抽取结果", problems);
  replaceAll(places, file.outs, c, book.orders, serve);
  result.now = shown(places, c.groups);
  compare(file.now, result.now, "替换后的名单", problems);
}

export function verify(fileText, publishedDigest = "") {
  const text = String(fileText);
  const result = { ok: false, problems: [], commitment: null, digest: "", key: "", strata: Object.create(null), now: [] };
  const book = { text, orders: new Map() };
  BOOKS.set(result, book);
  try {
    run(text, String(publishedDigest).trim().toLowerCase(), result, book);
  } catch (error) {
    result.problems.push(error instanceof Refusal ? error.message : "文件的内容异常，无法核对");
  }
  result.ok = result.problems.length === 0;
  return result;
}

// Where one name stands. A result which is not this module's own, or of another text, is computed anew.
export function lookup(result, fileText, name) {
  const known = isObject(result) ? BOOKS.get(result) : undefined;
  if (!known || known.text !== String(fileText)) return lookup(verify(fileText), fileText, name);
  for (const [stratum, order] of known.orders) {
    const at = order.findIndex((entry) => entry.name === name);
    if (at < 0) continue;
    const { size, quota, cutoff } = result.strata[stratum];
    const now = result.now.find((entry) => entry.name === name);
    return { stratum, ticket: order[at].ticket, cutoff, rank: at + 1, size, drawn: at < quota, current: now !== undefined, sent: now ? now.sent : {} };
  }
  return null;
}
