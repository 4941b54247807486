// An independent relying party (npm openid-client) before one of our simulators.
// Prints the address to open, reads the query of the return, prints what it verified.
import { createInterface } from 'node:readline';
import { Issuer, custom, generators } from 'openid-client';

const setup = JSON.parse(process.argv[2]);
custom.setHttpOptionsDefaults({ timeout: 10_000 });
const issuer = await Issuer.discover(setup.issuer);
const client = new issuer.Client(setup.client, setup.jwks);
const checks = { state: generators.state(), nonce: generators.nonce() };
const asked = { ...setup.parameters, state: checks.state, nonce: checks.nonce };
if (setup.pkce) {
  checks.code_verifier = generators.codeVerifier();
  asked.code_challenge = generators.codeChallenge(checks.code_verifier);
  asked.code_challenge_method = 'S256';
}
console.log(JSON.stringify({ url: client.authorizationUrl(asked) }));

for await (const line of createInterface({ input: process.stdin })) {
  const tokens = await client.callback(setup.client.redirect_uris[0], JSON.parse(line), checks);
  const userinfo = await client.userinfo(tokens);
  const end = client.endSessionUrl({
    id_token_hint: tokens,
    post_logout_redirect_uri: setup.client.post_logout_redirect_uris[0],
    state: 'etat',
  });
  console.log(JSON.stringify({ claims: tokens.claims(), userinfo, end }));
  break;
}
process.exit(0);
