/** What a provider receives in addition to the context of its call. */
interface ProviderRequest {
  readonly rejectedToken?: string;
  readonly signal?: AbortSignal;
}

/** A token provider, whatever its context. Only {@link createTokenSource} accepts one, together with its context. */
export type AnyTokenProvider = (context: never) => string | Promise<string>;

/** Where the tokens of a call come from. */
export interface TokenSource {
  /** The token, or its provider. */
  readonly token: string | AnyTokenProvider;
  /** Who owns the tokens: a profile or an application. No two owners ever share a refresh. */
  readonly owner: string;
  /** What the provider receives with every request for a token. */
  readonly context: object;
}

/** Creates the source of the tokens of a call from a token or a provider, and the context of that provider. */
export function createTokenSource<C extends object>(
  token: string | ((context: C & ProviderRequest) => string | Promise<string>),
  owner: string,
  context: C,
): TokenSource {
  return { token, owner, context };
}
