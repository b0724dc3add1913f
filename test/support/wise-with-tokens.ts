import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createKioskSimulator, type KioskSimulator, type KioskSimulatorOptions } from "wise-card-kiosk/testing";

/** A simulator together with Wise's token endpoint. */
export interface WiseWithTokens extends AsyncDisposable {
  /** The URL of the server for both. */
  readonly url: string;
  /** The simulator, which also receives requests that do not come through the server. */
  readonly simulator: KioskSimulator;
  /** The access token that is valid for each profile. */
  readonly accessTokens: Map<string, string>;
  /** The statuses with which the token endpoint responds next, instead of tokens. */
  readonly tokenFaults: number[];
}

/**
 * Starts a simulator and a token endpoint on this machine. Each refresh returns a new access token and invalidates the one before.
 * A refresh token is `refresh-<profile>-<number>` and valid for one refresh.
 */
export async function openWiseWithTokens(options: KioskSimulatorOptions): Promise<WiseWithTokens> {
  const accessTokens = new Map<string, string>();
  const refreshes = new Map<string, number>();
  const tokenFaults: number[] = [];
  const simulator = createKioskSimulator({
    acceptsToken: (token, { profileId }) => token === accessTokens.get(profileId),
    ...options,
  });

  function refresh(refreshToken: string): object | undefined {
    const [, profileId = "", number] = refreshToken.split("-");
    const count = (refreshes.get(profileId) ?? 0) + 1;
    if (Number(number) !== count) return undefined;
    refreshes.set(profileId, count);
    const accessToken = `access-${profileId}-${count}`;
    accessTokens.set(profileId, accessToken);
    return { access_token: accessToken, refresh_token: `refresh-${profileId}-${count + 1}`, expires_in: 43_199 };
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const form = new URLSearchParams(body);
    const fault = request.url === "/oauth/token" ? tokenFaults.shift() : undefined;
    if (fault !== undefined) {
      response.writeHead(fault).end();
      return;
    }
    if (request.url === "/oauth/token" && form.get("grant_type") === "refresh_token") {
      const tokens = refresh(form.get("refresh_token") ?? "");
      response.writeHead(tokens === undefined ? 401 : 200).end(JSON.stringify(tokens ?? { error: "invalid_grant" }));
      return;
    }
    const { method = "", url, headers } = request;
    const simulated = await simulator.fetch(`https://wise.invalid${url}`, {
      method,
      headers: headers as Record<string, string>,
      ...(body === "" ? {} : { body }),
    });
    response.writeHead(simulated.status, Object.fromEntries(simulated.headers)).end(await simulated.text());
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    simulator,
    accessTokens,
    tokenFaults,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
