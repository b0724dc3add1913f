import type {
  CallOptions,
  CardReference,
  ClientCertificate,
  EndpointOptions,
  FetchResponseLike,
  FollowOptions,
  KioskErrorDetails,
  ProduceCardRequest,
  RefreshingTokenOptions,
  SimulateProductionStatusRequest,
  WaitOptions,
  WiseKioskClientOptions,
} from "wise-card-kiosk";
import type {
  ApplyPrintJobEventOptions,
  ListPrintJobsOptions,
  PrintJobsOptions,
  PrintRequest,
  PurgePrintJobsOptions,
  SweepPrintJobsOptions,
  TallyPrintJobsOptions,
} from "wise-card-kiosk/print-jobs";
import type {
  ClientCredentialsTokenOptions,
  KioskSubscriptionsOptions,
  SubscriptionCallOptions,
  SubscriptionRequest,
} from "wise-card-kiosk/subscriptions";
import type {
  DeliveryTargetOptions,
  FaultInjection,
  FaultResponse,
  KioskSimulatorOptions,
  ProductionEventChanges,
  SimulatedCardOptions,
  SimulatorFetchInit,
  SimulatorWebhookOptions,
} from "wise-card-kiosk/testing";
import { fixtures } from "wise-card-kiosk/testing";
import {
  type KioskWebhookHandlerOptions,
  KioskWebhooks,
  type KioskWebhooksOptions,
  type WebhookJwk,
} from "wise-card-kiosk/webhooks";
import type { NodeRequest } from "wise-card-kiosk/webhooks/node";
import type { Equal, Expect } from "./equal.js";

/** The optional properties of `T`, or of a member of the union `T`, that do not accept `undefined`. */
type Refusing<T> = T extends unknown
  ? { [Name in keyof T]-?: RefusesUndefined<Pick<T, Name>> extends true ? Name : never }[keyof T]
  : never;

/** Whether the only property of a type can be omitted, but not be `undefined`. */
type RefusesUndefined<T> = object extends T ? ({ [Name in keyof T]: undefined } extends T ? false : true) : false;

export type NoneRefuses = [
  Expect<Equal<Refusing<WiseKioskClientOptions>, never>>,
  Expect<Equal<Refusing<EndpointOptions>, never>>,
  Expect<Equal<Refusing<KioskSubscriptionsOptions>, never>>,
  Expect<Equal<Refusing<SubscriptionCallOptions>, never>>,
  Expect<Equal<Refusing<SubscriptionRequest>, never>>,
  Expect<Equal<Refusing<ClientCredentialsTokenOptions>, never>>,
  Expect<Equal<Refusing<CallOptions>, never>>,
  Expect<Equal<Refusing<FollowOptions>, never>>,
  Expect<Equal<Refusing<WaitOptions>, never>>,
  Expect<Equal<Refusing<CardReference>, never>>,
  Expect<Equal<Refusing<ProduceCardRequest>, never>>,
  Expect<Equal<Refusing<SimulateProductionStatusRequest>, never>>,
  Expect<Equal<Refusing<ClientCertificate>, never>>,
  Expect<Equal<Refusing<RefreshingTokenOptions>, never>>,
  Expect<Equal<Refusing<FetchResponseLike>, never>>,
  Expect<Equal<Refusing<KioskErrorDetails>, never>>,
  Expect<Equal<Refusing<PrintJobsOptions>, never>>,
  Expect<Equal<Refusing<PrintRequest>, never>>,
  Expect<Equal<Refusing<ApplyPrintJobEventOptions>, never>>,
  Expect<Equal<Refusing<SweepPrintJobsOptions>, never>>,
  Expect<Equal<Refusing<ListPrintJobsOptions>, never>>,
  Expect<Equal<Refusing<PurgePrintJobsOptions>, never>>,
  Expect<Equal<Refusing<TallyPrintJobsOptions>, never>>,
  Expect<Equal<Refusing<KioskWebhooksOptions>, never>>,
  Expect<Equal<Refusing<KioskWebhookHandlerOptions>, never>>,
  Expect<Equal<Refusing<WebhookJwk>, never>>,
  Expect<Equal<Refusing<NodeRequest>, never>>,
  Expect<Equal<Refusing<KioskSimulatorOptions>, never>>,
  Expect<Equal<Refusing<NonNullable<KioskSimulatorOptions["assumptions"]>>, never>>,
  Expect<Equal<Refusing<SimulatedCardOptions>, never>>,
  Expect<Equal<Refusing<SimulatorWebhookOptions>, never>>,
  Expect<Equal<Refusing<SimulatorFetchInit>, never>>,
  Expect<Equal<Refusing<FaultInjection>, never>>,
  Expect<Equal<Refusing<FaultResponse>, never>>,
  Expect<Equal<Refusing<DeliveryTargetOptions>, never>>,
  Expect<Equal<Refusing<ProductionEventChanges>, never>>,
  Expect<Equal<Refusing<NonNullable<ProductionEventChanges["data"]>>, never>>,
];

/** Proves that the check above can fail. */
export type Found = [
  Expect<Equal<Refusing<{ readonly a?: string; b?: string | undefined; c: string }>, "a">>,
  Expect<Equal<Refusing<{ a: 1; b?: () => void } | { a?: 2; b: 1 }>, "a" | "b">>,
];

declare const text: string | undefined;
declare const list: string[] | undefined;
declare const status: number | undefined;

export const webhooks = [
  new KioskWebhooks({ environment: "sandbox", publicKeys: list, subscriptionIds: list, clientIds: list }),
  new KioskWebhooks({ environment: undefined, publicKeys: ["-----BEGIN PUBLIC KEY-----"] }),
  new KioskWebhooks({ publicKeys: [{ kty: "RSA", n: "", e: "", alg: text }] }),
];

export const handler = webhooks[0]?.handler({
  onProduction: () => {},
  onOther: undefined,
  onError: undefined,
  invalidSignatureStatus: status,
});

export const changed = [
  fixtures.production.produced({ kioskId: text, description: text }),
  fixtures.error.rateLimited({ httpStatus: status, headers: undefined }),
  fixtures.webhook.productionStatusChange({ sent_at: text, data: { status: text, resource: { card_token: text } } }),
];
