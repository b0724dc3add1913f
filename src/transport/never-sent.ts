/** Failures to connect, and requests refused on this side: no byte left. */
const BEFORE_SENDING: ReadonlySet<unknown> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_CLOSED",
  "UND_ERR_INVALID_ARG",
  "UND_ERR_PRX_CONN",
  "UND_ERR_PRX_TLS",
  "UND_MOCK_ERR_MOCK_NOT_MATCHED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "CERT_SIGNATURE_FAILURE",
  "HOSTNAME_MISMATCH",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Failures that prove that no byte left only if the system call that failed is `connect`. */
const WHILE_CONNECTING: ReadonlySet<unknown> = new Set(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);

/** Failures that prove it only with the given message: a refused tunnel, and a peer that hangs up during the TLS handshake. */
const BY_MESSAGE: ReadonlyMap<unknown, RegExp> = new Map([
  ["UND_ERR_ABORTED", /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/],
  ["ECONNRESET", /^Client network socket disconnected before secure TLS connection was established$/],
]);

/**
 * Returns whether it is certain, by a closed list of causes, that no byte of the request left. Everything else counts as sent,
 * because misclassifying a request as unsent could print a card twice.
 */
export function wasNeverSent(failure: unknown): boolean {
  try {
    return isOnTheList(failure, 5);
  } catch {
    return false;
  }
}

function isOnTheList(failure: unknown, depth: number): boolean {
  if (typeof failure !== "object" || failure === null || depth === 0) return false;
  const { code, syscall, message, cause, errors } = failure as Partial<NodeJS.ErrnoException & AggregateError>;
  if (Array.isArray(errors) && errors.length > 0) return errors.every((error) => isOnTheList(error, depth - 1));
  if (BEFORE_SENDING.has(code)) return true;
  if (WHILE_CONNECTING.has(code)) return syscall === "connect";
  const proof = BY_MESSAGE.get(code);
  if (proof !== undefined) return typeof message === "string" && proof.test(message);
  return hasNoCode(code) && isOnTheList(cause, depth - 1);
}

/**
 * Returns whether an error has no code of its own. `fetch` wraps a refused tunnel in a generic `DOMException`, which has the code
 * 0.
 */
function hasNoCode(code: unknown): boolean {
  return code === undefined || code === 0;
}
