/** Light or dark: what the system prefers, until a person chooses on this screen. */

const STORAGE_KEY = 'trame.theme';

export type Theme = 'light' | 'dark';

export class ThemeChoice {
  readonly #systemDark = window.matchMedia('(prefers-color-scheme: dark)');
  #system = $state<Theme>('light');
  #chosen = $state<Theme | null>(null);

  constructor() {
    this.#system = this.#systemDark.matches ? 'dark' : 'light';
    this.#chosen = stored();
    this.#apply();
  }

  get current(): Theme {
    return this.#chosen ?? this.#system;
  }

  start(signal: AbortSignal): void {
    this.#systemDark.addEventListener(
      'change',
      (event) => {
        this.#system = event.matches ? 'dark' : 'light';
      },
      { signal },
    );
  }

  toggle(): void {
    this.#chosen = this.current === 'dark' ? 'light' : 'dark';
    this.#apply();
    store(this.#chosen);
  }

  #apply(): void {
    document.documentElement.style.colorScheme = this.#chosen ?? 'light dark';
  }
}

function stored(): Theme | null {
  try {
    const value = window.localStorage.getItem(STORAGE_KEY);
    return value === 'light' || value === 'dark' ? value : null;
  } catch (error) {
    // Storage may be forbidden by the browser; the choice then lasts as long as the page.
    if (error instanceof DOMException) return null;
    throw error;
  }
}

function store(theme: Theme): void {
  try {
    window.localStorage.setItem(STORAGE_KEY, theme);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
