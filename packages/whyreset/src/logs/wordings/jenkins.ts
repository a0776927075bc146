import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Jenkins agent',
    source: 'hudson.remoting SynchronousCommandTransport, NioChannelHub; ssh-agents plugin',
    service: 'broker',
  },
  [
    {
      id: 'jenkins-channel',
      class: 'EOF',
      ended: 'unclear',
      stage: 'idle',
      regexp:
        /\bUnexpected termination of the channel\b|\bChannelClosedException\b|\bBacking channel '[^'\n]{1,200}' is disconnected\b/,
      says: 'The connection to the agent ended: its JVM died, or a box between ended it.',
      examples: [
        'java.io.IOException: Unexpected termination of the channel',
        "Caused: java.io.IOException: Backing channel 'agent-5' is disconnected.",
      ],
    },
    {
      id: 'jenkins-ping',
      class: 'SESSION-KILL',
      ended: 'neither',
      stage: 'idle',
      strength: 'decisive',
      marks: ['said-heartbeat'],
      regexp: /\bPing started at \d{1,15} hasn't completed by \d{1,15}\b/,
      examples: [
        "java.util.concurrent.TimeoutException: Ping started at 1700000000000 hasn't completed by 1700000240000",
      ],
    },
  ],
);
