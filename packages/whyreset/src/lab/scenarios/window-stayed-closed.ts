import { defineScenario } from '../scenario.ts';
import { accept, connect, listen, send, silence, until } from '../steps.ts';

const truth = { sender: 'server', causes: ['window-stayed-closed'] } as const;

export default defineScenario({
  id: 'window-stayed-closed',
  title: 'A program that never reads',
  shows:
    'The server accepts and reads nothing; its small receive buffer fills. The client’s kernel keeps the rest, asks for room again and again, and is told each time that there is none. No packet ends it.',
  needs: 'namespaces',
  snapLength: 96,
  steps: [
    listen('server', { set: { SO_RCVBUF: 4096 } }),
    connect(),
    accept(),
    send('client', { bytes: 40_000 }),
    until({ unread: 'server', atLeast: 1000 }),
    silence(5, 'the window stays closed'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: null,
    truth: { client: truth, server: truth, both: truth },
  },
});
