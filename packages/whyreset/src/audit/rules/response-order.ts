import type { Link } from '../model.ts';
import { defineRule } from '../rule.ts';
import { editOf, placesOf, said } from '../say.ts';
import { durationText } from '../units.ts';

export default defineRule({
  id: 'response-order',
  severity: 'warning',
  title: 'A proxy waits for an answer at least as long as the server works on it.',
  why: 'A proxy that gives up first answers 504 and closes the connection, while the server goes on: its answer meets a RST, the work is done and nobody hears of it, and whoever tries again has it done twice.',
  sources: ['nginx.org proxy_read_timeout', 'RFC 9110 §15.6.5'],
  bad: [
    {
      title: 'nginx waits 60 s, the worker may take 120 s',
      files: {
        'nginx.conf': 'http { server { listen 80; location / { proxy_pass http://127.0.0.1:8000; } } }',
        Procfile: 'web: gunicorn --timeout 120 -b 0.0.0.0:8000 app:app',
      },
    },
  ],
  good: [
    {
      title: 'nginx waits longer',
      files: {
        'nginx.conf':
          'http { server { listen 80; location / { proxy_pass http://127.0.0.1:8000; proxy_read_timeout 130s; } } }',
        Procfile: 'web: gunicorn --timeout 120 -b 0.0.0.0:8000 app:app',
      },
    },
  ],
  link({ from, to }: Link) {
    const waits = from.connects.responseTimeout;
    const works = to.accepts.requestTimeout ?? to.connects.responseTimeout;
    // A default of five minutes, as Node's, is no statement about how long the work takes.
    if (
      !waits ||
      !works ||
      works.origin.kind === 'default' ||
      works.value === Number.POSITIVE_INFINITY ||
      waits.value >= works.value
    )
      return null;
    return {
      message: `${said(from, 'waits for an answer', waits, durationText)}; ${said(to, 'may take', works, durationText)}`,
      positions: placesOf([waits, from], [works, to]),
      edits: [
        editOf('connects', from, 'responseTimeout', waits, works.value + 5),
        editOf('accepts', to, 'requestTimeout', works, Math.max(1, waits.value - 5)),
      ].filter((edit) => edit !== null),
    };
  },
});
