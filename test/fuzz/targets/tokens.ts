import { createRefreshingToken, type RefreshedToken } from "wise-card-kiosk";
import { createClientCredentialsToken, type Exchange } from "wise-card-kiosk/subscriptions";
import { checkError, mustHold, outcomeOf, refuseSecrets } from "../check-outcome.js";
import { readCorpus } from "../corpus.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { generateResponse } from "../http-responses.js";
import { ERROR_FIELDS, objectText, TOKEN_FIELDS } from "../json-texts.js";
import { fuzzDispatcher, fuzzFetch } from "../sending.js";

const corpus = readCorpus("tokens");

/** Responses of the token endpoint. Their bodies contain tokens, and no error may show one. */
export const tokensTarget: FuzzTarget = {
  name: "tokens",
  share: 16,
  run: async (dice, secrets) => {
    const { clientSecret, basicCredentials, refreshToken, receivedToken } = secrets;
    const tokenFields = {
      access_token: [JSON.stringify(receivedToken)],
      refresh_token: [JSON.stringify(receivedToken)],
      ...TOKEN_FIELDS,
    };
    const isRefresh = dice.chance(0.8);
    const sent = [clientSecret, basicCredentials, ...(isRefresh ? [refreshToken] : [])];
    const quote = () => secrets.quote(dice, sent);
    const respond = () =>
      generateResponse(dice, {
        corpus,
        body: (bodyDice) => objectText(bodyDice, bodyDice.chance(0.8) ? tokenFields : ERROR_FIELDS),
        quote,
      });
    const exchanges: Exchange[] = [];
    const options = {
      baseUrl: "http://127.0.0.1:9",
      clientId: "client-id",
      clientSecret,
      timeoutMs: 15,
      onExchange: (exchange: Exchange) => void exchanges.push(exchange),
      ...(dice.chance(0.5)
        ? { dispatcher: fuzzDispatcher(dice, respond, quote) }
        : { fetch: fuzzFetch(dice, respond, quote) }),
    };
    const stored: RefreshedToken[] = [];
    const provide = isRefresh
      ? () =>
          createRefreshingToken({ ...options, refreshToken, onRefresh: (tokens) => void stored.push(tokens) })({
            profileId: "123456",
            rejectedToken: undefined,
          } as never)
      : () => createClientCredentialsToken(options)({ rejectedToken: undefined } as never);
    const outcome = await outcomeOf(provide);
    if ("thrown" in outcome) {
      checkError(outcome.thrown);
      refuseSecrets(outcome.thrown, secrets);
      mustHold(stored.length === 0, "tokens that were stored and not returned");
    } else mustHold(/^[\x21-\x7e]+$/.test(String(outcome.value)), "a token that no header can carry");
    refuseSecrets(exchanges, secrets);
  },
};
