/** A key that is pressed nowhere in particular goes to the field that names it: `data-shortcut="/"`. */
export function listenForShortcuts(): () => void {
  const listen = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const field = document.querySelector<HTMLElement>(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (field === null) return;
    event.preventDefault();
    field.focus();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}

/** In a field of a form, or in an editor that can be written in. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return target.getAttribute('aria-readonly') !== 'true';
  return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
