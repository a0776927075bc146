import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Hadoop, Thrift, Spark, ClickHouse',
    source:
      'hadoop NetUtils.wrapException, thrift TTransportException, spark TransportChannelHandler, ClickHouse ErrorCodes.cpp',
    service: 'database',
  },
  [
    {
      id: 'hadoop-eof',
      program: 'Hadoop',
      class: 'EOF',
      regexp: /\bEnd of File Exception between local host is: /,
      examples: [
        'java.io.EOFException: End of File Exception between local host is: "a/10.0.0.9"; destination host is: "nn":8020; : java.io.EOFException',
      ],
    },
    {
      id: 'hadoop-refused',
      program: 'Hadoop',
      class: 'REFUSED',
      regexp:
        /\bCall From \S{1,253} to \S{1,253} failed on connection exception: java\.net\.ConnectException: Connection refused\b/,
      examples: [
        'Call From a/10.0.0.9 to nn:8020 failed on connection exception: java.net.ConnectException: Connection refused',
      ],
    },
    {
      id: 'thrift-eof',
      program: 'Thrift',
      class: 'EOF',
      marks: ['pool'],
      regexp:
        /\bTSocket read 0 bytes\b|\bTTransportException\b(?!: \w)|\bNo more data to read\b|\bTTransportException: (?:Socket is closed by peer|Cannot read)/m,
      examples: [
        'thriftpy2.transport.base.TTransportException: TSocket read 0 bytes',
        'org.apache.thrift.transport.TTransportException',
      ],
    },
    {
      id: 'spark-quiet',
      program: 'Spark',
      class: 'TIMEOUT',
      marks: ['own-timeout'],
      regexp: /\bhas been quiet for \d{1,9} ms while there are outstanding requests\b/,
      examples: [
        'Connection to node3/10.0.0.5:7337 has been quiet for 120000 ms while there are outstanding requests. Assuming connection is dead',
      ],
    },
    {
      id: 'clickhouse-reset',
      program: 'ClickHouse',
      class: 'RST-READ',
      regexp: /\bCode: 210\b[^\n]{0,120}?Connection reset by peer/,
      marks: ['pool'],
      examples: [
        'Code: 210. DB::NetException: Connection reset by peer, while reading from socket (10.0.0.5:9000)',
      ],
    },
    {
      id: 'clickhouse-eof',
      program: 'ClickHouse',
      class: 'EOF',
      regexp: /\bCode: 32\b[^\n]{0,60}?Attempt to read after eof\b|\bAttempt to read after EOF\b/i,
      marks: ['pool'],
      examples: ['Code: 32. DB::Exception: Attempt to read after eof'],
    },
    {
      id: 'clickhouse-timeout',
      program: 'ClickHouse',
      class: 'TIMEOUT',
      regexp: /\bCode: 209\b|\bSOCKET_TIMEOUT\b/,
      examples: [
        'Code: 209. DB::NetException: Timeout exceeded while reading from socket (10.0.0.5:9000, 300000 ms)',
      ],
    },
  ],
);
