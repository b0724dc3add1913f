import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:https";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { makeAuthority } from "./certificates.js";
import { startConnectProxy } from "./connect-proxy.js";
import { productionBody } from "./event-bodies.js";
import { reply, startHttpServer } from "./http-server.js";
import type { RuntimeCommand } from "./runtimes.js";
import { signedHeaders, wise } from "./signed-delivery.js";
import { deliver } from "./webhook-loopback.js";
import { WISE_EXAMPLES } from "./wise-examples.js";

const authority = makeAuthority();
const mtls = { ...authority.issue("your-bank"), ca: authority.ca };

const PRINTED = { printed: "IN_PROGRESS", attempts: 1 };

/** The result of {@link runPrintProgram} if everything works: it accepts the signed delivery, and refuses the forged one. */
export const ALL_WORKS = {
  results: { plain: PRINTED, mtls: PRINTED, proxy: PRINTED, received: ["PRODUCED", "ERR_WEBHOOK_SIGNATURE mismatch"] },
  requests: { plain: 1, mtls: 2, proxy: 1 },
  responses: [200, 503],
};

/**
 * Runs `test/package/bundle-program.mjs`, or a bundle of it, against a plain server, an mTLS server and a proxy, and delivers a
 * signed and a forged webhook to it. Returns what it prints, the requests to each server, and its responses to the deliveries.
 */
export async function runPrintProgram([runtime, ...args]: RuntimeCommand, file: string, more: object = {}) {
  const respond = reply(200, WISE_EXAMPLES.inProgress);
  const certified = { ...authority.issue("localhost"), ca: authority.ca, requestCert: true, rejectUnauthorized: true };
  await using plain = await startHttpServer(respond);
  await using secure = await startHttpServer(respond, (listener) => createServer(certified, listener));
  await using proxy = await startConnectProxy();
  const { publicKey } = wise;
  const options = {
    plainUrl: plain.url,
    mtlsUrl: secure.url,
    mtls,
    proxy: proxy.url,
    publicKey,
    deliveries: 2,
    ...more,
  };
  const program = spawn(runtime, [...args, file, JSON.stringify(options)], { cwd: dirname(file), timeout: 60_000 });
  const errors = text(program.stderr);
  const ended = once(program, "close");
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const { value: receiver } = await lines.next();
  if (receiver === undefined) throw new Error(`The program ended before its receiver opened: ${await errors}`);
  const forged = productionBody({ data: { status: "READY" } });
  const responses = [
    (await deliver(receiver)).status,
    (await deliver(receiver, forged, signedHeaders(productionBody()))).status,
  ];
  const { value: printed } = await lines.next();
  await ended;
  if (printed === undefined) throw new Error(`The program printed no results: ${await errors}`);
  const requests = { plain: plain.requests.length, mtls: secure.requests.length, proxy: proxy.requests.length };
  return { results: JSON.parse(printed) as unknown, requests, responses };
}
