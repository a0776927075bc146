import { useState } from 'preact/hooks';

/** Old browsers, and pages without the right to the clipboard, copy what is selected. */
function copySelected(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [state, setState] = useState<'ready' | 'done' | 'failed'>('ready');
  const copy = async () => {
    setState((await copyText(text)) ? 'done' : 'failed');
    setTimeout(() => setState('ready'), 1600);
  };
  return (
    <button type="button" class="quiet" onClick={copy}>
      {state === 'ready' ? label : state === 'done' ? 'Copied' : 'Not copied'}
    </button>
  );
}
