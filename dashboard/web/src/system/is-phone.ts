/** Whether this page is shown on a phone, as its browser says it. Who sets a line in motion has to see it. */
const PHONE = /Mobi|iPhone|iPod|Windows Phone|Opera Mini|BlackBerry/u;

interface Hints {
  readonly userAgentData?: { readonly mobile?: boolean };
}

/** The server judges by the same words, and has the last one. */
export function isPhone(browser: Pick<Navigator, 'userAgent'> & Hints): boolean {
  return browser.userAgentData?.mobile === true || PHONE.test(browser.userAgent);
}
