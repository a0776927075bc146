import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'botocore (AWS SDK)',
    source: 'botocore 1.3x exceptions.py; aws-sdk-java v2 SdkClientException; aws-sdk-js',
    service: 'http',
    marks: ['pool', 'aws'],
  },
  [
    {
      id: 'boto-closed',
      class: 'EOF',
      ended: 'unclear',
      regexp:
        /\bConnection was closed before we received a valid response from endpoint URL\b|\bConnectionClosedError\b(?!: no close frame)/,
      examples: [
        'botocore.exceptions.ConnectionClosedError: Connection was closed before we received a valid response from endpoint URL: "https://b.s3.amazonaws.com/k".',
      ],
    },
    {
      id: 'boto-connect',
      class: 'REFUSED',
      ended: 'unclear',
      strength: 'cause',
      regexp: /\bEndpointConnectionError\b|\bCould not connect to the endpoint URL\b/,
      examples: [
        'botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "https://sqs.eu-west-1.amazonaws.com/"',
      ],
    },
    {
      id: 'boto-timeout',
      class: 'TIMEOUT',
      regexp: /\bRead timeout on endpoint URL\b/,
      marks: ['own-timeout'],
      examples: [
        'botocore.exceptions.ReadTimeoutError: Read timeout on endpoint URL: "https://lambda.eu-west-1.amazonaws.com/"',
      ],
    },
    {
      id: 'boto-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      regexp: /\bConnect timeout on endpoint URL\b/,
      examples: [
        'botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://sts.amazonaws.com/"',
      ],
    },
    {
      id: 's3-request-timeout',
      class: 'ANSWERED',
      strength: 'decisive',
      program: 'Amazon S3',
      regexp:
        /\bYour socket connection to the server was not read from or written to within the timeout period\b/,
      marks: ['said-slow-request', 'upload'],
      examples: [
        'RequestTimeout: Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
      ],
    },
    {
      id: 's3-entity-too-large',
      class: 'ANSWERED',
      strength: 'decisive',
      program: 'Amazon S3',
      regexp: /\bEntityTooLarge\b/,
      marks: ['said-too-large', 'upload'],
      examples: ['An error occurred (EntityTooLarge) when calling the PutObject operation'],
    },
    {
      id: 'sdk-java-unable',
      class: 'CLOSED',
      strength: 'hint',
      program: 'AWS SDK for Java',
      regexp: /\bUnable to execute HTTP request: \b/,
      says: 'The words behind the colon decide.',
      examples: [
        'software.amazon.awssdk.core.exception.SdkClientException: Unable to execute HTTP request: Connection reset',
      ],
    },
  ],
);
