import { type HttpServer, reply, startHttpServer } from "./http-server.js";
import { WISE_EXAMPLES } from "./wise-examples.js";

const OK = reply(200, WISE_EXAMPLES.ready);
const REJECTED = reply(401, { error: "invalid_token" });

/** A request, as far as tokens go. */
export interface TokenUse {
  readonly token: string;
  readonly profileId: string;
}

/** A server of the kiosk collection that decides by the token. */
export interface TokenServer extends HttpServer {
  /** The tokens that arrived, in order. */
  readonly tokens: readonly string[];
}

/**
 * Starts a server that answers 200 to the requests whose token is accepted, and 401 to the others.
 *
 * @param accepts may take its time: the answer waits for it.
 */
export async function startTokenServer(accepts: (use: TokenUse) => boolean | Promise<boolean>): Promise<TokenServer> {
  const tokens: string[] = [];
  const server = await startHttpServer((response, request) => {
    const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
    const profileId = request.path.split("/").at(-4) ?? "";
    tokens.push(token);
    const answer = (isAccepted: boolean) => (isAccepted ? OK : REJECTED)(response, request);
    Promise.resolve(accepts({ token, profileId })).then(answer, () => response.destroy());
  });
  return Object.assign(server, { tokens });
}
