// Keeps the forms that were opened to be filled in afield, and what they are drawn with; nothing else, and only until logging out.
"use strict";

const KEPT = "yifa-afield";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep, parts } = event.data || {};
  if (!keep || !/^\/desk\/case\/\d+\/do\/[\w-]+\/$/.test(keep)) return;
  event.waitUntil(
    caches.open(KEPT).then(async (kept) => {
      const page = await fetch(keep, { credentials: "same-origin" });
      if (page.ok && !page.redirected) await kept.put(keep, page);
      const here = parts.filter((part) => new URL(part).origin === self.location.origin);
      await Promise.all(here.map(async (part) => (await kept.match(part)) || kept.add(part)));
    }),
  );
});

// The line first; only when there is none, what was kept.
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin) return;
  const page = event.request.mode === "navigate" && pathname.includes("/do/");
  if (!page && !pathname.startsWith("/static/")) return;
  event.respondWith(
    fetch(event.request).catch(async () => {
      const kept = await caches.open(KEPT);
      return (await kept.match(page ? pathname : event.request)) || Response.error();
    }),
  );
});
