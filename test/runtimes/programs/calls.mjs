// Makes calls through the runtime's own transport, and prints their outcomes as JSON.
// Arguments: the URL of a server, the URL of a closed server, and `fetch-first` to make a built-in fetch before the calls.
import { inspect } from "node:util";
import { isKioskError, WiseKioskClient } from "wise-card-kiosk";

const [, , baseUrl, closedUrl, order] = process.argv;
const card = { profileId: 123456, cardToken: "ca0c" };
const token = "a-token-of-visible-ascii-0123456789";

if (order === "fetch-first") await (await fetch(`${baseUrl}/before`)).text();

async function findOutcome(call) {
  try {
    return await call();
  } catch (error) {
    if (!isKioskError(error)) return inspect(error);
    const { name, code, argument, message, httpStatus, requestSent, mayHaveTakenEffect } = error;
    return { name, code, argument, message, httpStatus, requestSent, mayHaveTakenEffect };
  }
}

function calls(options) {
  const kiosk = new WiseKioskClient({ baseUrl, token, maxRetries: 0, ...options });
  const produce = (kioskId, more) => findOutcome(() => kiosk.produceCard({ ...card, kioskId }, more));
  return {
    produced: () => produce("WIS00001"),
    refused: () => produce("UNKNOWN"),
    unavailable: () => produce("UNAVAILABLE"),
    redirected: () => produce("REDIRECTED"),
    misdirected: () => produce("MISDIRECTED"),
    reset: () => produce("RESET"),
    tooLate: () => produce("SILENT", { timeoutMs: 100 }),
    aborted: () =>
      findOutcome(() => kiosk.produceCard({ ...card, kioskId: "SILENT" }, { signal: AbortSignal.timeout(100) })),
    read: () => findOutcome(() => kiosk.getProductionStatus(card)),
    simulated: () => findOutcome(() => kiosk.simulateProductionStatus({ ...card, status: "PRODUCED" })),
    notConnected: () =>
      findOutcome(() =>
        new WiseKioskClient({ baseUrl: closedUrl, token, maxRetries: 0, ...options }).produceCard({
          ...card,
          kioskId: "WIS00001",
        }),
      ),
  };
}

const results = {};
for (const [way, options] of Object.entries({ default: {}, fetch: { fetch: (url, init) => fetch(url, init) } })) {
  results[way] = {};
  for (const [name, call] of Object.entries(calls(options))) results[way][name] = (await call()) ?? null;
}
const dispatcher = { dispatch: () => true };
results.dispatcherOption = await findOutcome(async () => typeof new WiseKioskClient({ baseUrl, token, dispatcher }));
results.mtlsOption = await findOutcome(
  async () => typeof new WiseKioskClient({ baseUrl, token, mtls: { cert: "no", key: "no" } }),
);
console.log(JSON.stringify(results));
