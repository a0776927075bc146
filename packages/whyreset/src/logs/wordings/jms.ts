import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'ActiveMQ, IBM MQ',
    source: 'activemq transport/AbstractInactivityMonitor.java, TransportConnection; IBM MQ AMQ messages',
    service: 'broker',
  },
  [
    {
      id: 'activemq-inactive',
      program: 'ActiveMQ',
      class: 'SESSION-KILL',
      ended: 'neither',
      strength: 'decisive',
      stage: 'idle',
      marks: ['said-heartbeat'],
      regexp: /\bChannel was inactive for too \(>\d{1,9}\) long\b/,
      says: 'wireFormat.maxInactivityDuration (30 s): neither data nor keep-alive came.',
      examples: ['Channel was inactive for too (>30000) long: tcp://10.0.0.9:51230'],
    },
    {
      id: 'activemq-failed',
      program: 'ActiveMQ',
      class: 'CLIENT-GONE',
      reporter: 'server',
      stage: 'idle',
      regexp:
        /\bTransport Connection to: tcp:\/\/\S{3,80} failed: java\.(?:io\.EOFException|net\.SocketException)[^\n]{0,60}/,
      examples: [
        'Transport Connection to: tcp://10.0.0.9:51230 failed: java.io.EOFException',
        'Transport Connection to: tcp://10.0.0.9:51230 failed: java.net.SocketException: Connection reset',
      ],
    },
    {
      id: 'ibm-mq-broken',
      program: 'IBM MQ',
      class: 'CLOSED',
      stage: 'idle',
      regexp:
        /\bAMQ920[6-9]E?\b|\b2009 ?\(?MQRC_CONNECTION_BROKEN\b|\bMQRC_CONNECTION_BROKEN\b|\breason(?: code)? '?2009'?\b/,
      examples: [
        'AMQ9208E: Error on receive from host mq1 (10.0.0.5)',
        "JMSCMQ0002: compcode '2' ('MQCC_FAILED') reason '2009' ('MQRC_CONNECTION_BROKEN').",
      ],
    },
    {
      id: 'ibm-mq-refused',
      program: 'IBM MQ',
      class: 'REFUSED',
      ended: 'unclear',
      regexp: /\b2059 ?\(?MQRC_Q_MGR_NOT_AVAILABLE|\bAMQ9202E?\b|\bMQRC_HOST_NOT_AVAILABLE\b/,
      examples: ['AMQ9202E: Remote host not available, retry later.'],
    },
  ],
);
