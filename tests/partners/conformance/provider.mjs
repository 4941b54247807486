// The engine of both sign-ins (npm oidc-provider), set up from the JSON of its first argument.
// Prints its issuer, then serves until its standard input closes. Everyone is signed in at once as `account`.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const setup = JSON.parse(process.argv[2]);
const prefix = '/api/v2';
const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(`${origin}${prefix}`, {
  clients: [setup.client],
  jwks: setup.jwks,
  acrValues: setup.acrs,
  claims: setup.claims,
  scopes: setup.scopes,
  subjectTypes: setup.encrypted ? ['pairwise'] : ['public'],
  pairwiseIdentifier: async (_, accountId) => `${accountId}v1`,
  responseTypes: ['code'],
  cookies: { keys: ['one key of the test'] },
  pkce: { required: () => false },
  enabledJWA: {
    idTokenSigningAlgValues: ['ES256'],
    userinfoSigningAlgValues: ['ES256'],
    idTokenEncryptionAlgValues: ['ECDH-ES', 'RSA-OAEP', 'RSA-OAEP-256'],
    idTokenEncryptionEncValues: ['A256GCM'],
    userinfoEncryptionAlgValues: ['ECDH-ES', 'RSA-OAEP', 'RSA-OAEP-256'],
    userinfoEncryptionEncValues: ['A256GCM'],
  },
  routes: {
    authorization: '/authorize',
    token: '/token',
    userinfo: '/userinfo',
    jwks: '/jwks',
    end_session: '/session/end',
    revocation: '/token/revocation',
  },
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    encryption: { enabled: setup.encrypted },
    jwtUserinfo: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  ttl: { AuthorizationCode: 30, Grant: 60, AccessToken: 60, IdToken: 60, Interaction: 600, Session: 600 },
  interactions: { url: (_, interaction) => `${prefix}/interaction/${interaction.uid}` },
  findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...setup.account.claims }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      accountId: ctx.oidc.session.accountId,
      clientId: ctx.oidc.client.clientId,
    });
    grant.addOIDCScope(setup.scopes.join(' '));
    grant.addOIDCClaims(Object.values(setup.claims).flatMap((names) => names ?? []).concat('amr', 'acr', 'auth_time'));
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
server.on('request', async (request, response) => {
  if (request.url.startsWith(`${prefix}/interaction/`)) {
    const { sub, acr, amr } = setup.account;
    await provider.interactionFinished(request, response, { login: { accountId: sub, acr, amr } });
    return;
  }
  request.originalUrl = request.url;
  request.url = request.url.slice(prefix.length);
  answer(request, response);
});
process.stdin.on('end', () => process.exit(0)).resume();
console.log(JSON.stringify({ issuer: provider.issuer }));
