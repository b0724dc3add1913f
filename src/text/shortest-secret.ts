/** A shorter secret could be an ordinary word, and a text without that word would be hard to read. It is not hidden anywhere. */
export const SHORTEST_SECRET = 8;
