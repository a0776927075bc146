import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'LDAP client',
    source: 'JDK com.sun.jndi.ldap, OpenLDAP ldap_err2string, python-ldap, UnboundID',
    service: 'database',
    marks: ['pool'],
  },
  [
    {
      id: 'ldap-closed',
      class: 'FOUND-CLOSED',
      regexp:
        /\bLDAP connection has been closed\b|\bldap[^\n]{0,40}?connection closed\b|\bServiceUnavailableException: \S{1,253}:\d{1,5}; socket closed\b/i,
      examples: ["javax.naming.NamingException: LDAP connection has been closed; remaining name 'ou=people'"],
    },
    {
      id: 'ldap-down',
      class: 'CLOSED',
      strength: 'cause',
      regexp: /\bCan't contact LDAP server\b|\bLDAP Result Code 200\b|\bSERVER_DOWN\b/,
      says: 'LDAP -1 (SERVER_DOWN) stands for a refused, reset, closed or silent connection alike.',
      examples: [
        "ldap.SERVER_DOWN: {'desc': \"Can't contact LDAP server\"}",
        'LDAP Result Code 200 "Network Error": EOF',
      ],
    },
  ],
);
