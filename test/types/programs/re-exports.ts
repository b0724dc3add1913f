// A module of a bank that passes the package on. Declarations are emitted for it, so most types are left to the compiler.
import { createRefreshingToken, isKioskError, type Production, WiseKioskClient } from "wise-card-kiosk";
import { memoryPrintJobStore, PrintJobs } from "wise-card-kiosk/print-jobs";
import { productionEventSchema, productionSchema } from "wise-card-kiosk/schemas";
import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import { createKioskSimulator, fixtures } from "wise-card-kiosk/testing";
import { applyProductionEvent, KioskWebhooks, type ProductionState } from "wise-card-kiosk/webhooks";
import { lambdaHandler, nodeListener } from "wise-card-kiosk/webhooks/node";

export { type Production as CardProduction, WiseKioskClient as KioskClient } from "wise-card-kiosk";

export const createBank = (token: string) => {
  const kiosk = new WiseKioskClient({ environment: "sandbox", token });
  const jobs = new PrintJobs({ client: kiosk, store: memoryPrintJobStore(), onChange: () => {} });
  const webhooks = new KioskWebhooks({ environment: "sandbox", subscriptionIds: ["72195556"] });
  const handler = webhooks.handler({ onProduction: async (event) => void (await jobs.apply(event)) });
  return { kiosk, jobs, webhooks, handler, lambda: lambdaHandler(handler), listener: nodeListener(handler) };
};

export class BranchClient extends WiseKioskClient {
  readonly printed = new Map<string, Production>();
  readonly print = async (...args: Parameters<WiseKioskClient["produceCard"]>) => {
    const production = await this.produceCard(...args);
    this.printed.set(args[0].cardToken, production);
    return production;
  };
}

export const { kiosk, jobs, handler, lambda, listener } = createBank("token");

export const schemas = { production: productionSchema, event: productionEventSchema };

export const states: ProductionState[] = [];
export const apply = (...[current, event]: Parameters<typeof applyProductionEvent>) =>
  applyProductionEvent(current, event).state;

export const narrow = (error: unknown) => (isKioskError(error) ? error : undefined);

export const tokens = {
  application: () => createClientCredentialsToken({ environment: "sandbox", clientId: "a", clientSecret: "b" }),
  customer: (...[options]: Parameters<typeof createRefreshingToken>) => createRefreshingToken(options),
};

export const subscribe = async (...[options]: ConstructorParameters<typeof KioskSubscriptions>) =>
  new KioskSubscriptions(options).list();

export const simulate = () => {
  const simulator = createKioskSimulator({ kiosks: ["WIS00001"] });
  return { simulator, card: simulator.card("ca0c"), options: simulator.clientOptions(), samples: fixtures };
};
