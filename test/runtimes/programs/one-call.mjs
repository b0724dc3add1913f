// Makes one call and exits, unless something keeps it alive. Prints the outcome as soon as the call ends.
// Arguments: the URL of a server, a name in WAYS, a name in ENDS.
import { Agent, setGlobalDispatcher } from "undici";
import { WiseKioskClient } from "wise-card-kiosk";

const [, , baseUrl, way, end] = process.argv;
const card = { profileId: 123456, cardToken: "ca0c" };

const WAYS = {
  "the default dispatcher": () => ({}),
  "a dispatcher": () => ({ dispatcher: new Agent() }),
  "the global fetch": () => ({ fetch: (url, init) => fetch(url, init) }),
  "another global dispatcher": () => {
    setGlobalDispatcher(new Agent());
    return {};
  },
};

const ENDS = {
  "with a response": {},
  "when timeoutMs passes": { timeoutMs: 50 },
  "when deadlineMs passes": { deadlineMs: 50 },
  "when its signal aborts": { signal: AbortSignal.timeout(50) },
  "when its token does not come": { timeoutMs: 50, token: () => new Promise(() => {}) },
};

const kiosk = new WiseKioskClient({ baseUrl, token: "token", maxRetries: 0, ...WAYS[way]() });
const cardToken = end === "with a response" ? card.cardToken : "silent";
const outcome = await kiosk.getProductionStatus({ ...card, cardToken }, ENDS[end]).catch((error) => error);
console.log(outcome.status ?? outcome.name);
