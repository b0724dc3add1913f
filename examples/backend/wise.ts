import { createRefreshingToken, type Environment, type TokenProvider, WiseKioskClient } from "wise-card-kiosk";
import { customers } from "./records.js";

const { WISE_ENVIRONMENT = "sandbox", WISE_BASE_URL, WISE_CLIENT_ID = "", WISE_CLIENT_SECRET = "" } = process.env;

/** Wise, or a gateway in front of it. */
const endpoint = {
  environment: WISE_ENVIRONMENT as Environment,
  ...(WISE_BASE_URL === undefined ? {} : { baseUrl: WISE_BASE_URL }),
};

/** Cached, because each provider makes one refresh at a time: a refresh invalidates the customer's previous access token. */
const providers = new Map<string, TokenProvider>();

/** Wise's user tokens belong to a customer, so the client requests one for each profile. */
const token: TokenProvider = (context) => {
  const { profileId } = context;
  const provider = providers.get(profileId) ?? findProvider(profileId);
  providers.set(profileId, provider);
  return provider(context);
};

function findProvider(profileId: string): TokenProvider {
  const customer = customers.get(profileId);
  if (customer === undefined) throw new Error("This customer has not connected a Wise account");
  return createRefreshingToken({
    ...endpoint,
    clientId: WISE_CLIENT_ID,
    clientSecret: WISE_CLIENT_SECRET,
    refreshToken: customer.refreshToken,
    onRefresh: ({ refreshToken }) => customers.set(profileId, { refreshToken }),
  });
}

/** One client for all customers, for the lifetime of the process. A clerk waits at most a minute for each call. */
export const wise = new WiseKioskClient({ ...endpoint, token, deadlineMs: 60_000 });
