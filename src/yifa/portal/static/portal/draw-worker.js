// Draws again beside the page, so that the page stays alive.
let loaded, found, text;

self.addEventListener("message", async ({ data }) => {
  try {
    loaded ??= import(data.module);
    const { verify, lookup } = await loaded;
    if (data.ask === "verify") {
      text = data.text;
      found = verify(text, data.digest);
      const { ok, problems, now } = found;
      self.postMessage({ id: data.id, answer: { ok, problems, now } });
    } else self.postMessage({ id: data.id, answer: lookup(found, text, data.name) });
  } catch (_) {
    self.postMessage({ id: data.id, failed: true });
  }
});
