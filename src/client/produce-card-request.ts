import { parseFunction } from "../arguments/parse-function.js";
import type { OnIntent } from "../calls/production-intent.js";
import type { Production } from "../production/production.js";
import { type CardReference, parseKioskId } from "./card-arguments.js";
import { parseProductionArgument } from "./production-argument.js";

/** The card to produce, and the kiosk that produces it. */
export interface ProduceCardRequest extends CardReference {
  /** The id of the kiosk, as set up with Wise: a non-blank string without whitespace around it. */
  readonly kioskId: string;
  /**
   * The last state of this card that you know. It lets the client tell an old state from the effect of this call if a request
   * is in doubt, so that fewer outcomes are left to you. That may be the `REQUEST_ERROR` of your last request. Default: none.
   */
  readonly previous?: Production | undefined;
  /**
   * Stores what the call is about to do, so that the print survives a crash: pass the stored intent to `reconcileProduction`
   * afterwards. Default: none.
   *
   * It is called and awaited before every request that may print, each time with a new {@link ProductionIntent}: store the intent
   * durably, in place of an earlier one of the same call. If the function throws, the request is not sent and the call rejects
   * with a `KioskIntentError`. Its time counts towards `timeoutMs`.
   *
   * A request starts within 5 s of its intent. If the function takes longer, or the connection is not ready in time, the request
   * is not sent and the function is called again. With `fetch`, the time until `fetch` is called counts.
   */
  readonly onIntent?: OnIntent | undefined;
}

/** The validated fields of a {@link ProduceCardRequest} besides the card. */
export interface ProduceCardSettings {
  readonly kioskId: string;
  readonly previous: Production | undefined;
  readonly onIntent: OnIntent | undefined;
}

/**
 * Validates the fields of a request besides the card.
 *
 * @throws {KioskArgumentError} if a field is invalid.
 */
export function parseProduceCardRequest(request: ProduceCardRequest): ProduceCardSettings {
  const { kioskId, previous, onIntent } = request;
  const id = parseKioskId(kioskId);
  const listener = parseFunction("onIntent", onIntent);
  const known = parseProductionArgument("previous", previous);
  // A refusal without a time cannot be ordered, so it says nothing about any state.
  const isUseful = known?.occurredAt || known?.status !== "REQUEST_ERROR";
  return { kioskId: id, onIntent: listener, previous: isUseful ? known : undefined };
}
