export type Theme = 'system' | 'light' | 'dark';

const KEY = 'dormouse.theme';
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

/** Light, dark, or as the machine has it; remembered on this machine. */
class ThemeChoice {
  current: Theme = $state(remembered());

  constructor() {
    this.#apply();
  }

  next(): void {
    this.current = NEXT[this.current];
    localStorage.setItem(KEY, this.current);
    this.#apply();
  }

  #apply(): void {
    if (this.current === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = this.current;
  }
}

function remembered(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export const theme: ThemeChoice = new ThemeChoice();
