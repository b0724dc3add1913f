import { type HttpServer, reply, startHttpServer } from "./http-server.js";
import { WISE_EXAMPLES } from "./wise-examples.js";

const OK = reply(200, WISE_EXAMPLES.ready);
const REJECTED = reply(401, { error: "invalid_token" });

/** The token of a request, and the profile for which it is used. */
export interface TokenUse {
  /** The token without `Bearer`. */
  readonly token: string;
  /** The profile in the path of the request. */
  readonly profileId: string;
}

/** A server of the card kiosk collection that accepts or rejects requests by their token. */
export interface TokenServer extends HttpServer {
  /** The tokens that have arrived, in order. */
  readonly tokens: readonly string[];
}

/**
 * Starts a server that responds with 200 to requests with an accepted token, and with 401 to the others.
 *
 * @param accepts whether a token is accepted. The response waits for it.
 */
export async function startTokenServer(accepts: (use: TokenUse) => boolean | Promise<boolean>): Promise<TokenServer> {
  const tokens: string[] = [];
  const server = await startHttpServer((response, request) => {
    const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
    const profileId = request.path.split("/").at(-4) ?? "";
    tokens.push(token);
    const respond = (isAccepted: boolean) => (isAccepted ? OK : REJECTED)(response, request);
    Promise.resolve(accepts({ token, profileId })).then(respond, () => response.destroy());
  });
  return Object.assign(server, { tokens });
}
