/**
 * Whoever works by keyboard stays where they are: a button that has the focus and is disabled or taken away while its
 * request is under way would leave it to the page, whose beginning is far off.
 */

/**
 * Attached to what holds such buttons, which takes the focus in their place; it goes back to a button that may be used
 * again. Focus that somebody takes elsewhere is left alone.
 */
export function keepFocus(holder: HTMLElement): () => void {
  /** What has the focus, or had it until it was disabled. */
  let last: Element | null = null;
  holder.tabIndex = -1;

  function came({ target }: FocusEvent): void {
    if (target instanceof Element && target !== holder) last = target;
  }

  /** Focus that is lost tells it as focus that is taken away does, while the button changes. */
  function went(): void {
    queueMicrotask(() => {
      if (last !== null && canHaveFocus(last) && !hasFocus(last, holder)) last = null;
    });
  }

  function changed(): void {
    if (last === null || !hasFocus(last, document.body, holder)) return;
    if (!canHaveFocus(last)) {
      if (document.activeElement !== holder) holder.focus({ preventScroll: true });
      if (!last.isConnected) last = null;
    } else if (document.activeElement === holder && last instanceof HTMLElement) {
      last.focus({ preventScroll: true });
    }
  }

  const watch = new MutationObserver(changed);
  watch.observe(holder, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] });
  holder.addEventListener('focusin', came);
  holder.addEventListener('focusout', went);
  return () => {
    watch.disconnect();
    holder.removeEventListener('focusin', came);
    holder.removeEventListener('focusout', went);
  };
}

function hasFocus(...elements: Element[]): boolean {
  return elements.some((element) => document.activeElement === element);
}

function canHaveFocus(element: Element): boolean {
  return element.isConnected && !element.matches(':disabled');
}
