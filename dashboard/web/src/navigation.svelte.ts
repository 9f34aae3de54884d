/** The browser's address as reactive state. */
import { formatRoute, parseRoute, type Route } from './route.ts';

export class Navigation {
  #route = $state.raw<Route>({ screen: 'home' });

  get route(): Route {
    return this.#route;
  }

  /** Follows the browser's back and forward until the signal aborts. */
  start(signal: AbortSignal): void {
    this.#read();
    window.addEventListener('popstate', () => this.#read(), { signal });
  }

  /** Goes to a place; `replace` leaves no trace for the back button, as for a change of view. */
  go(route: Route, how: 'push' | 'replace' = 'push'): void {
    const address = formatRoute(route);
    if (how === 'push') window.history.pushState(null, '', address);
    else window.history.replaceState(null, '', address);
    this.#route = route;
  }

  /** For `onclick` of a link that stays inside the page; a click that opens a new tab is left to the browser. */
  follow(event: MouseEvent, route: Route): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.go(route);
  }

  #read(): void {
    this.#route = parseRoute(window.location.pathname, window.location.search);
  }
}
