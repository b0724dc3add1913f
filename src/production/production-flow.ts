import type { FailedProduction, ProducedProduction, Production, ReadyProduction } from "./production.js";

/**
 * Returns whether `produceCard` can be called for a card in this state: it is `READY`, or the last print ended in
 * `PRODUCTION_ERROR`. `adviceFor` says what to do first.
 *
 * Returns `false` for `REQUEST_ERROR`, which is the response to one request and not the state of the card: read the status.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export function canProduce(production: Production): production is ReadyProduction | FailedProduction {
  return production.status === "READY" || production.status === "PRODUCTION_ERROR";
}

/** Returns whether the state is final: the card is `PRODUCED`. After a `PRODUCTION_ERROR` the card can be produced again. */
export function isFinal(production: Production): production is ProducedProduction {
  return production.status === "PRODUCED";
}
