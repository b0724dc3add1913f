import http from "node:http";
import { appendFileSync } from "node:fs";
import { it, vi } from "vitest";
import { WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";
const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const order = { ...card, kioskId: "WIS00001" };
const log = (s: string) => appendFileSync("/tmp/core1.log", s + "\n");
type H = (n: number, req: any) => any; // returns {status, body, headers} or "reset" or "hang"
async function world(put: H, get: H, opts: any = {}, noDate = false) {
  const seen: any[] = []; let p = 0, g = 0; const t0 = performance.now();
  const server = http.createServer((req, res) => {
    let text = ""; req.on("data", (d) => (text += d)); req.on("end", () => {
      seen.push({ m: req.method, t: Math.round(performance.now() - t0), cc: req.headers["cache-control"], n: p });
      const a = req.method === "PUT" ? put(p++, req) : get(g++, req);
      if (a === "reset") return req.socket.destroy();
      if (a === "hang") return;
      if (noDate) res.sendDate = false;
      const r2 = typeof a.status === "number" ? a : a.body ? { ...a, status: 200 } : { status: 200, body: a }; res.writeHead(r2.status, { "content-type": "application/json", ...r2.headers });
      res.end(JSON.stringify(r2.body));
    });
  });
  await new Promise<void>((r) => server.listen(0, "127.0.0.1", r));
  const url = `http://127.0.0.1:${(server.address() as any).port}`;
  const client = new WiseKioskClient({ baseUrl: url, token: "tok-en-123456", ...opts });
  return { client, seen, seq: () => seen.map((s) => s.m[0]).join(""), stop: () => { server.closeAllConnections(); server.close(); } };
}
async function run(name: string, put: H, get: H, opts: any = {}, req: any = {}, noDate = false, callOpts: any = {}) {
  const w = await world(put, get, opts, noDate); const t = performance.now(); let out: string;
  try { const r = await w.client.produceCard({ ...order, ...req }, callOpts); out = "OK " + JSON.stringify(r); }
  catch (e: any) { out = `ERR ${e?.name} mhte=${e?.mayHaveTakenEffect} sent=${e?.requestSent} after=${JSON.stringify(e?.productionAfter)} ${e?.message}`; }
  const times = w.seen.map((s) => s.m[0] + s.t).join(" ");
  const cc = w.seen.filter((s) => s.m === "GET").every((s) => s.cc === "no-cache");
  log(`[${name}] ${out}\n     ${times} cc=${cc} ${Math.round(performance.now() - t)}ms`); w.stop();
}
const iso = (ago: number) => new Date(Date.now() - ago).toISOString();
const secs = (ago: number) => iso(ago).replace(/\.\d+Z/, "Z");
const S = (status: string, o: any = {}) => ({ status, kioskId: "WIS00001", occurredAt: null, ...o });
const READY = { status: "READY", kioskId: null, occurredAt: "2024-01-01T12:24:56.124Z" };
const RAE = { status: 422, body: S("REQUEST_ERROR", { errorCode: "REQUEST_ALREADY_EXISTS", occurredAt: "2024-01-01T12:24:56.121Z" }) };
const OFF = { status: 422, body: S("REQUEST_ERROR", { errorCode: "KIOSK_NOT_AVAILABLE" }) };
const H = 3600_000;
const W = { reconcileWindowMs: 900 };
it("all", async () => {
  const jobs: Promise<any>[] = [];
  const R = (...a: Parameters<typeof run>) => jobs.push(run(...a));
  for (const lag of [300, 1000]) for (const lagging of [false, true]) jobs.push((async () => {
    const s = createKioskSimulator({ cards: [card], readLagMs: lag, assumptions: { decideByLaggingState: lagging } });
    s.injectFault({ fault: "lost-response" });
    const o: any = s.clientOptions(); const w = o.reconcileWindowMs; delete o.reconcileWindowMs;
    const r = await new WiseKioskClient(o).produceCard(order).catch((e) => e);
    log(`[sim lag ${lag} ${lagging} clientWindow=${w}] ${JSON.stringify(r)} ${s.requests.map((x: any) => x.method).join(" ")} prints=${s.card(card.cardToken).history.filter((x) => x.status === "IN_PROGRESS").length}`);
  })());
  // 503 Retry-After
  let at1 = ""; R("503 RA effect", () => { at1 = iso(0); return { status: 503, headers: { "retry-after": "1" }, body: {} }; }, () => S("IN_PROGRESS", { occurredAt: at1 }), {});
  R("503 RA max0", () => ({ status: 503, headers: { "retry-after": "1" }, body: {} }), () => READY, { maxRetries: 0 });
  R("503 RA 61", () => ({ status: 503, headers: { "retry-after": "61" }, body: {} }), () => READY, {});
  for (const st of [301, 408, 421, 500, 501, 502, 504, 529]) { let a = ""; R(`st ${st}`, () => { a = iso(0); return { status: st, body: {} }; }, () => S("IN_PROGRESS", { occurredAt: a }), W); }
  // RAE w/o doubt
  let t1 = ""; R("RAE own ms", () => { t1 = iso(0); return RAE; }, () => S("IN_PROGRESS", { occurredAt: t1 }));
  let t2 = ""; R("RAE own whole secs", () => { t2 = secs(0); return RAE; }, () => S("IN_PROGRESS", { occurredAt: t2 }));
  let t3 = ""; R("RAE own no Date, previous READY", () => { t3 = iso(0); return RAE; }, () => S("IN_PROGRESS", { occurredAt: t3 }), {}, { previous: READY }, true);
  let t3b = ""; R("RAE own, previous READY", () => { t3b = iso(0); return RAE; }, () => S("IN_PROGRESS", { occurredAt: t3b }), {}, { previous: READY });
  R("RAE own skewed +2h", () => { t3 = iso(-2 * H); return RAE; }, () => ({ headers: { date: new Date(Date.now() + 2 * H).toUTCString() }, body: S("IN_PROGRESS", { occurredAt: iso(-2 * H + 260) }) }));
  R("RAE others 5s ago", () => RAE, () => S("IN_PROGRESS", { occurredAt: iso(5000) }));
  R("RAE others kiosk", () => RAE, () => S("IN_PROGRESS", { kioskId: "WIS00002", occurredAt: iso(0) }));
  R("RAE others 300ms ago", () => RAE, () => S("IN_PROGRESS", { occurredAt: iso(600) }));
  R("RAE max0", () => RAE, () => S("IN_PROGRESS", { occurredAt: iso(0) }), { maxRetries: 0 });
  R("RAE own failed", () => { t3 = iso(0); return RAE; }, () => S("PRODUCTION_ERROR", { occurredAt: iso(240), errorCode: "PRT_RIBBON_ENDED", kioskId: "wis00001" }));
  R("RAE read500", () => RAE, () => ({ status: 500, body: {} }));
  R("RAE null time", () => RAE, () => S("IN_PROGRESS"));
  // stale previous
  const prev2h = S("PRODUCTION_ERROR", { occurredAt: iso(2 * H), errorCode: "PRT_RIBBON_ENDED" });
  const f1h = S("PRODUCTION_ERROR", { occurredAt: iso(H), errorCode: "PRD_HOPPER_JAM" });
  const thenOk = (n: number) => n === 0 ? "reset" : S("IN_PROGRESS", { occurredAt: iso(0) });
  R("stale previous, 1h failure", thenOk, () => f1h, W, { previous: prev2h });
  R("stale previous, 1h failure, no Date", thenOk, () => f1h, W, { previous: prev2h }, true);
  R("stale prev READY, 1h failure", thenOk, () => f1h, W, { previous: READY });
  R("stale prev, 1h PRODUCED", thenOk, () => S("PRODUCED", { occurredAt: iso(H) }), W, { previous: prev2h });
  R("stale prev, 30s failure", thenOk, () => S("PRODUCTION_ERROR", { occurredAt: iso(30000), errorCode: "X" }), W, { previous: prev2h });
  R("no prev, 30s failure", thenOk, () => S("PRODUCTION_ERROR", { occurredAt: iso(30000), errorCode: "X" }), W);
  R("no prev, 1h failure", thenOk, () => f1h, W);
  R("own failed lc kiosk", thenOk, () => S("PRODUCTION_ERROR", { kioskId: "wis00001", occurredAt: iso(0), errorCode: "X" }), W);
  R("own failed lc kiosk prev", thenOk, () => S("PRODUCTION_ERROR", { kioskId: "wis00001", occurredAt: iso(0), errorCode: "X" }), W, { previous: READY });
  R("own failed kiosk asked lc", thenOk, () => S("PRODUCTION_ERROR", { occurredAt: iso(0), errorCode: "X" }), W, { kioskId: "wIs00001" });
  R("failed foreign kiosk", thenOk, () => S("PRODUCTION_ERROR", { kioskId: "WIS00002", occurredAt: iso(0), errorCode: "X" }), W, { previous: READY });
  R("failed padded kiosk answer", thenOk, () => S("PRODUCTION_ERROR", { kioskId: " WIS00001 ", occurredAt: iso(0), errorCode: "X" }), W);
  R("before equal failure no time", thenOk, () => S("PRODUCTION_ERROR", { errorCode: "X" }), W, { previous: S("PRODUCTION_ERROR", { errorCode: "X" }) });
  R("in progress older in lag then ready", thenOk, (n) => n < 2 ? S("IN_PROGRESS", { occurredAt: iso(H) }) : READY, W);
  for (const k of [" WIS00001", "WIS00001\n", "\u00a0WIS00001", "\t", "\ufeffWIS00001"]) R("kiosk " + JSON.stringify(k), thenOk, () => READY, W, { kioskId: k });
  R("max0 reset", () => "reset", () => READY, { maxRetries: 0 });
  R("resend false READY", () => "reset", () => READY, { ...W, resend: false });
  R("resend false refused conn 429", (n) => n ? S("IN_PROGRESS") : ({ status: 429, headers: { "retry-after": "0" }, body: {} }), () => READY, { ...W, resend: false });
  R("resend false OURS", () => "reset", (n) => n > 2 ? S("IN_PROGRESS", { occurredAt: iso(500) }) : READY, { ...W, resend: false });
  R("doubt then OFF, READY", (n) => n ? OFF : "reset", () => READY, W);
  R("doubt then OFF, own late", (n) => n ? OFF : "reset", (n) => n > 4 ? S("PRODUCTION_ERROR", { occurredAt: iso(900), errorCode: "X" }) : READY, W);
  R("doubt then RAE, own after", (n) => n ? RAE : "reset", (n) => n > 5 ? S("IN_PROGRESS", { occurredAt: iso(600) }) : READY, W);
  R("doubt, reads 403", () => "reset", () => ({ status: 403, body: {} }), W);
  R("doubt, reads 503 then ok", () => "reset", (n) => n < 3 ? ({ status: 503, body: {} }) : S("IN_PROGRESS", { occurredAt: iso(0) }), W);
  R("doubt, read RA 120", () => "reset", () => ({ status: 503, headers: { "retry-after": "120" }, body: {} }), W);
  R("doubt, READY always", () => "reset", () => READY, W);
  R("window0 READY always", () => "reset", () => READY, { reconcileWindowMs: 0 });
  R("window0 own", (n) => n ? S("IN_PROGRESS") : "reset", () => S("IN_PROGRESS", { occurredAt: iso(0) }), { reconcileWindowMs: 0 });
  R("deadline in window", () => "reset", () => READY, { deadlineMs: 700 });
  R("401 then ok", (n) => n ? S("IN_PROGRESS") : ({ status: 401, body: {} }), () => READY, { token: ({ rejectedToken }: any) => rejectedToken ? "b".repeat(12) : "a".repeat(12) });
  R("UNRECOGNIZED in window", thenOk, () => S("PAUSED", { occurredAt: iso(0) }), W);
  R("499", () => ({ status: 499, body: {} }), () => READY, W);
  R("200 REQUEST_ERROR RAE", () => ({ status: 200, body: RAE.body }), () => READY, W);
  for (const d of [100, 400, 1500, 3000]) jobs.push((async () => {
    const w = await world(() => "reset", (n) => n === 1 ? "hang" : READY, {}); const ac = new AbortController(); let at = 0;
    setTimeout(() => { at = performance.now(); ac.abort(new Error("mine")); }, d);
    const r = await w.client.produceCard(order, { signal: ac.signal }).catch((e) => e);
    log(`[abort at ${d}] ${r.message} after ${Math.round(performance.now() - at)}ms ${w.seq()}`); w.stop();
  })());
  await Promise.all(jobs);
}, 60000);
