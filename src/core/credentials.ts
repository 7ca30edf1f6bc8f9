/**
 * Texts that name a database and may hold its password.
 *
 * @module
 */

const URL_WITH_CREDENTIALS = /:\/\/[^]*(?:@|password=)/i;
const CONNECTION_STRING = /(?:^|\s)password\s*=/i;
const CONNECTION_KEY = /(?:^|\s)(?:host|hostaddr|port|user|dbname)\s*=/i;

/**
 * Tells whether a text looks like a database URL or a connection string with a password. Where one stands in the place of
 * something else, no message may show it.
 *
 * @param text Any text.
 * @returns Whether it does.
 */
export function holdsCredentials(text: string): boolean {
  return URL_WITH_CREDENTIALS.test(text) || (CONNECTION_STRING.test(text) && CONNECTION_KEY.test(text));
}
