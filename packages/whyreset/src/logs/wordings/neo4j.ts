import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Neo4j driver',
    source: 'neo4j Python, Java, JavaScript drivers 4 and 5',
    service: 'database',
    marks: ['pool'],
  },
  [
    {
      id: 'neo4j-defunct',
      class: 'FOUND-CLOSED',
      regexp:
        /\bFailed to (?:read from|write (?:data )?to) (?:defunct|closed) connection\b|\bSessionExpired\b|\bConnection was closed by server\b/,
      examples: [
        "neobolt.exceptions.ServiceUnavailable: Failed to read from defunct connection Address(host='graph', port=7687)",
        'Neo4jError: Connection was closed by server',
      ],
    },
    {
      id: 'neo4j-unable',
      class: 'CLOSED',
      strength: 'cause',
      regexp:
        /\bServiceUnavailable(?:Exception)?: (?:Unable to connect|Connection to the database terminated|Connection to the database failed)/,
      examples: [
        'org.neo4j.driver.exceptions.ServiceUnavailableException: Connection to the database terminated. Please ensure that your database is listening on the correct host and port',
      ],
    },
  ],
);
