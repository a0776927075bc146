import { defineRule } from '../rule.ts';
import { placesOf, whereOf } from '../say.ts';

export default defineRule({
  id: 'worker-restarts',
  severity: 'warning',
  title: 'Workers that end after a number of requests do not all end at once.',
  why: 'Workers that started together have served about as many requests and restart in the same second. Idle connections of all of them are closed then, and requests that are under way on these meet a RST.',
  sources: ['docs.gunicorn.org max_requests_jitter'],
  bad: [{ title: 'no jitter', files: { Procfile: 'web: gunicorn --max-requests 1000 -b :8000 app:app' } }],
  good: [
    {
      title: 'jitter',
      files: { Procfile: 'web: gunicorn --max-requests 1000 --max-requests-jitter 100 -b :8000 app:app' },
    },
  ],
  hop(hop) {
    const { workerRequests: most, workerRequestsJitter: jitter } = hop.process;
    if (hop.product !== 'gunicorn' || !most || most.value === 0 || (jitter?.value ?? 0) > 0) return null;
    return {
      message: `${hop.name} ends each worker after ${most.value} requests (${most.name}), without jitter`,
      positions: placesOf([most, hop]),
      edits: [
        {
          at: null,
          where: whereOf(hop),
          text: `--max-requests-jitter ${Math.max(1, Math.round(most.value / 10))}`,
        },
      ],
    };
  },
});
