/** Failures of a connection with the names, codes and messages that Node.js and undici give them. */

/** A connection that was refused: not a byte left. */
export function connectionRefused(origin: string): Error {
  const { hostname, port, protocol } = new URL(origin);
  const address = hostname.replace(/^\[|\]$/g, "");
  const number = Number(port || (protocol === "https:" ? 443 : 80));
  const details = { errno: -111, code: "ECONNREFUSED", syscall: "connect", address, port: number };
  return Object.assign(new Error(`connect ECONNREFUSED ${address}:${number}`), details);
}

/** A connection that the other side reset. */
export function connectionReset(): Error {
  return Object.assign(new Error("read ECONNRESET"), { errno: -104, code: "ECONNRESET", syscall: "read" });
}

/** A connection that the other side ended before it answered. */
export function connectionEnded(): Error {
  return Object.assign(new Error("other side closed"), { name: "SocketError", code: "UND_ERR_SOCKET" });
}

/** A connection that ended in the middle of a body. */
export function bodyCutOff(): Error {
  return Object.assign(new Error("Response body length does not match content-length header"), {
    name: "ResponseContentLengthMismatchError",
    code: "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  });
}

/** No answer within undici's `headersTimeout`. */
export function headersTimeout(): Error {
  return Object.assign(new Error("Headers Timeout Error"), {
    name: "HeadersTimeoutError",
    code: "UND_ERR_HEADERS_TIMEOUT",
  });
}

/** A request that was aborted without a reason. */
export function requestAborted(): Error {
  return Object.assign(new Error("Request aborted"), { name: "AbortError", code: "UND_ERR_ABORTED" });
}

/** What `fetch` rejects with if the network fails. */
export function fetchFailed(cause: Error): TypeError {
  return new TypeError("fetch failed", { cause });
}

/** What reading the body of a `Response` rejects with if the connection ends in its middle. */
export function bodyTerminated(): TypeError {
  return new TypeError("terminated", { cause: bodyCutOff() });
}
