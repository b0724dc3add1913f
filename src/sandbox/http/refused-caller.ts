import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { printable } from "../../text/printable.js";
import { ControlProblem } from "../control/control-problem.js";
import { isCertainlyLoopback } from "./loopback-names.js";

/** Why a request was refused. */
export interface Refusal {
  /** When it was refused first, by the simulator's clock, in ISO 8601. */
  readonly at: string;
  readonly httpStatus: number;
  /** Without credentials and control characters. */
  readonly detail: string;
}

/**
 * Returns why a request is refused, whatever it asks for, or `undefined` if it is not. A web page of another origin must not drive
 * the sandbox, neither directly nor by DNS rebinding: a host name of its own that resolves to this machine.
 *
 * @param path what the request asks for. A link on another page may open the sandbox's own page.
 * @param isOpen whether the sandbox can be reached from the network. It then has any host name, and requires the token instead.
 * @param hideToken hides the token of the sandbox in the name that is quoted, before that is cut off. Default: hides nothing.
 */
export function refusedCaller(
  headers: IncomingHttpHeaders,
  path: string,
  isOpen: boolean,
  hideToken = (text: string) => text,
): ControlProblem | undefined {
  const { host, origin } = headers;
  const name = host === undefined ? undefined : hostName(host);
  if (name === undefined || !(isOpen || isCertainlyLoopback(name))) {
    return new ControlProblem(
      403,
      `The Host header must name this machine: 127.0.0.1, [::1] or localhost, not ${quote(hideToken(host ?? ""))}. Start ` +
        "the sandbox with --host and a token of your own to use another name.",
    );
  }
  if (origin !== undefined && !isOriginOf(origin, host)) {
    return new ControlProblem(403, "The Origin header names another web page. Only the sandbox's own page may use it.");
  }
  if (isOfOtherSite(headers) && !(path === "/" && isTopLevelNavigation(headers))) {
    return new ControlProblem(403, "The request comes from another web page. Only the sandbox's own page may use it.");
  }
  return undefined;
}

/**
 * Returns whether a browser says that another page sends the request. Browsers send `Sec-Fetch-Site` even with requests without an
 * `Origin`, such as those for images.
 */
function isOfOtherSite({ "sec-fetch-site": site }: IncomingHttpHeaders): boolean {
  return site !== undefined && site !== "same-origin" && site !== "none";
}

function isTopLevelNavigation(headers: IncomingHttpHeaders): boolean {
  return headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}

/** Returns why a request to the control API is refused if the sandbox is open to the network, or `undefined` if it is not. */
export function missingToken({ authorization = "" }: IncomingHttpHeaders, token: string): ControlProblem | undefined {
  const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return undefined;
  return new ControlProblem(401, "Send the sandbox's token: Authorization: Bearer …", { "www-authenticate": "Bearer" });
}

function quote(text: string): string {
  return JSON.stringify(printable(text, 60));
}

function hostName(host: string): string | undefined {
  // A URL parser would accept userinfo, a path and more.
  if (!/^(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?$/i.test(host)) return undefined;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}

function isOriginOf(origin: string, host: string | undefined): boolean {
  return /^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
