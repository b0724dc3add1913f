import { execFile } from "node:child_process";
import { createServer } from "node:https";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { makeAuthority } from "./certificates.js";
import { startConnectProxy } from "./connect-proxy.js";
import { productionBody } from "./event-bodies.js";
import { reply, startHttpServer } from "./http-server.js";
import { signedHeaders, wise } from "./signed-delivery.js";
import { WISE_EXAMPLES } from "./wise-examples.js";

const authority = makeAuthority();
const mtls = { ...authority.issue("your-bank"), ca: authority.ca };

/**
 * Runs `test/package/bundle-program.mjs`, or a bundle of it, against a plain server, an mTLS server and a proxy. Returns what it
 * prints, and the requests to each.
 */
export async function runPrintProgram(node: string, file: string, more: object = {}) {
  const respond = reply(200, WISE_EXAMPLES.inProgress);
  const certified = { ...authority.issue("localhost"), ca: authority.ca, requestCert: true, rejectUnauthorized: true };
  await using plain = await startHttpServer(respond);
  await using secure = await startHttpServer(respond, (listener) => createServer(certified, listener));
  await using proxy = await startConnectProxy();
  const body = productionBody();
  const webhook = { publicKey: wise.publicKey, body, headers: signedHeaders(body) };
  const options = { plainUrl: plain.url, mtlsUrl: secure.url, mtls, proxy: proxy.url, webhook, ...more };
  const { stdout } = await promisify(execFile)(node, [file, JSON.stringify(options)], {
    cwd: dirname(file),
    timeout: 60_000,
  });
  const requests = { plain: plain.requests.length, mtls: secure.requests.length, proxy: proxy.requests.length };
  return { results: JSON.parse(stdout) as Record<string, unknown>, requests };
}
