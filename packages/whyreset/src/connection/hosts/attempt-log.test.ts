import { describe, expect, test } from 'vitest';
import { AttemptLog } from './attempt-log.ts';

const attempt = (time: number, accepted: boolean, responder = 0, client = 7, responderPort = 80) => ({
  time,
  accepted,
  responder,
  responderPort,
  client,
});

function logOf(...attempts: ReturnType<typeof attempt>[]): AttemptLog {
  const log = new AttemptLog();
  for (const one of attempts) log.add(one);
  return log;
}

describe('what came at a server after a moment', () => {
  // Written down as connections end, not as they begin.
  const log = logOf(
    attempt(30, true),
    attempt(11, false),
    attempt(5, true),
    attempt(10.5, false),
    attempt(12, true),
  );

  test('the first that it accepted, and what it refused before', () => {
    expect(log.after(0, 10)).toEqual({ firstAccepted: 12, firstRefused: 10.5, refused: 2, exact: true });
    expect(log.after(0, 12)).toEqual({ firstAccepted: 30, firstRefused: -1, refused: 0, exact: true });
    expect(log.after(0, 30)).toMatchObject({ firstAccepted: -1, refused: 0 });
  });

  test('of another server nothing', () => {
    expect(log.after(1, 0)).toMatchObject({ firstAccepted: -1, firstRefused: -1 });
  });
});

test('another server that accepts the same client at the same port', () => {
  const log = logOf(
    attempt(1, false, 0),
    attempt(1.1, true, 1, 8),
    attempt(1.2, true, 2),
    attempt(1.3, true, 3, 7, 81),
  );
  const asked = { responder: 0, responderPort: 80, client: 7 };
  expect(log.acceptedElsewhere(asked, 1, 3, () => false)).toEqual({ responder: 2, time: 1.2 });
  expect(log.acceptedElsewhere(asked, 1, 3, (other) => other === 1)).toEqual({ responder: 1, time: 1.1 });
  expect(log.acceptedElsewhere(asked, 1, 1.15, () => false)).toBeNull();
  expect(log.acceptedElsewhere(asked, 1, 3, null)).toEqual({ responder: 2, time: 1.2 });
  expect(log.acceptedElsewhere({ ...asked, client: 9 }, 1, 3, null)).toBeNull();
});

test('in bounded memory, and it says when that was too little', () => {
  const log = new AttemptLog();
  for (let i = 0; i < 300_000; i++) log.add(attempt(i, true));
  expect(log.after(0, 5)).toMatchObject({ firstAccepted: 6, exact: false });
});
