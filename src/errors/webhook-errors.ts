import { brand } from "./brand.js";
import type { DecodeIssue } from "./decode-error.js";
import { KioskError } from "./kiosk-error.js";

/** Why a signature was not accepted. */
export type WebhookSignatureReason = "missing" | "malformed" | "mismatch";

/** The delivery does not carry a signature of Wise over this body. Do not act on it. */
export class KioskWebhookSignatureError extends KioskError<"ERR_WEBHOOK_SIGNATURE"> {
  static {
    brand(KioskWebhookSignatureError, "KioskWebhookSignatureError");
  }

  /** `missing`: there is no signature; `malformed`: it is not one; `mismatch`: it is not one of this body by these keys. */
  readonly reason: WebhookSignatureReason;

  constructor(reason: WebhookSignatureReason, message: string) {
    super("ERR_WEBHOOK_SIGNATURE", message);
    this.reason = reason;
  }
}

/** Signed by Wise, but for another subscription or client than yours. Do not act on it. */
export class KioskWebhookForeignError extends KioskError<"ERR_WEBHOOK_FOREIGN"> {
  static {
    brand(KioskWebhookForeignError, "KioskWebhookForeignError");
  }

  readonly subscriptionId: string | null;
  readonly clientId: string | null;

  constructor(message: string, origin: { readonly subscriptionId: string | null; readonly clientId: string | null }) {
    super("ERR_WEBHOOK_FOREIGN", message);
    this.subscriptionId = origin.subscriptionId;
    this.clientId = origin.clientId;
  }
}

/** Signed by Wise, but not a body that this event can have. */
export class KioskWebhookPayloadError extends KioskError<"ERR_WEBHOOK_PAYLOAD"> {
  static {
    brand(KioskWebhookPayloadError, "KioskWebhookPayloadError");
  }

  readonly issues: readonly DecodeIssue[];

  constructor(message: string, issues: readonly DecodeIssue[]) {
    super("ERR_WEBHOOK_PAYLOAD", message);
    this.issues = issues;
  }
}
