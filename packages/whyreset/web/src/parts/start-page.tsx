import { useRef, useState } from 'preact/hooks';
import { examples, filesOf } from '../model/examples.ts';
import type { Question } from '../model/questions.ts';

/** What a visitor meets: a place for a capture, a place for a text, and examples. */
export function StartPage({ ask, failure }: { ask: (question: Question) => void; failure: string | null }) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  return (
    <main class="start">
      <header class="answer">
        <h1>Who reset the connection, and why?</h1>
        <p class="lede">
          Drop a packet capture here. It is read on this page, in this browser; nothing is sent anywhere. Two
          captures of the same time, one from each end, are compared.
        </p>
      </header>
      {failure !== null && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      <div class="places">
        <section class="place">
          <h2>A capture</h2>
          <p>pcap or pcapng, plain, gzip or zstd; or packets as text of tcpdump, tshark or Wireshark.</p>
          <p>
            <button type="button" class="primary" onClick={() => input.current!.click()}>
              Choose files
            </button>{' '}
            <span class="hint">or drop them anywhere on this page</span>
          </p>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            aria-label="Capture files"
            onChange={(event) => {
              const files = [...(event.currentTarget.files ?? [])].map((file) => ({ name: file.name, file }));
              event.currentTarget.value = '';
              if (files.length > 0) ask({ kind: 'files', files });
            }}
          />
        </section>
        <form
          class="place"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() !== '') ask({ kind: 'text', text });
          }}
        >
          <h2>
            <label for="pasted">A text</label>
          </h2>
          <textarea
            id="pasted"
            rows={4}
            spellcheck={false}
            placeholder={'Error: read ECONNRESET\nor lines of tcpdump'}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <button type="submit" class="primary" disabled={text.trim() === ''}>
            Explain it
          </button>
        </form>
      </div>
      <section class="examples">
        <h2>Or look at one of these first</h2>
        <div>
          {examples.map((example) => (
            <button
              type="button"
              key={example.title}
              class="card"
              onClick={() => ask({ kind: 'files', files: filesOf(example) })}
            >
              <strong>{example.title}</strong>
              <span class="of">{example.text}</span>
            </button>
          ))}
        </div>
      </section>
    </main>
  );
}
