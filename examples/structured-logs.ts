/**
 * Prints one card. Writes a line of JSON for each HTTP request, and one for the outcome. No line contains a token, a card token or
 * a body, so you can store them with your other logs.
 *
 *   WISE_API_TOKEN=… WISE_PROFILE_ID=… WISE_CARD_TOKEN=… WISE_KIOSK_ID=… npx tsx examples/structured-logs.ts
 *
 * It uses the sandbox. WISE_BASE_URL names a gateway in front of it.
 */
import { type AnyKioskError, type Exchange, isKioskError, WiseKioskClient } from "wise-card-kiosk";

const {
  WISE_API_TOKEN = "",
  WISE_PROFILE_ID = "",
  WISE_CARD_TOKEN = "",
  WISE_KIOSK_ID = "",
  WISE_BASE_URL,
} = process.env;

const kiosk = new WiseKioskClient({
  environment: "sandbox",
  ...(WISE_BASE_URL === undefined ? {} : { baseUrl: WISE_BASE_URL }),
  token: WISE_API_TOKEN,
  onExchange: logExchange,
});

try {
  const card = { profileId: WISE_PROFILE_ID, cardToken: WISE_CARD_TOKEN };
  const { status, errorCode } = await kiosk.produceCard({ ...card, kioskId: WISE_KIOSK_ID });
  log("info", "card production", { status, errorCode });
} catch (error) {
  log("error", "card production failed", isKioskError(error) ? listFacts(error) : { error: String(error) });
  process.exitCode = 1;
}

/** Returns what support asks for. The message is left out, because it quotes Wise and may name the card. */
function listFacts(error: AnyKioskError): object {
  const { code, mayHaveTakenEffect, correlationId } = error;
  const facts = { error: code, mayHaveTakenEffect, correlationId };
  if (!("traceId" in error)) return facts;
  const { httpStatus, errorCode, traceId } = error;
  return { ...facts, httpStatus, errorCode, traceId };
}

function logExchange(exchange: Exchange): void {
  const willRetry = exchange.retryInMs !== undefined;
  const level = exchange.error === undefined ? "info" : willRetry ? "warn" : "error";
  log(level, "request to Wise", { ...exchange });
}

function log(level: "info" | "warn" | "error", message: string, details: object): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), level, message, ...details }));
}
