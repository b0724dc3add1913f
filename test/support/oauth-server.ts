import type { RefreshedToken, RefreshingTokenOptions } from "wise-card-kiosk";
import { type CompleteRequest, type HttpServer, type Responder, reply, startHttpServer } from "./http-server.js";
import { WISE_EXAMPLES } from "./wise-examples.js";

export const CLIENT_ID = "your-bank";
export const CLIENT_SECRET = "client/secret+0123456789=abcdef";
export const REFRESH_TOKEN = "refresh/token+0123456789=abcdef";

/** A server with Wise's token endpoint and one card. */
export interface OauthServer extends HttpServer {
  /** The requests to the token endpoint so far. */
  readonly refreshes: readonly CompleteRequest[];
  /** The tokens of the requests for the card so far. */
  readonly used: readonly string[];
}

/**
 * Starts a server with a token endpoint that passes its requests to `respond`.
 *
 * @param isAccepted whether the card can be read with a token. Default: with every token.
 */
export async function startOauthServer(
  respond: Responder,
  isAccepted: (token: string) => boolean = () => true,
): Promise<OauthServer> {
  const refreshes: CompleteRequest[] = [];
  const used: string[] = [];
  const server = await startHttpServer((response, request) => {
    if (request.path.endsWith("/oauth/token")) {
      refreshes.push(request);
      return respond(response, request);
    }
    const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
    used.push(token);
    const respondToRead = isAccepted(token) ? reply(200, WISE_EXAMPLES.ready) : reply(401, { error: "invalid_token" });
    respondToRead(response, request);
  });
  return Object.assign(server, { refreshes, used });
}

/** Returns Wise's documented response to a refresh. The tokens are numbered from 1, unless `fields` contains others. */
export function newTokens(fields: Record<string, unknown> = {}): Responder {
  let count = 0;
  return (response, request) => {
    count += 1;
    const body = {
      access_token: `access-${count}`,
      token_type: "bearer",
      refresh_token: `refresh-${count}`,
      expires_in: 43199,
      expires_at: "2025-04-11T03:43:28.148Z",
      refresh_token_expires_in: 628639555,
      refresh_token_expires_at: "2045-03-12T13:49:23.552Z",
      scope: "transfers",
      created_at: "2020-01-01T12:33:33.12345Z",
      ...fields,
    };
    reply(200, body)(response, request);
  };
}

/** Returns options for the refreshing token of one customer, with the tokens that it stores. */
export function optionsFor(
  { url }: { readonly url: string },
  more: Partial<RefreshingTokenOptions> = {},
): RefreshingTokenOptions & { readonly stored: RefreshedToken[] } {
  const stored: RefreshedToken[] = [];
  const options = {
    baseUrl: url,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    refreshToken: REFRESH_TOKEN,
    onRefresh: (tokens) => {
      stored.push(tokens);
    },
    ...more,
  } as RefreshingTokenOptions & { readonly stored: RefreshedToken[] };
  // Not enumerable, and so not an option.
  return Object.defineProperty(options, "stored", { value: stored });
}
