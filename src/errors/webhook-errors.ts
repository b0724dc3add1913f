import { brand } from "./brand.js";
import type { DecodeIssue } from "./decode-error.js";
import { KioskError } from "./kiosk-error.js";

/** The reason why a signature was not accepted. */
export type WebhookSignatureReason = "missing" | "malformed" | "mismatch";

/** The delivery has no valid signature of Wise for this body. Do not act on it. */
export class KioskWebhookSignatureError extends KioskError<"ERR_WEBHOOK_SIGNATURE"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskWebhookSignatureError");

  /**
   * `missing`: there is no signature; `malformed`: the header is not a single signature of the right length; `mismatch`: the
   * signature does not match this body under any of the trusted keys.
   */
  readonly reason: WebhookSignatureReason;

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(reason: WebhookSignatureReason, message: string) {
    super("ERR_WEBHOOK_SIGNATURE", message);
    this.reason = reason;
  }
}

/** The event is signed by Wise, but belongs to a subscription or client other than yours. Do not act on it. */
export class KioskWebhookForeignError extends KioskError<"ERR_WEBHOOK_FOREIGN"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskWebhookForeignError");

  /** The subscription that the event names, or `null`. */
  readonly subscriptionId: string | null;
  /** The client that the event names, or `null`. */
  readonly clientId: string | null;

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, origin: { readonly subscriptionId: string | null; readonly clientId: string | null }) {
    super("ERR_WEBHOOK_FOREIGN", message);
    this.subscriptionId = origin.subscriptionId;
    this.clientId = origin.clientId;
  }
}

/** The body is not a valid Wise event. It is signed by Wise, unless `parseUnverified` threw the error. */
export class KioskWebhookPayloadError extends KioskError<"ERR_WEBHOOK_PAYLOAD"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskWebhookPayloadError");

  /** The reasons why the body is not valid. */
  readonly issues: readonly DecodeIssue[];

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, issues: readonly DecodeIssue[]) {
    super("ERR_WEBHOOK_PAYLOAD", message);
    this.issues = issues;
  }
}
