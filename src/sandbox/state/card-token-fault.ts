/** What is wrong with the token of a card that the client and the command line could not name. */
export const CARD_TOKEN_FAULT = "must be the token of a card, without whitespace around it, and not '.' or '..'";
