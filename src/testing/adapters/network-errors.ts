// Connection errors with the names, codes and messages of Node.js and undici.

/** Returns the error for a refused connection: no byte was sent. */
export function connectionRefused(origin: string): Error {
  const { hostname, port, protocol } = new URL(origin);
  const address = hostname.replace(/[[\]]/g, "");
  const number = Number(port || (protocol === "https:" ? 443 : 80));
  const details = { errno: -111, code: "ECONNREFUSED", syscall: "connect", address, port: number };
  return Object.assign(new Error(`connect ECONNREFUSED ${address}:${number}`), details);
}

/** Returns the error for a connection that the other side reset. */
export function connectionReset(): Error {
  return Object.assign(new Error("read ECONNRESET"), { errno: -104, code: "ECONNRESET", syscall: "read" });
}

/** Returns the error for a connection that the other side closed before it responded. */
export function connectionEnded(): Error {
  return Object.assign(new Error("other side closed"), { name: "SocketError", code: "UND_ERR_SOCKET" });
}

/** Returns the error for a connection that was closed in the middle of a response body. */
export function bodyCutOff(): Error {
  return Object.assign(new Error("Response body length does not match content-length header"), {
    name: "ResponseContentLengthMismatchError",
    code: "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  });
}

/** Returns the error for a response that did not begin within undici's `headersTimeout`. */
export function headersTimeout(): Error {
  return Object.assign(new Error("Headers Timeout Error"), {
    name: "HeadersTimeoutError",
    code: "UND_ERR_HEADERS_TIMEOUT",
  });
}

/** Returns the error for a request that was aborted without a reason. */
export function requestAborted(): Error {
  return Object.assign(new Error("Request aborted"), { name: "AbortError", code: "UND_ERR_ABORTED" });
}

/** Returns the error that `fetch` rejects with if the connection fails. */
export function fetchFailed(cause: Error): TypeError {
  return new TypeError("fetch failed", { cause });
}

/** Returns the error for reading a `Response` body if the connection is closed in the middle of it. */
export function bodyTerminated(): TypeError {
  return new TypeError("terminated", { cause: bodyCutOff() });
}
