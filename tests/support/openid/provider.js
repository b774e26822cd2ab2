// A real OpenID provider: node-oidc-provider with its quick-start pages, which take any name and password.
// usage: node provider.js PORT CLIENT_ID CLIENT_SECRET REDIRECT_URI
import { Provider } from "oidc-provider";

const [port, clientId, clientSecret, redirectUri] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;

// Who signs in as "ana" is ana@example.com; as "unverified-ana", the provider doesn't vouch for the address.
function findAccount(_context, subject) {
  return {
    accountId: subject,
    claims: () => ({
      sub: subject,
      name: subject.replace(/^\w/, (letter) => letter.toUpperCase()),
      email: `${subject}@example.com`,
      email_verified: !subject.startsWith("unverified-"),
    }),
  };
}

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["only for tests"] },
  findAccount,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
});

provider.listen(Number(port), "127.0.0.1", () => console.log(`ready at ${issuer}`));
