import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { PageData } from '../model/page-data.ts';
import { extentOf } from './time-strip.tsx';
import { counted, spanText } from './words.tsx';

type Theme = 'auto' | 'light' | 'dark';
const NEXT: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' };

function ThemeButton() {
  const [theme, setTheme] = useState<Theme>('auto');
  const change = () => {
    const next = NEXT[theme];
    setTheme(next);
    if (next === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  };
  return (
    <button type="button" class="quiet" onClick={change} aria-label={`Theme: ${theme}. Change it.`}>
      {theme === 'auto' ? 'Theme' : theme === 'light' ? 'Light' : 'Dark'}
    </button>
  );
}

export function TopBar({ data, children }: { data: PageData | null; children?: ComponentChildren }) {
  const [from, to] =
    data === null || data.rows.length === 0 ? [null, null] : extentOf(data.rows.map(({ time }) => time));
  const packets = data?.inputs.reduce((sum, input) => sum + input.packets, 0) ?? 0;
  return (
    <header class="top">
      <b>whyreset</b>
      {data !== null && (
        <span class="what">
          {data.inputs.map(({ name }) => name.split('/').at(-1)).join(', ')} · {counted(packets, 'packet')}
          {from !== null && to !== null && ` · ${spanText(from, to)}`}
        </span>
      )}
      <span class="grow" />
      {children}
      <ThemeButton />
    </header>
  );
}
