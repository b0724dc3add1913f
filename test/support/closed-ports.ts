/**
 * Ports that refuse connections. No service is assigned to them, and no server gets one of them by asking for any free port. A
 * port that a server has just closed could already belong to the server of another test. `fetch` blocks other low ports.
 */
export const CLOSED_PORTS = [2, 4] as const;

/** A URL whose port refuses connections. */
export const CLOSED_URL = `http://127.0.0.1:${CLOSED_PORTS[0]}`;
