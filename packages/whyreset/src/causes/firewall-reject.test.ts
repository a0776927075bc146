import { expect, test } from 'vitest';
import { build } from '../evidence/testing/connection.ts';
import { judge } from '../verdict/judge.ts';

const icmp = (reporter: string, code: number) => ({
  number: 2,
  time: 0.01,
  reporter,
  type: 3,
  code,
  mtu: 0,
  about: 'originator' as const,
});

test('an ICMP error that forbids names the box that sent it', () => {
  const { verdict, because } = judge(
    build()
      .client(0, 'S')
      .with({ icmp: [icmp('10.0.9.9', 13)] })
      .subject(),
  );
  expect(verdict).toMatchObject({ cause: 'firewall-reject', sender: 'middlebox', certainty: 'likely' });
  expect(because[0]?.says).toBe(
    '10.0.9.9 answered the SYN with ICMP 3/13, communication administratively prohibited',
  );
  expect(because[0]?.packets).toEqual([1, 2]);
});

test('the server host may have a filter of its own', () => {
  const { verdict } = judge(
    build()
      .client(0, 'S')
      .with({ icmp: [icmp('10.0.0.2', 3)] })
      .subject(),
  );
  expect(verdict).toMatchObject({ cause: 'firewall-reject', sender: 'responder' });
});

test('other ICMP errors are no rejection', () => {
  const { verdict } = judge(
    build()
      .client(0, 'S')
      .with({ icmp: [icmp('10.0.9.9', 1)] })
      .subject(),
  );
  expect(verdict.cause).not.toBe('firewall-reject');
});

test('without any other packet of the server a refusal stays with the closed port', () => {
  const { verdict, alternatives } = judge(
    build()
      .client(0, 'S')
      .server(0.02, 'R.', { seq: -3_000_000_000, window: 0, ipId: 0, plain: true })
      .subject(),
  );
  expect(verdict).toMatchObject({ cause: 'no-listener', certainty: 'possible' });
  expect(alternatives.map((a) => a.cause)).toContain('firewall-reject');
});
